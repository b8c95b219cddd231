package org.gridwarden.channel.sip;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The small pieces that fields are written in (RFC 3261, clause 25.1): tokens, quoted strings,
 * lists, parameters. Pure functions, each in one pass over a text that is bounded already.
 */
final class Text {
  private static final int MOST_PARTS = 64;
  private static final String TOKEN_MARKS = "-.!%*_+`'~";

  private Text() {}

  /** Whether it is a token, of one character at least. */
  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && TOKEN_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  static boolean isAlphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /**
   * Cuts at a character that stands neither in quotes nor between angle brackets.
   *
   * @throws SipException where a quote or bracket does not end, or there are too many parts
   */
  static List<String> split(String text, char at) throws SipException {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    boolean bracketed = false;
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '<' || c == '>') {
        if (bracketed == (c == '<')) {
          throw SipException.malformed("angle brackets do not fit");
        }
        bracketed = c == '<';
      } else if (c == at && !bracketed) {
        parts.add(text.substring(begin, i).strip());
        begin = i + 1;
        if (parts.size() >= MOST_PARTS) {
          throw SipException.malformed("a field has too many parts");
        }
      }
    }
    if (quoted || bracketed) {
      throw SipException.malformed("a quote or angle bracket does not end");
    }
    parts.add(text.substring(begin).strip());
    return parts;
  }

  /**
   * Parameters: names in small letters, with what they say; the empty text where that is nothing.
   *
   * @param parts each {@code name} or {@code name=value}
   * @throws SipException where one is none, or comes twice
   */
  static Map<String, String> parameters(List<String> parts) throws SipException {
    Map<String, String> all = new LinkedHashMap<>();
    for (String part : parts) {
      int equals = part.indexOf('=');
      String name = (equals < 0 ? part : part.substring(0, equals)).strip();
      String value = equals < 0 ? "" : unquoted(part.substring(equals + 1).strip());
      if (!isToken(name) || all.put(name.toLowerCase(Locale.ROOT), value) != null) {
        throw SipException.malformed("a parameter is none, or comes twice");
      }
    }
    return all;
  }

  /**
   * What stands in quotes, without them; other text as it is.
   *
   * @throws SipException where the quotes do not end where the text does
   */
  static String unquoted(String text) throws SipException {
    if (!text.startsWith("\"")) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        if (i + 1 == text.length()) {
          return out.toString();
        }
        break;
      }
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        c = text.charAt(i);
      }
      out.append(c);
    }
    throw SipException.malformed("a quoted string ends in the wrong place");
  }

  /**
   * A number of digits alone.
   *
   * @throws SipException where it is none, or greater than the most
   */
  static long number(String text, long most) throws SipException {
    long value = 0;
    if (text.isEmpty()) {
      throw SipException.malformed("a number is empty");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        throw SipException.malformed("a number is none");
      }
      value = value * 10 + (c - '0');
      if (value > most) {
        throw SipException.malformed("a number is greater than " + most);
      }
    }
    return value;
  }
}
