package org.gridwarden.bench.net;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads the heads of WebSocket frames (RFC 6455, 5.2) in one direction of a connection, from the
 * handshake's end on, and counts their bytes. Where the connection begins with something else it
 * sees nothing. One thread.
 */
final class FrameHeads {
  private static final int LONGEST_HANDSHAKE = 8_192;
  private static final String UPGRADE = "\r\nupgrade: websocket\r\n";
  private static final String END = "\r\n\r\n";
  private static final int SHORT = 2;

  private final StringBuilder handshake = new StringBuilder();
  private State state = State.HANDSHAKE;
  private final byte[] head = new byte[14];
  private int length;
  private long left;
  private long frames;
  private long bytes;

  private enum State {
    HANDSHAKE,
    HEAD,
    CONTENT,
    /** It is no WebSocket. */
    OTHER
  }

  /** How many heads there were so far. */
  long frames() {
    return frames;
  }

  /** How many bytes they had together, masks included. */
  long bytes() {
    return bytes;
  }

  /** The stream's next bytes. */
  void take(byte[] from, int begin, int end) {
    for (int at = begin; at < end && state != State.OTHER; at++) {
      switch (state) {
        case HANDSHAKE -> shake(from[at]);
        case HEAD -> head(from[at]);
        case CONTENT -> {
          int part = (int) Math.min(left, end - at);
          left -= part;
          at += part - 1;
          state = left == 0 ? State.HEAD : State.CONTENT;
        }
        case OTHER -> {}
      }
    }
  }

  private void shake(byte next) {
    handshake.append(new String(new byte[] {next}, StandardCharsets.ISO_8859_1));
    int size = handshake.length();
    boolean http =
        size < 4 || handshake.charAt(0) == 'G' || handshake.charAt(0) == 'H'; // GET, HTTP/1.1
    if (!http || size > LONGEST_HANDSHAKE) {
      become(State.OTHER);
    } else if (size >= END.length() && handshake.indexOf(END, size - END.length()) >= 0) {
      boolean upgrades = handshake.toString().toLowerCase(Locale.ROOT).contains(UPGRADE);
      become(upgrades ? State.HEAD : State.OTHER);
    }
  }

  private void become(State next) {
    state = next;
    handshake.setLength(0);
  }

  private void head(byte next) {
    head[length++] = next;
    if (length < SHORT) {
      return;
    }
    int said = head[1] & 0x7F;
    int size = said == 126 ? 2 : said == 127 ? 8 : 0;
    int whole = SHORT + size + (head[1] < 0 ? 4 : 0); // the first bit says that a mask follows
    if (length < whole) {
      return;
    }
    long content = said;
    if (size > 0) {
      content = 0;
      for (int i = 0; i < size; i++) {
        content = content << 8 | head[SHORT + i] & 0xFF;
      }
    }
    frames++;
    bytes += whole;
    length = 0;
    left = content;
    state = content < 0 ? State.OTHER : content == 0 ? State.HEAD : State.CONTENT;
  }
}
