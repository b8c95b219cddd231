package org.gridwarden.channel.sip;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.channel.sip.Fields.Field;

/**
 * A message's start line and fields, cut into lines and no further. Bytes stand for themselves (ISO
 * 8859-1), so that what is sent back is what came. Immutable.
 *
 * @param start the first line
 * @param fields the others
 */
record Head(String start, Fields fields) {
  private static final int MOST_FIELDS = 64;

  /**
   * Where a head ends.
   *
   * @return the index after its empty line; -1 where that has not come
   */
  static int end(byte[] bytes, int from, int to) {
    for (int i = Math.max(from, 0); i + 3 < to; i++) {
      if (bytes[i] == '\r'
          && bytes[i + 1] == '\n'
          && bytes[i + 2] == '\r'
          && bytes[i + 3] == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  /**
   * Reads a head.
   *
   * @param from its first byte
   * @param end after its empty line
   * @throws SipException where it cannot be cut: then nobody can be answered, either
   */
  static Head parse(byte[] bytes, int from, int end) throws SipException {
    // without the empty line's own end
    String text = new String(bytes, from, end - from - 2, StandardCharsets.ISO_8859_1);
    List<Field> fields = new ArrayList<>();
    String start = "";
    StringBuilder line = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int stop = text.indexOf("\r\n", at);
      line.append(text, at, stop);
      at = stop + 2;
      if (at < text.length() && isBlank(text.charAt(at)) && !start.isEmpty()) {
        continue; // folded (clause 7.3.1): what follows belongs to it
      }
      String whole = clean(line);
      line.setLength(0);
      if (start.isEmpty()) {
        start = whole;
        if (start.isEmpty()) {
          throw SipException.malformed("there is no start line");
        }
      } else {
        fields.add(field(whole));
        if (fields.size() > MOST_FIELDS) {
          throw SipException.malformed("there are more than " + MOST_FIELDS + " fields");
        }
      }
    }
    return new Head(start, new Fields(fields));
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** No line's end, and nothing else that commands a terminal or a parser, hides in it. */
  private static String clean(StringBuilder line) throws SipException {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\t') {
        line.setCharAt(i, ' ');
      } else if (c < ' ' || c == 0x7F) {
        throw SipException.malformed("a control character stands in a line");
      }
    }
    return line.toString();
  }

  private static Field field(String line) throws SipException {
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).stripTrailing();
    if (!Text.isToken(name)) {
      throw SipException.malformed("a line is no field");
    }
    return new Field(Fields.known(name), line.substring(colon + 1).strip());
  }

  /** Whether it answers something. */
  boolean isResponse() {
    return start.regionMatches(true, 0, "SIP/", 0, 4);
  }

  /**
   * How long the body is that follows, by what is said; -1 where nothing is.
   *
   * @throws SipException where it is said twice, or is no length
   */
  int bodyLength(int most) throws SipException {
    List<String> said = fields.lines("content-length");
    if (said.size() > 1) {
      throw SipException.malformed("two lengths are said");
    }
    if (said.isEmpty()) {
      return -1;
    }
    long length = Text.number(said.getFirst(), Integer.MAX_VALUE);
    if (length > most) {
      throw new SipException(513, "the body would have more than " + most + " bytes");
    }
    return (int) length;
  }
}
