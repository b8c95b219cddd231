package org.gridwarden.channel.sip;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Secret;

/**
 * What the field Authorization says by the digest scheme (RFC 7616, RFC 8760), with quality of
 * protection {@code auth}. Immutable.
 */
record Digest(
    Algorithm algorithm,
    String username,
    String nonce,
    String uri,
    String response,
    String cnonce,
    String nc) {
  private static final String SCHEME = "digest ";
  private static final String QUALITY = "auth";
  private static final int LONGEST_COUNT = 8;

  /** By which hash. */
  enum Algorithm {
    SHA_256("SHA-256"),
    /** Where it is allowed, for stacks that know nothing better. */
    MD5("MD5");

    private final String word;

    Algorithm(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }

    private String hash(byte[]... parts) {
      try {
        MessageDigest digest = MessageDigest.getInstance(word);
        for (byte[] part : parts) {
          digest.update(part);
        }
        return HexFormat.of().formatHex(digest.digest());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this Java runtime has no " + word, e);
      }
    }
  }

  /**
   * What a request says for a realm.
   *
   * @return empty where it says nothing, or nothing that is taken here
   * @throws SipException where it is not written as it must be
   */
  static Optional<Digest> of(Fields fields, String realm, boolean md5) throws SipException {
    for (String line : fields.lines("authorization")) {
      if (line.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
        Map<String, String> said = Text.parameters(parts(line.substring(SCHEME.length())));
        Optional<Algorithm> algorithm = algorithm(said.getOrDefault("algorithm", "MD5"), md5);
        if (algorithm.isPresent() && said.getOrDefault("realm", "").equals(realm)) {
          return of(algorithm.get(), said);
        }
      }
    }
    return Optional.empty();
  }

  private static List<String> parts(String text) throws SipException {
    return Text.split(text, ',');
  }

  private static Optional<Algorithm> algorithm(String word, boolean md5) {
    return Arrays.stream(Algorithm.values())
        .filter(a -> a.word.equalsIgnoreCase(word) && (md5 || a != Algorithm.MD5))
        .findFirst();
  }

  private static Optional<Digest> of(Algorithm algorithm, Map<String, String> said) {
    for (String name : List.of("username", "nonce", "uri", "response", "cnonce", "nc")) {
      if (said.getOrDefault(name, "").isEmpty()) {
        return Optional.empty();
      }
    }
    return said.getOrDefault("qop", "").equalsIgnoreCase(QUALITY)
        ? Optional.of(
            new Digest(
                algorithm,
                said.getOrDefault("username", ""),
                said.getOrDefault("nonce", ""),
                said.getOrDefault("uri", ""),
                said.getOrDefault("response", "").toLowerCase(Locale.ROOT),
                said.getOrDefault("cnonce", ""),
                said.getOrDefault("nc", "")))
        : Optional.empty();
  }

  /** The count of its nonce, from 1; 0 where it is none. */
  long count() {
    try {
      return nc.length() == LONGEST_COUNT ? Long.parseLong(nc, 16) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Whether it was made with this password; takes as long whatever is wrong. */
  boolean isBy(Secret password, String realm, String method) {
    byte[] secret = password.copy();
    try {
      String a1 = algorithm.hash(bytes(username + ":" + realm + ":"), secret);
      String a2 = algorithm.hash(bytes(method + ":" + uri));
      String right =
          algorithm.hash(
              bytes(a1 + ":" + nonce + ":" + nc + ":" + cnonce + ":" + QUALITY + ":" + a2));
      return MessageDigest.isEqual(bytes(right), bytes(response));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The challenge that asks for one. */
  static String challenge(Algorithm algorithm, String realm, String nonce, boolean stale) {
    return "Digest realm=\""
        + realm
        + "\", nonce=\""
        + nonce
        + "\", algorithm="
        + algorithm.word
        + ", qop=\"auth\""
        + (stale ? ", stale=true" : "");
  }
}
