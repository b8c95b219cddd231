package org.gridwarden.dlms;

import java.io.ByteArrayOutputStream;

/**
 * APDUs in HDLC frames outside any connection, as pushes come: unnumbered information frames (IEC
 * 62056-46, clause 6.4.3.6). Stateless. For connections, see {@code org.gridwarden.dlms.hdlc}.
 */
public final class HdlcFrames {
  /** The greatest information field that {@link #encode} accepts, in bytes. */
  public static final int MAX_INFORMATION = HdlcFrame.MAX_INFORMATION;

  private static final int UNNUMBERED_INFORMATION = 0x03;
  private static final int POLL_FINAL = 0x10;

  private static final Found.Idle ONE_FLAG = new Found.Idle(1);

  private HdlcFrames() {}

  /** Frames a meter's APDU: LLC header E6 E7 00 and unnumbered information frames. */
  public static byte[] encode(LinkInfo link, byte[] apdu, int maxInformation) {
    return encode(link, maxInformation, Llc.fromMeter(apdu));
  }

  /** Frames an APDU for a meter: LLC header E6 E6 00 and unnumbered information frames. */
  public static byte[] encodeToMeter(LinkInfo link, byte[] apdu, int maxInformation) {
    return encode(link, maxInformation, Llc.toMeter(apdu));
  }

  /**
   * @param maxInformation how many bytes an information field may hold, 4 to {@link
   *     #MAX_INFORMATION}; longer APDUs are segmented
   * @return one or more frames, each between its own flags
   */
  private static byte[] encode(LinkInfo link, int maxInformation, byte[] all) {
    Ranges.check(maxInformation, 4, MAX_INFORMATION, "the greatest information field");
    var out = new ByteArrayOutputStream(all.length + 32);
    for (int from = 0; from < all.length; from += maxInformation) {
      int to = Math.min(all.length, from + maxInformation);
      boolean more = to < all.length;
      int control = more ? UNNUMBERED_INFORMATION : UNNUMBERED_INFORMATION | POLL_FINAL;
      out.writeBytes(
          HdlcFrame.encode(link.destination(), link.source(), control, more, all, from, to));
    }
    return out.toByteArray();
  }

  /** What begins at {@code at}, where a flag must stand. */
  static Found scan(byte[] buf, int at, int end, Found.Frame out) {
    HdlcFrameScanner scanner = out.hdlc();
    return switch (scanner.scan(buf, at, end)) {
      case MORE -> Found.MORE;
      case NOTHING -> Found.NOTHING;
      case FLAG -> ONE_FLAG;
      case DAMAGED -> new Found.Damaged(scanner.what(), scanner.length(), scanner.skip());
      case FRAME -> carried(scanner, out);
    };
  }

  private static Found carried(HdlcFrameScanner scanner, Found.Frame out) {
    int field = scanner.control();
    boolean numbered = (field & 1) == 0;
    boolean unnumbered = (field & ~POLL_FINAL) == UNNUMBERED_INFORMATION;
    if (scanner.from() == scanner.to() || (!numbered && !unnumbered)) {
      return new Found.Idle(scanner.length()); // SNRM, UA and the like carry no APDU
    }
    return out.link(LinkInfo.Kind.HDLC, scanner.source(), scanner.destination())
        .place(scanner.length(), scanner.from(), scanner.to())
        .segment(scanner.segmented(), numbered ? field >>> 1 & 7 : -1, 8);
  }
}
