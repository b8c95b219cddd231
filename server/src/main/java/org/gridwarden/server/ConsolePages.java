package org.gridwarden.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * The console's pages: every address of the console answers with the same document, whose script
 * shows what the address names. It holds no data; that comes over the API, to those who may see it.
 */
@Controller
class ConsolePages {
  private static final String DOCUMENT = "/console/index.html";
  private static final Pattern IMPORT_MAP =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

  private final byte[] document;
  private final String policy;
  private final String etag;

  ConsolePages() {
    document = read();
    String text = new String(document, StandardCharsets.UTF_8);
    Matcher map = IMPORT_MAP.matcher(text);
    if (!map.find()) {
      throw new IllegalStateException(DOCUMENT + " has no import map");
    }
    policy = policy(hash(map.group(1)));
    etag = "\"" + hash(text).replace("=", "") + "\"";
  }

  // an address outside this list is a 404, so that a mistyped file is not answered with a page
  @GetMapping({
    "/",
    "/login",
    "/overview",
    "/meters",
    "/meters/**",
    "/map",
    "/alarms",
    "/events",
    "/cases",
    "/cases/**",
    "/commands",
    "/commands/**",
    "/firmware",
    "/firmware/**",
    "/collection",
    "/analytics",
    "/billing",
    "/billing/**",
    "/own",
    "/own/*",
    "/work",
    "/work/**",
    "/security",
    "/test-bed",
    "/settings",
    "/settings/**"
  })
  ResponseEntity<byte[]> page() {
    return ResponseEntity.ok()
        .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
        .cacheControl(CacheControl.noCache())
        .eTag(etag)
        .header("Content-Security-Policy", policy)
        .body(document);
  }

  /**
   * Scripts and styles from here only. The import map has to stand in the document itself: it is
   * let in by its hash (CSP Level 3, 2.3.1), and nothing else inline is.
   */
  private static String policy(String importMap) {
    return "default-src 'none'; script-src 'self' 'sha256-"
        + importMap
        + "'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self';"
        + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  }

  private static byte[] read() {
    try (InputStream in = ConsolePages.class.getResourceAsStream(DOCUMENT)) {
      if (in == null) {
        throw new IllegalStateException(DOCUMENT + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder().encodeToString(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
