package org.gridwarden.core;

import java.util.Arrays;

/**
 * A firmware image as it is carried to meters. Immutable; its bytes are not copied, since many
 * sessions carry the same at once.
 */
public final class Image {
  private final String name;
  private final byte[] bytes;

  private Image(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /**
   * An image.
   *
   * @param name by which it is told from others, 1 to 64 printable ASCII characters
   * @param bytes at least one; handed over, and not changed any more
   * @throws IllegalArgumentException outside the ranges
   */
  public static Image of(String name, byte[] bytes) {
    if (!name.matches("[!-~]{1,64}") || bytes.length == 0) {
      throw new IllegalArgumentException(
          "an image has a name of 1 to 64 printable characters, and bytes");
    }
    return new Image(name, bytes);
  }

  /** By what it is told from others. */
  public String name() {
    return name;
  }

  /** How long it is, in bytes. */
  public int size() {
    return bytes.length;
  }

  /**
   * A part of it; a copy.
   *
   * @param length in bytes; shorter at its end
   */
  public byte[] part(int from, int length) {
    return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + length));
  }

  @Override
  public String toString() {
    return "Image[" + name + ", " + bytes.length + " bytes]";
  }
}
