package org.gridwarden.server;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.gridwarden.security.OfficeKey;

/**
 * PBKDF2 with HMAC-SHA-512 (RFC 8018), as {@code pbkdf2-sha512$rounds$salt$hash}: how hashes were
 * made before Argon2id, and how the FIPS distribution makes them.
 */
final class Pbkdf2Hash {
  private static final String KIND = "pbkdf2-sha512$";
  private static final int BITS = 256;
  private static final int SALT = 16;
  private static final int ROUNDS = 210_000;

  private Pbkdf2Hash() {}

  /** A new hash. */
  static String make(String password) {
    byte[] salt = new byte[SALT];
    OfficeKey.random().nextBytes(salt);
    Base64.Encoder base64 = Base64.getEncoder();
    return KIND
        + ROUNDS
        + "$"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(derive(password, salt, ROUNDS));
  }

  static boolean is(String hash) {
    return hash.startsWith(KIND);
  }

  static boolean matches(String password, String hash) {
    String[] parts = hash.split("\\$", -1);
    if (parts.length != 4) {
      return false;
    }
    byte[] salt = Base64.getDecoder().decode(parts[2]);
    byte[] derived = derive(password, salt, Integer.parseInt(parts[1]));
    return MessageDigest.isEqual(derived, Base64.getDecoder().decode(parts[3]));
  }

  private static byte[] derive(String password, byte[] salt, int rounds) {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no PBKDF2", e);
    } finally {
      spec.clearPassword();
    }
  }
}
