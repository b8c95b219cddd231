package org.gridwarden.dlms.security;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.dlms.DlmsException;

/**
 * AES key wrap (RFC 3394; IEC 62056-5-3, clause 9.2.3.3.8): how keys travel under the master key
 * (KEK). Pure functions; thread-safe.
 */
public final class KeyWrap {
  private KeyWrap() {}

  /**
   * Wraps a key.
   *
   * @param master 16 or 32 bytes
   * @param key 16 or 32 bytes
   * @return 8 bytes more than the key
   */
  public static byte[] wrap(byte[] master, byte[] key) {
    requireLength(key, "a key");
    try {
      Cipher cipher = cipher(Cipher.WRAP_MODE, master);
      return cipher.wrap(new SecretKeySpec(key, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES key wrap of the Java runtime refuses a key", e);
    }
  }

  /**
   * Unwraps a key.
   *
   * @param length how long the key has to be: the suite's
   * @throws DlmsException UNAUTHENTICATED where the bytes are not what this master key wrapped, or
   *     hold a key of another length
   */
  public static byte[] unwrap(byte[] master, byte[] wrapped, int length) throws DlmsException {
    if (wrapped.length != length + 8) {
      throw refused();
    }
    try {
      return cipher(Cipher.UNWRAP_MODE, master)
          .unwrap(wrapped, "AES", Cipher.SECRET_KEY)
          .getEncoded();
    } catch (InvalidKeyException e) {
      throw refused();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES key wrap of the Java runtime refuses a key", e);
    }
  }

  private static Cipher cipher(int mode, byte[] master) throws GeneralSecurityException {
    requireLength(master, "a master key");
    Cipher cipher = Cipher.getInstance("AES/KW/NoPadding");
    try {
      cipher.init(mode, new SecretKeySpec(master, "AES"));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("AES key wrap of the Java runtime refuses a key", e);
    }
    return cipher;
  }

  private static void requireLength(byte[] key, String what) {
    if (key.length != 16 && key.length != 32) {
      throw new IllegalArgumentException(what + " has 16 or 32 bytes, not " + key.length);
    }
  }

  private static DlmsException refused() {
    return new DlmsException(
        DlmsException.Kind.UNAUTHENTICATED, 0, "the wrapped key is not genuine");
  }
}
