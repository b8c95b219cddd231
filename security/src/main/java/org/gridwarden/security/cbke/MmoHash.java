package org.gridwarden.security.cbke;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * The hash that Zigbee makes of AES-128 by Matyas, Meyer and Oseas, and the keyed hash on it
 * (Zigbee specification 05-3474, annex B.4 to B.6). Pure functions.
 */
public final class MmoHash {
  private static final int BLOCK = 16;
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5C;

  private MmoHash() {}

  /**
   * Hashes.
   *
   * @param message shorter than 8,192 bytes: only the short form of the padding is made
   * @return 16 bytes
   */
  public static byte[] of(byte[] message) {
    int padded = (message.length + 1 + 2 + BLOCK - 1) / BLOCK * BLOCK;
    byte[] text = Arrays.copyOf(message, padded);
    text[message.length] = (byte) 0x80;
    int bits = message.length * 8;
    text[padded - 2] = (byte) (bits >>> 8);
    text[padded - 1] = (byte) bits;
    byte[] hash = new byte[BLOCK];
    try {
      Cipher aes = Cipher.getInstance("AES/ECB/NoPadding"); // one block each time
      for (int at = 0; at < padded; at += BLOCK) {
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(hash, "AES"));
        hash = aes.doFinal(text, at, BLOCK);
        for (int i = 0; i < BLOCK; i++) {
          hash[i] ^= text[at + i];
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES", e);
    }
    return hash;
  }

  /** HMAC over this hash: 0x00 gives the key-transport key of a link key, 0x02 its key-load key. */
  public static byte[] keyed(byte[] key, byte... message) {
    return of(joined(key, OUTER, of(joined(key, INNER, message))));
  }

  private static byte[] joined(byte[] key, byte pad, byte[] after) {
    byte[] all = new byte[BLOCK + after.length];
    for (int i = 0; i < BLOCK; i++) {
      all[i] = (byte) (key[i] ^ pad);
    }
    System.arraycopy(after, 0, all, BLOCK, after.length);
    return all;
  }
}
