package org.gridwarden.dlms;

import java.io.ByteArrayOutputStream;

/**
 * HDLC frames of format type 3 as COSEM uses them (IEC 62056-46, clause 6.4): flag, format with
 * segmentation bit and 11 bits of length, destination and source of 1, 2 or 4 bytes, control,
 * header check, information, frame check, flag. There is no byte stuffing: a frame ends where its
 * length says. Stateless.
 */
public final class HdlcFrames {
  /** The greatest information field that {@link #encode} accepts, in bytes. */
  public static final int MAX_INFORMATION = 2030;

  private static final int FLAG = 0x7E;
  private static final int UNNUMBERED_INFORMATION = 0x03;
  private static final int POLL_FINAL = 0x10;
  private static final byte[] FROM_METER = {(byte) 0xE6, (byte) 0xE7, 0};
  private static final byte[] TO_METER = {(byte) 0xE6, (byte) 0xE6, 0};

  private static final Found.Nothing NOTHING = Found.NOTHING;
  private static final Found.Idle ONE_FLAG = new Found.Idle(1);

  private HdlcFrames() {}

  /** Frames a meter's APDU: LLC header E6 E7 00 and unnumbered information frames. */
  public static byte[] encode(LinkInfo link, byte[] apdu, int maxInformation) {
    return encode(link, apdu, maxInformation, FROM_METER);
  }

  /** Frames an APDU for a meter: LLC header E6 E6 00 and unnumbered information frames. */
  public static byte[] encodeToMeter(LinkInfo link, byte[] apdu, int maxInformation) {
    return encode(link, apdu, maxInformation, TO_METER);
  }

  /**
   * @param maxInformation how many bytes an information field may hold, 4 to {@link
   *     #MAX_INFORMATION}; longer APDUs are segmented
   * @return one or more frames, each between its own flags
   */
  private static byte[] encode(LinkInfo link, byte[] apdu, int maxInformation, byte[] llc) {
    if (maxInformation < 4 || maxInformation > MAX_INFORMATION) {
      throw new IllegalArgumentException(
          "an information field holds 4 to " + MAX_INFORMATION + " bytes, not " + maxInformation);
    }
    byte[] all = new byte[llc.length + apdu.length];
    System.arraycopy(llc, 0, all, 0, llc.length);
    System.arraycopy(apdu, 0, all, llc.length, apdu.length);
    var out = new ByteArrayOutputStream(all.length + 32);
    for (int from = 0; from < all.length; from += maxInformation) {
      int to = Math.min(all.length, from + maxInformation);
      frame(out, link, all, from, to, to < all.length);
    }
    return out.toByteArray();
  }

  private static void frame(
      ByteArrayOutputStream out, LinkInfo link, byte[] info, int from, int to, boolean more) {
    int header = 2 + link.destination().bytes() + link.source().bytes() + 1 + 2;
    byte[] frame = new byte[header + (to - from) + 2];
    int format = 0xA000 | (more ? 0x0800 : 0) | frame.length;
    frame[0] = (byte) (format >>> 8);
    frame[1] = (byte) format;
    int at = putAddress(frame, 2, link.destination());
    at = putAddress(frame, at, link.source());
    frame[at++] = (byte) (more ? UNNUMBERED_INFORMATION : UNNUMBERED_INFORMATION | POLL_FINAL);
    at = putCheck(frame, at);
    System.arraycopy(info, from, frame, at, to - from);
    putCheck(frame, at + to - from);
    out.write(FLAG);
    out.writeBytes(frame);
    out.write(FLAG);
  }

  private static int putCheck(byte[] frame, int at) {
    int crc = Crc16.of(frame, 0, at);
    frame[at] = (byte) crc;
    frame[at + 1] = (byte) (crc >>> 8);
    return at + 2;
  }

  /** Seven bits a byte, the last byte marked by its lowest bit (clause 6.4.2.2). */
  private static int putAddress(byte[] frame, int at, LinkAddress address) {
    switch (address.bytes()) {
      case 1 -> frame[at] = (byte) (address.upper() << 1 | 1);
      case 2 -> {
        frame[at] = (byte) (address.upper() << 1);
        frame[at + 1] = (byte) (address.lower() << 1 | 1);
      }
      case 4 -> {
        frame[at] = (byte) (address.upper() >>> 7 << 1);
        frame[at + 1] = (byte) (address.upper() << 1);
        frame[at + 2] = (byte) (address.lower() >>> 7 << 1);
        frame[at + 3] = (byte) (address.lower() << 1 | 1);
      }
      default -> throw new IllegalArgumentException("an HDLC frame needs both addresses");
    }
    return at + address.bytes();
  }

