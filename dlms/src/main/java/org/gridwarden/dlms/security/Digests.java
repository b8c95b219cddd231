package org.gridwarden.dlms.security;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes that every Java runtime has. */
final class Digests {
  private Digests() {}

  static MessageDigest of(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks " + name, e);
    }
  }

  /** The hash over all parts, one after the other. */
  static byte[] hash(String name, byte[]... parts) {
    MessageDigest digest = of(name);
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }
}
