package org.gridwarden.channel.amqp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts what comes into protocol headers and frames (AMQP 1.0, part 2, clauses 2.2 and 2.3). Room
 * grows with what has come, never with what is announced. One thread.
 */
final class Frames {
  /** The head of a frame, and the length of a protocol header. */
  static final int HEAD = 8;

  private static final int FIRST = 512;

  private byte[] held = {};
  private int length;
  private boolean header = true;
  private int longest;

  /**
   * @param longest the longest frame, in bytes
   */
  Frames(int longest) {
    this.longest = longest;
  }

  /** A protocol header comes next. */
  void expectHeader() {
    header = true;
  }

  /** From now on. */
  void longest(int bytes) {
    longest = bytes;
  }

  /** More has come. */
  void add(byte[] bytes, int count) {
    if (held.length - length < count) {
      held = Arrays.copyOf(held, Math.max(FIRST, Math.max(length + count, held.length * 2)));
    }
    System.arraycopy(bytes, 0, held, length, count);
    length += count;
  }

  /**
   * The next whole one: eight bytes of a protocol header, or a frame with its head.
   *
   * @return empty where more must come first
   * @throws AmqpException where a frame is shorter than its head or longer than may be
   */
  Optional<byte[]> next() throws AmqpException {
    if (length < HEAD) {
      return Optional.empty();
    }
    long size = HEAD;
    if (!header) {
      size = Integer.toUnsignedLong(ByteBuffer.wrap(held).getInt());
      if (size < HEAD || size > longest) {
        throw new AmqpException("a frame has " + HEAD + " to " + longest + " bytes, not " + size);
      }
    }
    if (length < size) {
      return Optional.empty();
    }
    byte[] unit = Arrays.copyOf(held, (int) size);
    length -= unit.length;
    System.arraycopy(held, unit.length, held, 0, length);
    header = false;
    if (length == 0 && held.length > FIRST) {
      held = new byte[] {};
    }
    return Optional.of(unit);
  }

  /**
   * Looks at a frame's head.
   *
   * @param type 0 for AMQP, 1 for SASL
   * @return where its body begins
   */
  static int body(byte[] frame, int type) throws AmqpException {
    int offset = (frame[4] & 0xFF) * 4;
    if (offset < HEAD || offset > frame.length) {
      throw new AmqpException("a frame's body does not begin in it");
    }
    if (frame[5] != type) {
      throw new AmqpException("a frame of type " + (frame[5] & 0xFF) + " is out of place");
    }
    return offset;
  }
}
