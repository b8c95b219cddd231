package org.gridwarden.dlms.hdlc;

import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.HdlcFrameScanner;

/**
 * Takes bytes in whatever pieces they come and finds the good frames among them, past noise and
 * damaged ones. Holds no more than the bytes of one unfinished frame and what was fed last. Not
 * thread-safe.
 */
final class FrameReader {
  private static final int FLAG = 0x7E;
  private static final int SMALL = 256;
  private static final byte[] EMPTY = {};

  private final HdlcFrameScanner scanner = new HdlcFrameScanner();
  private byte[] buf = EMPTY;
  private int head;
  private int tail;
  private boolean ending;

  void feed(byte[] bytes, int from, int length) {
    if (head > 0) {
      System.arraycopy(buf, head, buf, 0, tail - head);
      tail -= head;
      head = 0;
    }
    if (tail + length > buf.length) {
      buf = Arrays.copyOf(buf, Math.max(Math.max(SMALL, tail + length), buf.length * 2));
    }
    System.arraycopy(bytes, from, buf, tail, length);
    tail += length;
  }

  /** The next good frame; empty where more bytes are needed. */
  Optional<HdlcFrame> next() {
    while (head < tail) {
      if (buf[head] != FLAG) {
        head++;
        continue;
      }
      switch (scanner.scan(buf, head, tail)) {
        case FRAME -> {
          HdlcFrame frame =
              new HdlcFrame(
                  scanner.destination(),
                  scanner.source(),
                  scanner.control(),
                  scanner.segmented(),
                  Arrays.copyOfRange(buf, scanner.from(), scanner.to()));
          head += scanner.length();
          return Optional.of(frame);
        }
        case DAMAGED -> head += Math.min(scanner.skip(), tail - head);
        case FLAG, NOTHING -> head++;
        case MORE -> {
          if (!ending) {
            return Optional.empty();
          }
          head++;
        }
      }
    }
    release();
    return Optional.empty();
  }

  /**
   * No byte came for too long: what is unfinished is none. Good frames may stand within what looked
   * like one; {@link #next} has them.
   */
  void silence() {
    ending = true;
  }

  /** Afterwards bytes are waited for again. */
  void resume() {
    ending = false;
  }

  /** Whether a frame has begun; a flag alone is none. */
  boolean isPartial() {
    return tail - head > 1;
  }

  private void release() {
    head = 0;
    tail = 0;
    if (buf.length > SMALL) {
      buf = EMPTY;
    }
  }
}
