package org.gridwarden.dlms;

import java.io.ByteArrayOutputStream;

/**
 * Wired M-Bus long frames that carry APDUs (EN 13757-2 for the frame, IEC 62056-7-3 for the
 * transport): 68 L L 68, control, address, control information, source and destination access
 * point, data, sum, 16. The control information 00 to 1F numbers the segments: bits 0 to 3 count,
 * bit 4 marks the last. Stateless.
 */
public final class MBusFrames {
  /** How many bytes of an APDU one frame carries: 255 less control, address, CI and two points. */
  public static final int MAX_SEGMENT = 250;

  private static final int LONG = 0x68;
  private static final int STOP = 0x16;
  private static final int LAST = 0x10;

  /** SND_UD, the control field of a frame that hands data over. */
  private static final int SEND_USER_DATA = 0x53;

  /** The primary address to which all listen and none answers. */
  private static final int BROADCAST = 0xFF;

  // made once, by length: noise of 68 in a row is damaged at every byte
  private static final Found.Damaged[] NO_STOP = new Found.Damaged[256];
  private static final Found.Damaged[] WRONG_SUM = new Found.Damaged[256];
  private static final Found.Damaged[] NO_DLMS = new Found.Damaged[256];

  static {
    for (int length = 0; length < 256; length++) {
      int whole = length + 6;
      NO_STOP[length] = new Found.Damaged("the M-Bus frame's stop byte is missing", whole, 1);
      WRONG_SUM[length] = new Found.Damaged("the M-Bus frame's check sum is wrong", whole, 1);
      NO_DLMS[length] =
          new Found.Damaged(
              "the M-Bus frame carries no DLMS (its CI is not 00 to 1F)", whole, whole);
    }
  }

  private MBusFrames() {}

  /**
   * Frames an APDU, in as many frames as it takes.
   *
   * @param link its addresses are access points
   * @param apdu at most 16 segments of 250 bytes count without beginning again; longer ones do
   */
  public static byte[] encode(LinkInfo link, byte[] apdu) {
    var out = new ByteArrayOutputStream(apdu.length + 32);
    int sequence = 0;
    int from = 0;
    do {
      int to = Math.min(apdu.length, from + MAX_SEGMENT);
      frame(out, link, apdu, from, to, sequence | (to == apdu.length ? LAST : 0));
      sequence = sequence + 1 & 0x0F;
      from = to;
    } while (from < apdu.length);
    return out.toByteArray();
  }

  private static void frame(
      ByteArrayOutputStream out, LinkInfo link, byte[] apdu, int from, int to, int information) {
    byte[] body = new byte[5 + to - from];
    body[0] = SEND_USER_DATA;
    body[1] = (byte) BROADCAST;
    body[2] = (byte) information;
    body[3] = (byte) link.source().lower();
    body[4] = (byte) link.destination().lower();
    System.arraycopy(apdu, from, body, 5, to - from);
    out.write(LONG);
    out.write(body.length);
    out.write(body.length);
    out.write(LONG);
    out.writeBytes(body);
    out.write(sum(body, 0, body.length));
    out.write(STOP);
  }

  private static int sum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += bytes[i];
    }
    return sum & 0xFF;
  }

  /** What begins at {@code at}, where 68 must stand. */
  static Found scan(byte[] buf, int at, int end, Found.Frame out) {
    int left = end - at;
    int length = left > 1 ? buf[at + 1] & 0xFF : 3;
    if (length < 3 || left > 2 && buf[at + 2] != buf[at + 1] || left > 3 && buf[at + 3] != LONG) {
      return Found.NOTHING;
    }
    int whole = length + 6;
    if (left < whole) {
      return Found.MORE;
    }
    int body = at + 4;
    if (buf[at + whole - 1] != STOP) {
      return NO_STOP[length];
    }
    if (sum(buf, body, body + length) != (buf[body + length] & 0xFF)) {
      return WRONG_SUM[length];
    }
    int information = buf[body + 2] & 0xFF;
    if (information > 0x1F || length < 5) {
      return NO_DLMS[length];
    }
    boolean more = (information & LAST) == 0;
    return out.link(
            LinkInfo.Kind.MBUS,
            LinkAddress.small(buf[body + 3] & 0xFF, 1),
            LinkAddress.small(buf[body + 4] & 0xFF, 1))
        .place(whole, body + 5, body + length)
        .segment(more, information & 0x0F, 16);
  }
}
