package org.gridwarden.simulator.zigbee.security;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * CCM* with AES-128 (IEEE 802.15.4-2006, annex B.3.2): CCM whose tag may also be missing. Nonces of
 * 13 bytes, a length field of 2. Pure functions.
 */
public final class CcmStar {
  public static final int NONCE = 13;

  private static final int BLOCK = 16;

  private static final ThreadLocal<Keyed> LAST = new ThreadLocal<>();

  private record Keyed(byte[] key, Cipher aes) {}

  private CcmStar() {}

  /**
   * Encrypts and authenticates.
   *
   * @param mic how many bytes of tag follow the ciphertext: 0, 4, 8 or 16
   */
  public static byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plain, int mic) {
    Cipher aes = aes(key);
    byte[] tag = tag(aes, nonce, aad, plain, mic);
    byte[] out = Arrays.copyOf(plain, plain.length + mic);
    counter(aes, nonce, out, plain.length);
    byte[] mask = block(aes, counterBlock(nonce, 0));
    for (int i = 0; i < mic; i++) {
      out[plain.length + i] = (byte) (tag[i] ^ mask[i]);
    }
    return out;
  }

  /**
   * Opens what {@link #seal} gave.
   *
   * @return empty where it is not genuine
   */
  public static Optional<byte[]> open(
      byte[] key, byte[] nonce, byte[] aad, byte[] sealed, int mic) {
    if (sealed.length < mic) {
      return Optional.empty();
    }
    Cipher aes = aes(key);
    int length = sealed.length - mic;
    byte[] plain = Arrays.copyOf(sealed, length);
    counter(aes, nonce, plain, length);
    byte[] tag = tag(aes, nonce, aad, plain, mic);
    byte[] mask = block(aes, counterBlock(nonce, 0));
    byte[] said = Arrays.copyOfRange(sealed, length, sealed.length);
    for (int i = 0; i < mic; i++) {
      said[i] ^= mask[i];
    }
    return MessageDigest.isEqual(Arrays.copyOf(tag, mic), said)
        ? Optional.of(plain)
        : Optional.empty();
  }

  private static byte[] tag(Cipher aes, byte[] nonce, byte[] aad, byte[] plain, int mic) {
    if (mic == 0) {
      return new byte[0];
    }
    byte[] x = new byte[BLOCK];
    x[0] = (byte) ((aad.length > 0 ? 0x40 : 0) | (mic - 2) / 2 << 3 | 1);
    System.arraycopy(nonce, 0, x, 1, NONCE);
    x[14] = (byte) (plain.length >>> 8);
    x[15] = (byte) plain.length;
    x = block(aes, x);
    if (aad.length > 0) {
      byte[] with = new byte[aad.length + 2];
      with[0] = (byte) (aad.length >>> 8);
      with[1] = (byte) aad.length;
      System.arraycopy(aad, 0, with, 2, aad.length);
      x = chain(aes, x, with);
    }
    return chain(aes, x, plain);
  }

  private static byte[] chain(Cipher aes, byte[] start, byte[] text) {
    byte[] x = start;
    for (int at = 0; at < text.length; at += BLOCK) {
      for (int i = 0; i < BLOCK && at + i < text.length; i++) {
        x[i] ^= text[at + i];
      }
      x = block(aes, x);
    }
    return x;
  }

  private static void counter(Cipher aes, byte[] nonce, byte[] text, int length) {
    for (int at = 0, count = 1; at < length; at += BLOCK, count++) {
      byte[] mask = block(aes, counterBlock(nonce, count));
      for (int i = 0; i < BLOCK && at + i < length; i++) {
        text[at + i] ^= mask[i];
      }
    }
  }

  private static byte[] counterBlock(byte[] nonce, int count) {
    byte[] block = new byte[BLOCK];
    block[0] = 1;
    System.arraycopy(nonce, 0, block, 1, NONCE);
    block[14] = (byte) (count >>> 8);
    block[15] = (byte) count;
    return block;
  }

  private static byte[] block(Cipher aes, byte[] in) {
    try {
      return aes.doFinal(in);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a block of AES is always 16 bytes", e);
    }
  }

  /** AES-128 as a block cipher, keyed; the same again where the key is: a network has one. */
  static Cipher aes(byte[] key) {
    Keyed before = LAST.get();
    if (before != null && Arrays.equals(before.key, key)) {
      return before.aes;
    }
    try {
      Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
      LAST.set(new Keyed(key.clone(), aes));
      return aes;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES", e);
    }
  }
}
