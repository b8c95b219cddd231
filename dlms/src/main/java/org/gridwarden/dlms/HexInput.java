package org.gridwarden.dlms;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * Bytes as a person has them: hexadecimal text (white space, colons, hyphens and commas between
 * bytes, {@code 0x} before them, comments from {@code #} to the end of the line), or the bytes
 * themselves. Which it is, the first piece tells: a frame's first byte is no hexadecimal digit. Not
 * thread-safe.
 */
public final class HexInput extends InputStream {
  private static final int MOST_TOLD = 20;

  private final InputStream in;
  private final Consumer<String> problems;
  private final byte[] chunk = new byte[8192];
  private int at;
  private int end;
  private boolean hex;
  private boolean begun;
  private boolean comment;
  private int high = -1;
  private long characters;
  private int wrong;

  /**
   * @param in what to read; closed with this
   * @param problems told of the first characters that are no hexadecimal digits, with their places;
   *     they are left out
   */
  public HexInput(InputStream in, Consumer<String> problems) {
    this.in = in;
    this.problems = problems;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int n = read(one, 0, 1);
    return n < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int n = 0;
    while (n == 0) {
      if (at == end && !fill()) {
        return -1;
      }
      if (hex) {
        while (at < end && n < length) {
          int value = digit(chunk[at++] & 0xFF);
          if (value >= 0) {
            to[offset + n++] = (byte) value;
          }
        }
      } else {
        n = Math.min(length, end - at);
        System.arraycopy(chunk, at, to, offset, n);
        at += n;
      }
    }
    return n;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = in.read(chunk);
    if (end <= 0) {
      end = 0;
      if (high >= 0) {
        problems.accept("character " + characters + ": half a byte, the number of digits is odd");
        high = -1;
      }
      return false;
    }
    if (!begun) {
      begun = true;
      hex = isText();
    }
    return true;
  }

  /** Whether the first piece is text: binary frames have bytes that no text has. */
  private boolean isText() {
    if (end >= 3 && (chunk[0] & 0xFF) == 0xEF && (chunk[1] & 0xFF) == 0xBB) {
      at = 3; // a byte order mark
    }
    for (int i = at; i < end; i++) {
      int c = chunk[i] & 0xFF;
      if (c >= 0x7F || c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f') {
        return false;
      }
    }
    // a tilde opens HDLC frames and no hexadecimal text; h opens M-Bus ones
    return chunk[at] != 0x7E && chunk[at] != 0x68;
  }

  /** Takes a character; the byte that it completes, or -1. */
  private int digit(int c) {
    characters++;
    if (comment) {
      comment = c != '\n';
      return -1;
    }
    int value = Character.digit(c, 16);
    if (value >= 0) {
      if (high < 0) {
        high = value;
        return -1;
      }
      int whole = high << 4 | value;
      high = -1;
      return whole;
    }
    switch (c) {
      case '#' -> comment = true;
      case ' ', '\t', '\r', '\n', '\f', ':', '-', ',', ';' -> {}
      case 'x', 'X' -> {
        if (high == 0) {
          high = -1; // 0x before a byte
        } else {
          wrong(c);
        }
      }
      default -> wrong(c);
    }
    return -1;
  }

  private void wrong(int c) {
    if (++wrong > MOST_TOLD) {
      if (wrong == MOST_TOLD + 1) {
        problems.accept("character " + characters + ": and more that are no hexadecimal digits");
      }
      return;
    }
    problems.accept(
        "character "
            + characters
            + ": '"
            + (c < 0x20 || c > 0x7E ? '?' : (char) c)
            + "' is no hexadecimal digit");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
