package org.gridwarden.dlms.hdlc;

import java.io.ByteArrayOutputStream;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HdlcFrame;

/**
 * What the two sides of a connection agree upon in SNRM and UA (IEC 62056-46, clause 6.4.4.4.3.2),
 * as seen by one of them.
 *
 * @param maxTransmit the greatest information field it sends, in bytes, 32 to 2030
 * @param maxReceive the greatest it takes, in bytes, 32 to 2030
 * @param windowTransmit how many frames it sends before it waits for an acknowledgement, 1 to 7
 * @param windowReceive how many it takes at once, 1 to 7
 */
public record HdlcParameters(
    int maxTransmit, int maxReceive, int windowTransmit, int windowReceive) {
  /** What holds where nothing is said: 128 bytes, one frame. */
  public static final HdlcParameters DEFAULT = new HdlcParameters(128, 128, 1, 1);

  /** The most that HDLC allows: 2030 bytes, seven frames. */
  public static final HdlcParameters GREATEST =
      new HdlcParameters(HdlcFrame.MAX_INFORMATION, HdlcFrame.MAX_INFORMATION, 7, 7);

  private static final int SMALLEST = 32;
  private static final int WINDOWS = 7;
  private static final int FORMAT = 0x81;
  private static final int GROUP = 0x80;
  private static final int MAX_TRANSMIT = 0x05;
  private static final int MAX_RECEIVE = 0x06;
  private static final int WINDOW_TRANSMIT = 0x07;
  private static final int WINDOW_RECEIVE = 0x08;

  public HdlcParameters {
    within(maxTransmit, SMALLEST, HdlcFrame.MAX_INFORMATION, "a greatest information field");
    within(maxReceive, SMALLEST, HdlcFrame.MAX_INFORMATION, "a greatest information field");
    within(windowTransmit, 1, WINDOWS, "a window");
    within(windowReceive, 1, WINDOWS, "a window");
  }

  private static void within(int value, int least, int most, String what) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(what + " is " + least + " to " + most + ", not " + value);
    }
  }

  /** The same both ways. */
  public static HdlcParameters of(int maxInformation, int window) {
    return new HdlcParameters(maxInformation, maxInformation, window, window);
  }

  /**
   * What holds here when the other side has said its own: neither sends more than the other takes.
   */
  public HdlcParameters against(HdlcParameters other) {
    return new HdlcParameters(
        Math.min(maxTransmit, other.maxReceive),
        Math.min(maxReceive, other.maxTransmit),
        Math.min(windowTransmit, other.windowReceive),
        Math.min(windowReceive, other.windowTransmit));
  }

  /** The information field of SNRM or UA: format 81, group 80, four parameters. */
  byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(23);
    length(out, MAX_TRANSMIT, maxTransmit);
    length(out, MAX_RECEIVE, maxReceive);
    window(out, WINDOW_TRANSMIT, windowTransmit);
    window(out, WINDOW_RECEIVE, windowReceive);
    byte[] values = out.toByteArray();
    out.reset();
    out.write(FORMAT);
    out.write(GROUP);
    out.write(values.length);
    out.writeBytes(values);
    return out.toByteArray();
  }

  private static void length(ByteArrayOutputStream out, int what, int value) {
    out.write(what);
    if (value > 0xFF) {
      out.write(2);
      out.write(value >>> 8);
    } else {
      out.write(1);
    }
    out.write(value);
  }

  private static void window(ByteArrayOutputStream out, int what, int value) {
    out.write(what);
    out.write(4);
    out.writeBytes(new byte[] {0, 0, 0, (byte) value});
  }

  /**
   * Reads the information field of SNRM or UA. What it does not say has its default, parameters and
   * groups that are unknown are passed over, and more than HDLC allows is taken as all it allows.
   *
   * @throws DlmsException where it is no such field, or says less than HDLC's least
   */
  static HdlcParameters decode(byte[] field) throws DlmsException {
    if (field.length == 0) {
      return DEFAULT;
    }
    if ((field[0] & 0xFF) != FORMAT) {
      throw malformed(0, "the negotiation's format is not 81");
    }
    int[] values = {
      DEFAULT.maxTransmit, DEFAULT.maxReceive, DEFAULT.windowTransmit, DEFAULT.windowReceive
    };
    int at = 1;
    while (at < field.length) {
      int end = end(field, at);
      if ((field[at] & 0xFF) == GROUP) {
        for (int i = at + 2; i < end; ) {
          int next = end(field, i);
          if (next > end) {
            throw malformed(i, "a parameter ends outside its group");
          }
          int what = field[i] & 0xFF;
          if (what >= MAX_TRANSMIT && what <= WINDOW_RECEIVE) {
            values[what - MAX_TRANSMIT] = value(field, i, next, what >= WINDOW_TRANSMIT);
          }
          i = next;
        }
      }
      at = end;
    }
    return new HdlcParameters(values[0], values[1], values[2], values[3]);
  }

  /** Where what begins here with its name and its length ends. */
  private static int end(byte[] field, int at) throws DlmsException {
    int end = at + 1 < field.length ? at + 2 + (field[at + 1] & 0xFF) : Integer.MAX_VALUE;
    if (end > field.length) {
      throw malformed(at, "the negotiation ends within a parameter");
    }
    return end;
  }

  private static int value(byte[] field, int at, int end, boolean window) throws DlmsException {
    int least = window ? 1 : SMALLEST;
    int most = window ? WINDOWS : HdlcFrame.MAX_INFORMATION;
    int value = 0;
    for (int i = at + 2; i < end; i++) {
      value = Math.min((value << 8) | (field[i] & 0xFF), 0xFFFF);
    }
    if (value < least) {
      throw malformed(at, "a negotiated value of " + value + " is below " + least);
    }
    return Math.min(value, most);
  }

  private static DlmsException malformed(int at, String what) {
    return new DlmsException(DlmsException.Kind.MALFORMED, at, what);
  }
}
