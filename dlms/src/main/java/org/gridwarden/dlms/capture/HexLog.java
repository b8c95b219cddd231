package org.gridwarden.dlms.capture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.GeneralBlockTransfer;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkEvent;
import org.gridwarden.dlms.LinkInfo;

/**
 * A log of hexadecimal lines: each with a mark of its direction ({@code >} and {@code <}, {@code
 * TX} and {@code RX}, {@code SEND} and {@code RECV} and the like), perhaps a time before or behind
 * it, then bytes; a line of bytes alone goes on with the line before. Other lines are left out.
 * Frames may begin and end within lines; an APDU without framing is a line. Used once; not
 * thread-safe.
 */
final class HexLog {
  /** The longest line, in bytes. */
  static final int MAX_LINE = 1 << 20;

  private static final int MOST_LOOKED_AT = 64;

  /** A mark stands near a line's beginning, behind a time and a word or two. */
  private static final int MARK_WITHIN = 160;

  private static final int MOST_MARKS = 4;

  private static final Pattern TIME =
      Pattern.compile(
          "(?:\\d{4}-\\d\\d-\\d\\d[T ])?\\d{1,2}:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?"
              + "(?:Z|[+-]\\d\\d:?\\d\\d)?(?=[\\s\\]\\)]|$)");

  private static final Pattern MARK =
      Pattern.compile(
          "(?<![\\p{Alnum}])(?:(TX|RX|SEND|SENT|RECV|RCVD|RECEIVED?|(?:OUT|IN)(?=[\\])]*:))"
              + "(?![\\p{Alnum}])|([-=]{0,2}>{1,3}|<{1,3}[-=]{0,2}|\u2192|\u2190))[\\])]*:?",
          Pattern.CASE_INSENSITIVE);

  /** What may stand between mark and bytes: {@code [23 bytes]}, {@code (23)}, {@code len=23}. */
  private static final Pattern LENGTH =
      Pattern.compile("(?:[\\[(]\\s*\\d{1,6}(?:\\s*bytes?)?\\s*[\\])]|len\\s*=\\s*\\d{1,6})[:,]?");

  private static final Set<String> OUTWARD = Set.of("TX", "SEND", "SENT", "OUT");

  private final Consumer<CaptureEvent> to;
  private final Sides sides;
  private final LinkDecoder[] links = {LinkDecoder.auto(), LinkDecoder.auto()};
  private final long[] began = {1, 1};
  private final boolean marked;
  private String time = "";
  private int side = -1;
  private long number;
  private long leftOut;

  /**
   * A line's parts.
   *
   * @param side 0 for what the one who logs sent, 1 for what it received, -1 for no mark
   */
  @SuppressWarnings("ArrayRecordComponent") // within this class
  private record Line(int side, String time, byte[] bytes) {}

  /**
   * @param marked whether lines bear marks; else each is an APDU of its own
   */
  HexLog(CaptureSettings settings, boolean marked, Consumer<CaptureEvent> to) {
    this.to = to;
    this.marked = marked;
    this.sides = new Sides(settings, marked, true);
  }

  /** Whether text begins as such a log: one of its first lines has a mark and bytes behind it. */
  static boolean isOne(String beginning) {
    return beginning
        .lines()
        .limit(MOST_LOOKED_AT)
        .anyMatch(line -> {
          Optional<Line> read = parse(line);
          return read.isPresent() && read.get().side() >= 0;
        });
  }

  /**
   * Whether text is a list of APDUs without framing, one a line, some of which nothing but the
   * line's end delimits.
   */
  static boolean isListOfApdus(String beginning) {
    List<byte[]> lines =
        beginning
            .lines()
            .limit(MOST_LOOKED_AT)
            .map(HexLog::uncommented)
            .filter(line -> !line.isBlank())
            .limit(3)
            .flatMap(line -> hex(line).stream())
            .toList();
    return lines.size() >= 2
        && isApdu(lines.get(0))
        && isApdu(lines.get(1))
        && (isOpen(lines.get(0)[0] & 0xFF) || isOpen(lines.get(1)[0] & 0xFF));
  }

  /** Services in the clear: neither a length nor data alone say where they end. */
  private static boolean isOpen(int tag) {
    return tag >= 0xC0 && tag <= 0xC7 && tag != 0xC2
        || tag >= 0xD8 && tag <= 0xDA
        || tag < 0x20 && tag != 0x0F && tag != 0x10;
  }

  private static boolean isApdu(byte[] bytes) {
    try {
      Apdus.decode(bytes);
      return true;
    } catch (DlmsException e) {
      return false;
    }
  }

