package org.gridwarden.server;

import java.security.SecureRandom;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/**
 * Argon2id (RFC 9106) with OWASP's least parameters: 19 MiB, two passes, one lane. Hashes of before
 * ({@link Pbkdf2Hash}) still match, and are outdated.
 */
final class Argon2Hashing implements PasswordHashing {
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int LANES = 1;
  private static final int MEMORY_KIB = 19 * 1024;
  private static final int PASSES = 2;
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Argon2PasswordEncoder encoder =
      new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, MEMORY_KIB, PASSES);

  @Override
  public String random() {
    return randomText();
  }

  /** Some 115 bits, to be typed. */
  static String randomText() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      if (i > 0 && i % 5 == 0) {
        text.append('-');
      }
      text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  @Override
  public String hash(String password) {
    String hash = encoder.encode(password);
    if (hash == null) {
      throw new IllegalArgumentException("there is no password to hash");
    }
    return hash;
  }

  @Override
  public boolean matches(String password, String hash) {
    return Pbkdf2Hash.is(hash)
        ? Pbkdf2Hash.matches(password, hash)
        : encoder.matches(password, hash);
  }

  @Override
  public boolean outdated(String hash) {
    return Pbkdf2Hash.is(hash) || encoder.upgradeEncoding(hash);
  }
}