  /** What begins at {@code at}, where a flag must stand. */
  static Found scan(byte[] buf, int at, int end, Found.Frame out) {
    if (at + 1 >= end) {
      return Found.MORE;
    }
    if (buf[at + 1] == FLAG) {
      return ONE_FLAG; // flags fill the time between frames
    }
    if ((buf[at + 1] & 0xF0) != 0xA0) {
      return NOTHING;
    }
    if (at + 2 >= end) {
      return Found.MORE;
    }
    int length = (buf[at + 1] & 0x07) << 8 | buf[at + 2] & 0xFF;
    int start = at + 1;
    if (length < 7) {
      return NOTHING; // shorter than format, two addresses, control and one check
    }
    int source = addressEnd(buf, start + 2, start + length, end);
    if (source < 0) {
      return source == NEED ? Found.MORE : damaged("an HDLC address has no end", length);
    }
    int control = addressEnd(buf, source, start + length, end);
    if (control == NEED) {
      return Found.MORE;
    }
    // some stacks leave the source out: then the control field stands in its place
    if (control >= 0 && control + 2 >= end && start + length > control + 2) {
      return Found.MORE;
    }
    if (control < 0 || control + 3 > start + length || !Crc16.matches(buf, start, control + 1)) {
      if (source + 2 >= end) {
        return Found.MORE;
      }
      if (source + 3 > start + length || !Crc16.matches(buf, start, source + 1)) {
        return damaged("the HDLC header check (HCS) is wrong", length);
      }
      control = source;
    }
    return body(buf, at, end, length, source, control, out);
  }

  /** The header stands; now the rest. */
  private static Found body(
      byte[] buf, int at, int end, int length, int source, int control, Found.Frame out) {
    int start = at + 1;
    int close = start + length;
    if (close >= end) {
      return Found.MORE;
    }
    if (buf[close] != FLAG) {
      return damaged("the HDLC frame's closing flag is missing", length);
    }
    int info = control + 3;
    if (info == close) {
      return new Found.Idle(length + 1); // no information: the header check is the frame check
    }
    if (info + 2 > close || !Crc16.matches(buf, start, close - 2)) {
      // the header check vouches for the length: go on at the closing flag
      return new Found.Damaged("the HDLC frame check (FCS) is wrong", length + 1, length + 1);
    }
    int field = buf[control] & 0xFF;
    boolean numbered = (field & 1) == 0;
    if (!numbered && (field & ~POLL_FINAL) != UNNUMBERED_INFORMATION) {
      return new Found.Idle(length + 1); // SNRM, UA and the like carry no APDU
    }
    boolean more = (buf[start] & 0x08) != 0;
    return out.link(
            LinkInfo.Kind.HDLC,
            source == control ? LinkAddress.NONE : address(buf, source, control),
            address(buf, start + 2, source))
        .place(length + 1, info, close - 2)
        .segment(more, numbered ? field >>> 1 & 7 : -1, 8);
  }

  private static Found.Damaged damaged(String what, int length) {
    return new Found.Damaged(what, length + 1, 1);
  }

  private static final int NEED = -1;
  private static final int WRONG = -2;

  /** Where an address of 1, 2 or 4 bytes ends, {@link #NEED} or {@link #WRONG}. */
  private static int addressEnd(byte[] buf, int at, int limit, int end) {
    for (int i = 0; i < 4; i++) {
      if (at + i >= limit) {
        return WRONG;
      }
      if (at + i >= end) {
        return NEED;
      }
      if ((buf[at + i] & 1) != 0) {
        return i == 2 ? WRONG : at + i + 1;
      }
    }
    return WRONG;
  }

  private static LinkAddress address(byte[] buf, int from, int to) {
    return switch (to - from) {
      case 1 -> LinkAddress.client((buf[from] & 0xFF) >>> 1);
      case 2 -> new LinkAddress((buf[from] & 0xFF) >>> 1, (buf[from + 1] & 0xFF) >>> 1, 2);
      default ->
          new LinkAddress(
              (buf[from] & 0xFE) << 6 | (buf[from + 1] & 0xFF) >>> 1,
              (buf[from + 2] & 0xFE) << 6 | (buf[from + 3] & 0xFF) >>> 1,
              4);
    };
  }
}
