package org.gridwarden.dlms.hdlc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.gridwarden.dlms.ByteLine;

/**
 * The words of mode E (IEC 62056-21, clause 6.3 and annex E), and how they are read from a line.
 */
final class SignOn {
  /** The speed at which every line begins. */
  static final int FIRST_BAUD = 300;

  private static final int[] BAUDS = {
    300, 600, 1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200
  };

  /** The longest word with what noise may stand before it, in bytes. */
  private static final int LONGEST = 128;

  private static final int ACK = 0x06;

  private SignOn() {}

  /** {@code /?!}, with a device address where there is one. */
  static byte[] request(String address) {
    return ascii("/?" + address + "!\r\n");
  }

  /** The choice of HDLC at a speed: ACK, {@code 2}, the speed's character, {@code 2}. */
  static byte[] choice(int baud) {
    return new byte[] {ACK, '2', (byte) character(baud), '2', '\r', '\n'};
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** {@code 0} for 300 baud to {@code 9} for 115,200; those above {@code 6} by common usage. */
  static char character(int baud) {
    int at = Arrays.binarySearch(BAUDS, baud);
    if (at < 0) {
      throw new IllegalArgumentException(
          "mode E knows " + Arrays.toString(BAUDS) + " baud, not " + baud);
    }
    return (char) ('0' + at);
  }

  /** What a character says; empty for one that says no speed. */
  static Optional<Integer> baud(char character) {
    int at = character - '0';
    return at >= 0 && at < BAUDS.length ? Optional.of(BAUDS[at]) : Optional.empty();
  }

  /** The highest speed of the standard's that is not above another. */
  static int atMost(int baud) {
    int best = FIRST_BAUD;
    for (int each : BAUDS) {
      best = each <= baud ? each : best;
    }
    return best;
  }

  /** Reads one word after another; parity bits that the line left in are taken off. */
  static final class Words {
    private final ByteLine line;
    private final LongSupplier clock;
    private final byte[] one = new byte[1];

    Words(ByteLine line, LongSupplier clock) {
      this.line = line;
      this.clock = clock;
    }

    /**
     * What ends with CR LF; of a longer one only its end.
     *
     * @return empty where none came in time
     * @throws java.io.EOFException where the line has ended
     */
    Optional<String> next(Duration patience) throws IOException {
      long until = clock.getAsLong() + patience.toNanos();
      StringBuilder text = new StringBuilder();
      while (true) {
        long left = until - clock.getAsLong();
        int count = left <= 0 ? 0 : line.read(one, 0, 1, Duration.ofNanos(left));
        if (count < 0) {
          throw new java.io.EOFException("the line has ended");
        }
        if (count == 0 && until - clock.getAsLong() <= 0) {
          return Optional.empty();
        }
        if (count > 0) {
          char c = (char) (one[0] & 0x7F);
          if (c == '\n' && !text.isEmpty() && text.charAt(text.length() - 1) == '\r') {
            text.setLength(text.length() - 1);
            return Optional.of(text.toString());
          }
          if (text.length() == LONGEST) {
            text.deleteCharAt(0);
          }
          text.append(c);
        }
      }
    }
  }

  /** From the last of these characters on; noise may stand before it. */
  static String from(String word, String mark) {
    int at = word.lastIndexOf(mark);
    return at < 0 ? "" : word.substring(at);
  }
}
