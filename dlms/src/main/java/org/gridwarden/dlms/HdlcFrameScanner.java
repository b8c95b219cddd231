package org.gridwarden.dlms;

/**
 * Finds and checks one HDLC frame of format type 3 at a place in a buffer (IEC 62056-46, clause
 * 6.4). There is no byte stuffing: a frame ends where its length says, and the header check vouches
 * for the length. Holds what was found last and is filled anew by each scan, so that a stream of
 * tiny frames costs no garbage (C39). Not thread-safe.
 */
public final class HdlcFrameScanner {
  /** What stands at the place. */
  public enum Result {
    /** It may become a frame: more bytes are needed to tell. */
    MORE,
    /** No frame begins here. */
    NOTHING,
    /** A flag that another one follows: they fill the time between frames. */
    FLAG,
    /** A frame that is damaged: {@link #what}, {@link #length} and {@link #skip} say how. */
    DAMAGED,
    /** A good frame. */
    FRAME
  }

  private static final int NEED = -1;
  private static final int WRONG = -2;

  private int start;
  private int length;
  private int skip;
  private String what = "";
  private int source;
  private int control;
  private int octet;
  private boolean segmented;
  private int from;
  private int to;
  private byte[] scanned = {};

  /** What begins at {@code at}, where a flag must stand, before {@code end}. */
  public Result scan(byte[] buf, int at, int end) {
    if (at + 1 >= end) {
      return Result.MORE;
    }
    if (buf[at + 1] == HdlcFrame.FLAG) {
      return Result.FLAG;
    }
    if ((buf[at + 1] & 0xF0) != 0xA0) {
      return Result.NOTHING;
    }
    if (at + 2 >= end) {
      return Result.MORE;
    }
    length = (buf[at + 1] & 0x07) << 8 | (buf[at + 2] & 0xFF);
    start = at + 1;
    if (length < 7) {
      return Result.NOTHING; // shorter than format, two addresses, control and one check
    }
    source = addressEnd(buf, start + 2, start + length, end);
    if (source < 0) {
      return source == NEED ? Result.MORE : damaged("an HDLC address has no end");
    }
    control = addressEnd(buf, source, start + length, end);
    if (control == NEED) {
      return Result.MORE;
    }
    // some stacks leave the source out: then the control field stands in its place
    if (control >= 0 && control + 2 >= end && start + length > control + 2) {
      return Result.MORE;
    }
    if (control < 0 || control + 3 > start + length || !Crc16.matches(buf, start, control + 1)) {
      if (source + 2 >= end) {
        return Result.MORE;
      }
      if (source + 3 > start + length || !Crc16.matches(buf, start, source + 1)) {
        return damaged("the HDLC header check (HCS) is wrong");
      }
      control = source;
    }
    return body(buf, end);
  }

  /** The header stands; now the rest. */
  private Result body(byte[] buf, int end) {
    int close = start + length;
    if (close >= end) {
      return Result.MORE;
    }
    if (buf[close] != HdlcFrame.FLAG) {
      return damaged("the HDLC frame's closing flag is missing");
    }
    from = control + 3;
    to = from;
    if (from != close) { // else there is no information: the header check is the frame check
      if (from + 2 > close || !Crc16.matches(buf, start, close - 2)) {
        damaged("the HDLC frame check (FCS) is wrong");
        // the header check vouches for the length: go on at the closing flag
        skip = length + 1;
        return Result.DAMAGED;
      }
      to = close - 2;
    }
    scanned = buf;
    octet = buf[control] & 0xFF;
    segmented = (buf[start] & 0x08) != 0;
    return Result.FRAME;
  }

  private Result damaged(String fault) {
    what = fault;
    skip = 1;
    return Result.DAMAGED;
  }

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

  /**
   * From the opening flag to before the closing one, which may open the next frame: how many bytes.
   */
  public int length() {
    return length + 1;
  }

  /** Of a damaged frame, how many bytes need not be looked at again; at least 1. */
  public int skip() {
    return skip;
  }

  /** Of a damaged frame, what is wrong: one clause for a person, without any of the bytes. */
  public String what() {
    return what;
  }

  /** The control field, 0 to 255. */
  public int control() {
    return octet;
  }

  /** Whether segments of the same APDU follow. */
  public boolean segmented() {
    return segmented;
  }

  /** Where the information begins in the buffer. */
  public int from() {
    return from;
  }

  /** Where that ends, exclusive; the same place where there is none. */
  public int to() {
    return to;
  }

  /** Whom the frame is for. Good until the buffer changes, as all of it. */
  public LinkAddress destination() {
    return address(start + 2, source);
  }

  /** Who sent it; {@link LinkAddress#NONE} where that was left out. */
  public LinkAddress source() {
    return source == control ? LinkAddress.NONE : address(source, control);
  }

  private LinkAddress address(int begin, int end) {
    byte[] buf = scanned;
    return switch (end - begin) {
      case 1 -> LinkAddress.client((buf[begin] & 0xFF) >>> 1);
      case 2 -> new LinkAddress((buf[begin] & 0xFF) >>> 1, (buf[begin + 1] & 0xFF) >>> 1, 2);
      default ->
          new LinkAddress(
              (buf[begin] & 0xFE) << 6 | (buf[begin + 1] & 0xFF) >>> 1,
              (buf[begin + 2] & 0xFE) << 6 | (buf[begin + 3] & 0xFF) >>> 1,
              4);
    };
  }
}
