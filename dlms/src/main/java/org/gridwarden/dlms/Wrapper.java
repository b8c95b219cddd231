package org.gridwarden.dlms;

/**
 * The wrapper that carries APDUs over TCP and UDP (IEC 62056-47, clause 5): version 1, source port,
 * destination port, length, two bytes each. Stateless.
 */
public final class Wrapper {
  /** Bytes before the APDU. */
  public static final int HEADER = 8;

  /** The greatest APDU that fits, in bytes. */
  public static final int MAX_APDU = 0xFFFF;

  /** The wrapper port of a management logical device, and of a meter's pushes (clause 5.3.3). */
  public static final int MANAGEMENT_PORT = 1;

  private static final Found.Damaged TOO_LONG =
      new Found.Damaged("the wrapper's length is above the greatest APDU", HEADER, HEADER);

  private static final Found.Idle EMPTY = new Found.Idle(HEADER);

  private Wrapper() {}

  /**
   * Wraps an APDU.
   *
   * @param sourcePort 0 to 65,535
   * @param destinationPort 0 to 65,535
   * @param apdu at most {@link #MAX_APDU} bytes
   */
  public static byte[] encode(int sourcePort, int destinationPort, byte[] apdu) {
    if (apdu.length > MAX_APDU) {
      throw new IllegalArgumentException(
          "a wrapper carries at most " + MAX_APDU + " bytes, not " + apdu.length);
    }
    byte[] out = new byte[HEADER + apdu.length];
    out[1] = 1;
    put(out, 2, LinkAddress.port(sourcePort).lower());
    put(out, 4, LinkAddress.port(destinationPort).lower());
    put(out, 6, apdu.length);
    System.arraycopy(apdu, 0, out, HEADER, apdu.length);
    return out;
  }

  private static void put(byte[] out, int at, int value) {
    out[at] = (byte) (value >>> 8);
    out[at + 1] = (byte) value;
  }

  /**
   * What begins at {@code at}.
   *
   * @param doubting whether the first byte of the APDU must be a tag that is known, which tells a
   *     wrapper from noise where no check sequence does
   */
  static Found scan(byte[] buf, int at, int end, int maxApdu, boolean doubting, Found.Frame out) {
    if (buf[at] != 0) {
      return Found.NOTHING;
    }
    if (at + 1 >= end) {
      return Found.MORE;
    }
    if (buf[at + 1] != 1) {
      return Found.NOTHING;
    }
    if (at + HEADER >= end) {
      return at + HEADER == end && word(buf, at + 6) == 0 ? EMPTY : Found.MORE;
    }
    int length = word(buf, at + 6);
    if (length == 0) {
      return doubting ? Found.NOTHING : EMPTY;
    }
    if (doubting && !RawApdus.plausible(buf[at + HEADER])) {
      return Found.NOTHING;
    }
    if (length > maxApdu) {
      return TOO_LONG;
    }
    int to = at + HEADER + length;
    if (to > end) {
      return Found.MORE;
    }
    return out.link(
            LinkInfo.Kind.WRAPPER,
            LinkAddress.small(word(buf, at + 2), 2),
            LinkAddress.small(word(buf, at + 4), 2))
        .place(HEADER + length, at + HEADER, to);
  }

  private static int word(byte[] buf, int at) {
    return (buf[at] & 0xFF) << 8 | buf[at + 1] & 0xFF;
  }
}
