package org.gridwarden.cli;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.security.SecretFiles;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sessions that outlive a command, one a file that only its owner may read: who has logged in need
 * not type password and code with each command. They end at the server as any session does. Not
 * thread-safe.
 */
final class KeptSessions {
  private static final String HEADER = "header";

  private final Path folder;

  private KeptSessions(Path folder) {
    this.folder = folder;
  }

  /** This user's: in memory where the system has such a folder, else in their home. */
  static KeptSessions usual() {
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    return in(
        runtime != null && !runtime.isBlank()
            ? Path.of(runtime, "gridwarden")
            : Path.of(System.getProperty("user.home"), ".cache", "gridwarden"));
  }

  static KeptSessions in(Path folder) {
    return new KeptSessions(folder);
  }

  /**
   * Keeps one.
   *
   * @param url the server's address
   * @param cookies hold what the server gave
   * @param header the header and value that go with each change
   */
  void keep(String url, String user, CookieManager cookies, Map<String, String> header) {
    Map<String, Object> kept = new LinkedHashMap<>();
    for (HttpCookie cookie : cookies.getCookieStore().getCookies()) {
      kept.put(cookie.getName(), cookie.getValue());
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("url", url);
    all.put("user", user);
    all.put("cookies", kept);
    all.put(HEADER, header);
    try {
      SecretFiles.folder(folder);
      SecretFiles.write(
          file(url, user),
          JsonMapper.shared().writeValueAsString(all).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new Failure("the session cannot be kept: " + e.getMessage());
    }
  }

  /**
   * A session that was kept, if there is one: its header; its cookies are put where they are asked
   * from. Whether the server still knows it is another matter.
   */
  Optional<Map<String, String>> find(String url, String user, CookieManager into) {
    Path file = file(url, user);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode kept = JsonMapper.shared().readTree(SecretFiles.read(file));
      if (!kept.path("url").asString("").equals(url)) {
        return Optional.empty();
      }
      URI at = URI.create(url);
      kept.path("cookies")
          .properties()
          .forEach(entry -> {
            HttpCookie cookie = new HttpCookie(entry.getKey(), entry.getValue().asString());
            cookie.setVersion(0); // else it is sent as RFC 2965 has it, which nobody reads
            cookie.setPath("/");
            cookie.setSecure("https".equals(at.getScheme()));
            cookie.setHttpOnly(true);
            into.getCookieStore().add(at, cookie);
          });
      Map<String, String> header = new LinkedHashMap<>();
      kept.path(HEADER)
          .properties()
          .forEach(entry -> header.put(entry.getKey(), entry.getValue().asString()));
      return header.isEmpty() ? Optional.empty() : Optional.of(header);
    } catch (IOException | JacksonException e) {
      throw new Failure(
          "the session in "
              + file
              + " cannot be used: "
              + e.getMessage()
              + "; remove the file and log in again");
    }
  }

  /** Forgets one. */
  void forget(String url, String user) {
    try {
      Files.deleteIfExists(file(url, user));
    } catch (IOException e) {
      throw new Failure("the session cannot be forgotten: " + e.getMessage());
    }
  }

  private Path file(String url, String user) {
    String name = (user + "@" + URI.create(url).getAuthority()).toLowerCase(Locale.ROOT);
    return folder.resolve(JsonRows.encode(name).replace("%", "_") + ".session");
  }
}
