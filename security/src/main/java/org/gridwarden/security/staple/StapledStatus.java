package org.gridwarden.security.staple;

import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers of OCSP about the office's own certificates, which Java's TLS staples to its handshakes
 * (RFC 6066, 8; RFC 8446, 4.4.2.1).
 *
 * <p>Java's server side cannot be handed an answer: it fetches one from an address, and keeps it
 * for a while. The address that it is given here is of a scheme of this process's own, {@code
 * gridwarden-status:}, behind which there is no listener and no connection, but a call. Where an
 * office cannot answer, its database being away, the handshake goes on without a staple.
 *
 * <p>What Java is told, it is told for the whole process, as it has no other way; whoever sets the
 * same properties on the command line is obeyed. Several offices in one process answer each for
 * their own. Thread-safe.
 */
public final class StapledStatus implements AutoCloseable {
  /** The scheme of the address. */
  static final String SCHEME = "gridwarden-status";

  private static final int LONGEST = 4_096;

  /** So long, seconds, a staple may be older than a revocation of the office's own certificate. */
  private static final String KEPT = "600";

  private static final Map<String, String> SETTINGS =
      Map.of(
          "jdk.tls.server.enableStatusRequestExtension", "true",
          "jdk.tls.stapling.responderURI", SCHEME + "://office",
          // certificates may name an address of their own, where others ask
          "jdk.tls.stapling.responderOverride", "true",
          "jdk.tls.stapling.cacheLifetime", KEPT,
          "jdk.tls.stapling.responseTimeout", "2000");

  private static final List<StapledStatus> OFFICES = new CopyOnWriteArrayList<>();

  private final Office office;

  /** Who answers. */
  public interface Office {
    /**
     * The answer to a question of OCSP, both DER; empty where it is about nothing of this office's.
     */
    Optional<byte[]> status(byte[] question);
  }

  private StapledStatus(Office office) {
    this.office = office;
  }

  /** Contexts of TLS that are made from now on staple what this office says, until it is closed. */
  public static StapledStatus of(Office office) {
    SETTINGS.forEach((name, value) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, value);
      }
    });
    StapledStatus status = new StapledStatus(office);
    OFFICES.add(status);
    return status;
  }

  /** The first answer that any office has. */
  static Optional<byte[]> answer(byte[] question) {
    for (StapledStatus status : OFFICES) {
      Optional<byte[]> answer = status.office.status(question);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  /** The question that stands in an address (RFC 6960, A.1); empty where there is none. */
  static Optional<byte[]> question(URL address) {
    String path = address.getPath();
    if (path.length() < 2 || path.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Base64.getDecoder()
              .decode(
                  URLDecoder.decode(
                      path.substring(1).replace("+", "%2B"), StandardCharsets.US_ASCII)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    OFFICES.remove(this);
  }
}
