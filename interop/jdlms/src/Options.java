// SPDX-License-Identifier: GPL-3.0-only

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.openmuc.jdlms.AuthenticationMechanism;
import org.openmuc.jdlms.SecuritySuite;
import org.openmuc.jdlms.SecuritySuite.EncryptionMechanism;
import org.openmuc.jdlms.SecuritySuite.SecurityPolicy;
import org.openmuc.jdlms.SecuritySuite.SecuritySuiteBuilder;

/** Words such as port=4059 auth=gmac, as a program was given them. */
record Options(Map<String, String> words) {
  static Options of(String... words) {
    Map<String, String> all = new HashMap<>();
    for (String word : words) {
      int at = word.indexOf('=');
      if (at < 1) {
        throw new IllegalArgumentException("not name=value: " + word);
      }
      all.put(word.substring(0, at), word.substring(at + 1));
    }
    return new Options(all);
  }

  boolean has(String name) {
    return words.containsKey(name);
  }

  String text(String name, String otherwise) {
    return words.getOrDefault(name, otherwise);
  }

  int number(String name, int otherwise) {
    return has(name) ? Integer.parseInt(words.get(name)) : otherwise;
  }

  /** Hexadecimal digits; of length 0 where there are none. */
  byte[] bytes(String name) {
    return HexFormat.of().parseHex(words.getOrDefault(name, ""));
  }

  /** auth=none|lls|gmac: that is all that the library knows. */
  String auth() {
    return text("auth", "none");
  }

  /** client=N; else 16 without a mechanism, 17 with a password, 18 with more. */
  int client() {
    return number(
        "client",
        switch (auth()) {
          case "none" -> 16;
          case "lls" -> 17;
          default -> 18;
        });
  }

  SecuritySuite suite(String auth) throws Exception {
    SecuritySuiteBuilder builder = SecuritySuite.builder();
    return switch (auth) {
      case "none" -> builder.build();
      case "lls" ->
          builder
              .setAuthenticationMechanism(AuthenticationMechanism.LOW)
              .setPassword(text("password", "").getBytes("US-ASCII"))
              .build();
      case "gmac" ->
          builder
              .setAuthenticationMechanism(AuthenticationMechanism.HLS5_GMAC)
              .setEncryptionMechanism(EncryptionMechanism.AES_GCM_128)
              .setSecurityPolicy(SecurityPolicy.AUTHENTICATED_AND_ENCRYPTED)
              .setGlobalUnicastEncryptionKey(bytes("key"))
              .setAuthenticationKey(bytes("auth-key"))
              .build();
      default -> throw new IllegalArgumentException("auth is no " + auth);
    };
  }
}
