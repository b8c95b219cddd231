package org.gridwarden.channel.dlms.gate;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * What goes between head-end and gate: a byte for the kind, four for the length, the content.
 * Immutable.
 *
 * @param content at most {@link #LONGEST} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // within the package, never changed
record GateFrame(Kind kind, byte[] content) {
  /** The longest content, in bytes. */
  static final int LONGEST = 64 << 10;

  private static final int HEAD = 5;

  /** The kinds, by their code. */
  enum Kind {
    /** To the gate: an order under its operator's signature. The first frame, and the only one. */
    ORDER,
    /** To the head-end: an APDU for the meter. */
    SEND,
    /**
     * To the head-end: the meter's next APDU is wanted; within so many milliseconds, four bytes.
     */
    WANT,
    /** To the gate: the APDU that came. */
    CAME,
    /** To the gate: none came. */
    NONE,
    /** To the head-end, the last: the gate's record under its signature. */
    RECORD,
    /** To the head-end, the last: the order is not genuine, nothing was made; why, as UTF-8. */
    REFUSED,
    /** To the head-end, the last: it went wrong on the way, and may be done; how, as UTF-8. */
    BROKEN
  }

  GateFrame {
    if (content.length > LONGEST) {
      throw new IllegalArgumentException("a frame holds at most " + LONGEST + " bytes");
    }
  }

  /** Writes it whole. */
  void to(OutputStream out) throws IOException {
    out.write(
        ByteBuffer.allocate(HEAD + content.length)
            .put((byte) kind.ordinal())
            .putInt(content.length)
            .put(content)
            .array());
    out.flush();
  }

  /**
   * The next frame.
   *
   * @throws EOFException where there is none, or not the whole of it
   * @throws IOException where it is none; nothing was allocated for it then
   */
  static GateFrame from(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int kind = data.readUnsignedByte();
    int length = data.readInt();
    if (kind >= Kind.values().length || length < 0 || length > LONGEST) {
      throw new IOException("what came is no frame of a gate");
    }
    byte[] content = data.readNBytes(length);
    if (content.length < length) {
      throw new EOFException("the frame ends early");
    }
    return new GateFrame(Kind.values()[kind], content);
  }
}
