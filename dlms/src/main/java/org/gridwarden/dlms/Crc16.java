package org.gridwarden.dlms;

/**
 * The frame check sequence of HDLC: CRC-16/X.25, polynomial x^16 + x^12 + x^5 + 1, reflected,
 * preset and inverted with ones, sent low byte first (ISO/IEC 13239, annex A).
 */
final class Crc16 {
  private static final char[] TABLE = new char[256];

  static {
    for (int i = 0; i < 256; i++) {
      int c = i;
      for (int bit = 0; bit < 8; bit++) {
        c = (c & 1) != 0 ? c >>> 1 ^ 0x8408 : c >>> 1;
      }
      TABLE[i] = (char) c;
    }
  }

  private Crc16() {}

  /** The check sequence over {@code [from, to)}. */
  static int of(byte[] bytes, int from, int to) {
    int c = 0xFFFF;
    for (int i = from; i < to; i++) {
      c = c >>> 8 ^ TABLE[(c ^ bytes[i]) & 0xFF];
    }
    return c ^ 0xFFFF;
  }

  /** Whether the two bytes at {@code to} are the check sequence over {@code [from, to)}. */
  static boolean matches(byte[] bytes, int from, int to) {
    return of(bytes, from, to) == ((bytes[to] & 0xFF) | (bytes[to + 1] & 0xFF) << 8);
  }
}
