package org.gridwarden.security.keys;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.UnusableKeyException;

/**
 * Wraps a new key under a meter's master key: AES key wrap (RFC 3394), as the Green Book has it for
 * key transfer. What is wrapped says by itself whether it was altered. Pure functions.
 */
public final class MasterWrap {
  private static final int OVERHEAD = 8;

  private MasterWrap() {}

  /** A new key of so many bytes, from the DRBG of SP 800-90A. */
  public static Secret fresh(int length) {
    byte[] bytes = new byte[length];
    OfficeKey.random().nextBytes(bytes);
    Secret key = new Secret(bytes);
    Arrays.fill(bytes, (byte) 0);
    return key;
  }

  /**
   * Wraps a key.
   *
   * @param master 16 or 32 bytes
   * @param key 16 or 32 bytes
   * @return 8 bytes more than the key has
   */
  public static byte[] wrap(Secret master, Secret key) {
    byte[] under = master.copy();
    byte[] plain = key.copy();
    try {
      Cipher cipher = Cipher.getInstance("AES/KW/NoPadding");
      cipher.init(Cipher.WRAP_MODE, new SecretKeySpec(under, "AES"));
      return cipher.wrap(new SecretKeySpec(plain, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a key of " + key.length() + " bytes is not wrapped", e);
    } finally {
      Arrays.fill(under, (byte) 0);
      Arrays.fill(plain, (byte) 0);
    }
  }

  /**
   * Opens a wrapped key.
   *
   * @throws UnusableKeyException where it was wrapped under another key, or altered
   */
  public static Secret unwrap(Secret master, byte[] wrapped) throws UnusableKeyException {
    if (wrapped.length != 16 + OVERHEAD && wrapped.length != 32 + OVERHEAD) {
      throw new UnusableKeyException("a wrapped key has 24 or 40 bytes");
    }
    byte[] under = master.copy();
    byte[] plain = {};
    try {
      Cipher cipher = Cipher.getInstance("AES/KW/NoPadding");
      cipher.init(Cipher.UNWRAP_MODE, new SecretKeySpec(under, "AES"));
      plain = cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY).getEncoded();
      return new Secret(plain);
    } catch (GeneralSecurityException e) {
      throw new UnusableKeyException("the key is not wrapped under this meter's master key");
    } finally {
      Arrays.fill(under, (byte) 0);
      Arrays.fill(plain, (byte) 0);
    }
  }
}
