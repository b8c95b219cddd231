package org.gridwarden.dlms;

/** Range checks, in one place. */
final class Ranges {
  private Ranges() {}

  static void check(long value, long least, long most, String what) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(what + " is " + least + " to " + most + ", not " + value);
    }
  }
}
