package org.gridwarden.core;

import java.util.Arrays;

/**
 * What a meter signed of a day that it measured, under a key that only the meter has; not verified
 * yet. Immutable.
 *
 * @param bytes a COSE_Sign1 message, at most {@value #MOST} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record SignedDay(byte[] bytes) {
  /** So many bytes it has at most. */
  public static final int MOST = 1_024;

  /**
   * @throws IllegalArgumentException where it is empty, or too long
   */
  public SignedDay {
    if (bytes.length == 0 || bytes.length > MOST) {
      throw new IllegalArgumentException("a signed day has 1 to " + MOST + " bytes");
    }
    bytes = bytes.clone();
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedDay that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "SignedDay[" + bytes.length + " bytes]";
  }
}
