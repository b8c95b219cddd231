package org.gridwarden.core;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Bytes that must not be printed: no toString, no serial form, wiped on request. Compares in
 * constant time.
 */
public final class Secret implements AutoCloseable {
  private final byte[] bytes;

  /** Copies. */
  public Secret(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /** A copy, which the caller wipes. */
  public byte[] copy() {
    return bytes.clone();
  }

  /** How many bytes. */
  public int length() {
    return bytes.length;
  }

  /** Overwrites the bytes with zeros. */
  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
  }

  /** The length only: a hash of the bytes would tell something of them. */
  @Override
  public int hashCode() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "Secret[" + bytes.length + " bytes]";
  }
}
