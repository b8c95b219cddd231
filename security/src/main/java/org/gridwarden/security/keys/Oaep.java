package org.gridwarden.security.keys;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * EME-OAEP decoding with SHA-256 and MGF1 with SHA-256, no label (RFC 8017, clause 7.1.2, step 3),
 * for keys that decrypt elsewhere and give the encoded message back: Java's PKCS#11 provider knows
 * no OAEP, and some tokens only that with SHA-1. All checks are made, in the same time, whichever
 * fails: who can tell them apart can decrypt (Manger, 2001).
 */
final class Oaep {
  private static final int HASH = 32;

  private Oaep() {}

  /**
   * Decodes a message.
   *
   * @param encoded as long as the modulus; wiped by the caller
   * @return empty where it is none
   */
  static Optional<byte[]> decode(byte[] encoded) {
    int length = encoded.length;
    if (length < 2 * HASH + 2) {
      return Optional.empty();
    }
    byte[] seed = Arrays.copyOfRange(encoded, 1, 1 + HASH);
    byte[] block = Arrays.copyOfRange(encoded, 1 + HASH, length);
    mask(seed, block);
    mask(block, seed);
    byte[] label = sha256(new byte[0]);
    int bad = encoded[0];
    for (int i = 0; i < HASH; i++) {
      bad |= block[i] ^ label[i];
    }
    int at = 0; // of the 01 between padding and message
    int found = 0; // all ones once it was seen
    for (int i = HASH; i < block.length; i++) {
      int b = block[i] & 0xFF;
      int zero = b - 1 >> 31; // all ones for 00
      int one = (b ^ 1) - 1 >> 31; // all ones for 01
      at |= i & one & ~found;
      bad |= ~found & ~zero & ~one;
      found |= one;
    }
    bad |= ~found;
    byte[] message = Arrays.copyOfRange(block, Math.min(at + 1, block.length), block.length);
    Arrays.fill(block, (byte) 0);
    if (bad != 0) {
      Arrays.fill(message, (byte) 0);
      return Optional.empty();
    }
    return Optional.of(message);
  }

  /** Takes the mask that MGF1 makes of one part off the other. */
  private static void mask(byte[] target, byte[] from) {
    byte[] input = Arrays.copyOf(from, from.length + 4);
    for (int block = 0, at = 0; at < target.length; block++) {
      input[from.length] = (byte) (block >>> 24);
      input[from.length + 1] = (byte) (block >>> 16);
      input[from.length + 2] = (byte) (block >>> 8);
      input[from.length + 3] = (byte) block;
      for (byte b : sha256(input)) {
        if (at < target.length) {
          target[at++] ^= b;
        }
      }
    }
    Arrays.fill(input, (byte) 0);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }
}
