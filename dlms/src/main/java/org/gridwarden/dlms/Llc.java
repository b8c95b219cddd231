package org.gridwarden.dlms;

/**
 * The three bytes of logical link control before an APDU in HDLC: E6 E6 00 to the meter, E6 E7 00
 * from it (IEC 62056-46, clause 5.3).
 */
final class Llc {
  static final int LENGTH = 3;

  private Llc() {}

  /** Whether they stand here. */
  static boolean at(byte[] buf, int from, int to) {
    return to - from >= LENGTH
        && (buf[from] & 0xFF) == 0xE6
        && ((buf[from + 1] & 0xFF) == 0xE6 || (buf[from + 1] & 0xFF) == 0xE7)
        && buf[from + 2] == 0;
  }
}
