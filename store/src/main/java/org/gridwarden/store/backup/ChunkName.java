package org.gridwarden.store.backup;

import java.util.Arrays;
import java.util.HexFormat;

/** A chunk's name: a MAC over its content, which only who has the recipient's file can reckon. */
final class ChunkName {
  static final int BYTES = 32;

  private final byte[] bytes;

  ChunkName(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a chunk's name has 32 bytes");
    }
    this.bytes = bytes.clone();
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** Where it lies below the chunks' folder. */
  String path() {
    String hex = toString();
    return hex.substring(0, 2) + "/" + hex;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChunkName that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
