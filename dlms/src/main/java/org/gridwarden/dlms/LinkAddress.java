package org.gridwarden.dlms;

/**
 * Who sends or receives on a link: an HDLC address of an upper and a lower part (IEC 62056-46,
 * clause 6.4.2), a wrapper port, or an M-Bus transport service access point.
 *
 * @param upper the HDLC upper address (the logical device), 0 to 16,383; 0 on the other links
 * @param lower the HDLC lower address (the physical device), 0 to 16,383, the wrapper port, 0 to
 *     65,535, or the access point, 0 to 255; 0 where an HDLC address of one byte has none
 * @param bytes how many bytes it takes on the wire: 0 none, 1, 2 or 4
 */
public record LinkAddress(int upper, int lower, int bytes) {
  /** Where a link states no address. */
  public static final LinkAddress NONE = new LinkAddress(0, 0, 0);

  private static final LinkAddress[] CLIENTS = new LinkAddress[128];
  private static final LinkAddress[][] SMALL = new LinkAddress[3][256];

  static {
    for (int i = 0; i < 256; i++) {
      SMALL[1][i] = new LinkAddress(0, i, 1);
      SMALL[2][i] = new LinkAddress(0, i, 2);
    }
    for (int i = 0; i < 128; i++) {
      CLIENTS[i] = new LinkAddress(i, 0, 1);
    }
  }

  public LinkAddress {
    if (upper < 0 || upper > 0x3FFF || lower < 0 || lower > 0xFFFF) {
      throw new IllegalArgumentException("no link address has parts " + upper + " and " + lower);
    }
    if (bytes != 0 && bytes != 1 && bytes != 2 && bytes != 4) {
      throw new IllegalArgumentException(
          "a link address has 0, 1, 2 or 4 bytes, not " + bytes + "; three are not allowed");
    }
  }

  /** An HDLC address of one byte, as clients have: 0 to 127. */
  public static LinkAddress hdlc(int upper) {
    return new LinkAddress(part(upper, 0x7F), 0, 1);
  }

  /**
   * An HDLC address of two bytes where both parts are below 128, else of four, as meters have.
   *
   * @param upper 0 to 16,383
   * @param lower 0 to 16,383
   */
  public static LinkAddress hdlc(int upper, int lower) {
    int bytes = upper < 0x80 && lower < 0x80 ? 2 : 4;
    return new LinkAddress(part(upper, 0x3FFF), part(lower, 0x3FFF), bytes);
  }

  /** A wrapper port, 0 to 65,535 (IEC 62056-47, clause 5.3.3). */
  public static LinkAddress port(int port) {
    return new LinkAddress(0, part(port, 0xFFFF), 2);
  }

  /** An M-Bus transport service access point, 0 to 255 (IEC 62056-7-3). */
  public static LinkAddress accessPoint(int point) {
    return new LinkAddress(0, part(point, 0xFF), 1);
  }

  /** The one object for a one-byte HDLC address. */
  static LinkAddress client(int upper) {
    return CLIENTS[upper];
  }

  /** The one object for a port or access point below 256. */
  static LinkAddress small(int lower, int bytes) {
    return lower < 256 ? SMALL[bytes][lower] : new LinkAddress(0, lower, bytes);
  }

  private static int part(int value, int max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(
          "this part of an address is 0 to " + max + ", not " + value);
    }
    return value;
  }

  /** {@code -} for none, {@code 16/1} for two parts, else the one number. */
  @Override
  public String toString() {
    if (bytes == 0) {
      return "-";
    }
    if (upper == 0) {
      return Integer.toString(lower);
    }
    return bytes == 1 ? Integer.toString(upper) : upper + "/" + lower;
  }
}