  /** Reads a log to its end, each message as soon as its line is there. */
  void read(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] chunk = new byte[8192];
    boolean tooLong = false;
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      for (int i = 0; i < n; i++) {
        if (chunk[i] == '\n') {
          line(line, tooLong);
          tooLong = false;
        } else if (line.size() < MAX_LINE) {
          line.write(chunk[i]);
        } else {
          tooLong = true;
        }
      }
    }
    if (line.size() > 0) {
      line(line, tooLong);
    }
    end();
  }

  private void line(ByteArrayOutputStream bytes, boolean tooLong) {
    number++;
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    if (tooLong) {
      to.accept(new CaptureEvent.Problem("line " + number, "is longer than " + MAX_LINE));
      return;
    }
    Optional<Line> read = marked ? parse(text) : bare(text);
    if (read.isPresent() && (read.get().side() >= 0 || side >= 0 || !marked)) {
      Line line = read.get();
      if (line.side() >= 0) {
        side = line.side();
        time = line.time();
      }
      bytes(line.bytes());
    } else if (!uncommented(text).isBlank()) {
      leftOut++;
    }
  }

  private static Optional<Line> bare(String text) {
    return hex(uncommented(text)).map(bytes -> new Line(-1, "", bytes));
  }

  private static String uncommented(String text) {
    int comment = text.indexOf('#');
    return comment < 0 ? text : text.substring(0, comment);
  }

  /** A line with bytes: marked, or of bytes alone. */
  private static Optional<Line> parse(String text) {
    String line = uncommented(text);
    Matcher mark = MARK.matcher(line).region(0, Math.min(line.length(), MARK_WITHIN));
    for (int i = 0; i < MOST_MARKS && mark.find(); i++) {
      String rest = line.substring(mark.end()).strip();
      String said = "";
      Matcher behind = TIME.matcher(rest);
      if (behind.lookingAt()) {
        said = behind.group();
        rest = rest.substring(behind.end()).strip();
      }
      Matcher length = LENGTH.matcher(rest);
      if (length.lookingAt()) {
        rest = rest.substring(length.end()).strip();
      }
      Optional<byte[]> bytes = hex(rest);
      if (bytes.isPresent()) {
        Matcher before = TIME.matcher(line.substring(0, mark.start()));
        return Optional.of(
            new Line(side(mark), before.find() ? before.group() : said, bytes.get()));
      }
    }
    return hex(line).map(bytes -> new Line(-1, "", bytes));
  }

  private static int side(Matcher mark) {
    String word = mark.group(1);
    boolean out =
        word != null
            ? OUTWARD.contains(word.toUpperCase(Locale.ROOT))
            : mark.group(2).contains(">") || mark.group(2).equals("\u2192");
    return out ? 0 : 1;
  }

  /** Bytes, white space, colons, hyphens or commas between them; empty where it is not all that. */
  private static Optional<byte[]> hex(String text) {
    int shown = text.indexOf('|'); // behind it some tools show the bytes as characters
    String digits = shown < 0 ? text : text.substring(0, shown);
    byte[] bytes = {};
    int count = 0;
    int high = -1;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int value = Character.digit(c, 16);
      if (value >= 0 && c < 0x80) {
        if (high < 0) {
          high = value;
        } else {
          if (count == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(64, 2 * count));
          }
          bytes[count++] = (byte) (high << 4 | value);
          high = -1;
        }
      } else if (high == 0 && (c == 'x' || c == 'X')) {
        high = -1; // 0x before a byte
      } else if (high >= 0 || " \t\r:-,;".indexOf(c) < 0) {
        return Optional.empty();
      }
    }
    return count == 0 || high >= 0 ? Optional.empty() : Optional.of(Arrays.copyOf(bytes, count));
  }

  // --- what the bytes are

  private void bytes(byte[] bytes) {
    int on = Math.max(0, side);
    LinkDecoder link = links[on];
    if (link.isBetweenFrames()) {
      began[on] = number;
      if (isModeE(bytes)) {
        to.accept(
            new CaptureEvent.Note(
                "line " + number + ": mode E, " + printable(bytes) + " (IEC 62056-21)"));
        return;
      }
      int llc = hasLlc(bytes) ? 3 : 0;
      byte[] apdu = Arrays.copyOfRange(bytes, llc, bytes.length);
      // blocks are joined by the decoder; so are frames, which a zero, a tilde or an h begins
      if (!GeneralBlockTransfer.isBlock(apdu) && bytes[0] != 0 && isApdu(apdu)) {
        take(new LinkEvent.Pdu(LinkInfo.RAW, apdu, 0), on);
        return;
      }
    }
    link.feed(ByteBuffer.wrap(bytes));
    drain(on);
  }

  private static boolean hasLlc(byte[] b) {
    return b.length > 3
        && (b[0] & 0xFF) == 0xE6
        && ((b[1] & 0xFF) == 0xE6 || (b[1] & 0xFF) == 0xE7)
        && b[2] == 0;
  }

  /** The opening of IEC 62056-21: {@code /?!}, an identification, an option select. */
  private static boolean isModeE(byte[] b) {
    boolean ends = b.length >= 3 && b[b.length - 1] == '\n' && b[b.length - 2] == '\r';
    return ends && (b[0] == '/' || b[0] == 0x06) && b.length < 64;
  }

  private static String printable(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    for (byte b : bytes) {
      if (b == 0x06) {
        out.append("ACK ");
      } else if (b >= 0x20 && b < 0x7F) {
        out.append((char) b);
      }
    }
    return out.toString();
  }

  private void drain(int on) {
    for (Optional<LinkEvent> e = links[on].next(); e.isPresent(); e = links[on].next()) {
      switch (e.get()) {
        case LinkEvent.Bad(long offset, String what) ->
            to.accept(new CaptureEvent.Problem(place(on), what));
        case LinkEvent.Pdu pdu -> take(pdu, on);
      }
    }
  }

  private void take(LinkEvent.Pdu pdu, int on) {
    sides.take(pdu, side < 0 ? -1 : on, time, "", place(on), to);
  }

  private String place(int on) {
    return began[on] == number ? "line " + number : "lines " + began[on] + " to " + number;
  }

  private void end() {
    for (int on = 0; on < links.length; on++) {
      links[on].finish();
      drain(on);
    }
    sides.close();
    if (leftOut > 0) {
      to.accept(
          new CaptureEvent.Note(
              leftOut + (leftOut == 1 ? " line has" : " lines have") + " no bytes"));
    }
  }
}
