package org.gridwarden.server;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Hashes as they were made before Argon2id: PBKDF2 with HMAC-SHA-512 (RFC 8018), as {@code
 * pbkdf2-sha512$rounds$salt$hash}. They are checked, and made no more.
 */
final class Pbkdf2Hash {
  private static final String KIND = "pbkdf2-sha512$";
  private static final int BITS = 256;

  private Pbkdf2Hash() {}

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
