package org.gridwarden.channel.sip;

import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.MeterId;

/**
 * A URI of scheme sip or sips (RFC 3261, clause 19.1), as far as it is looked at here. Immutable.
 *
 * @param user unescaped; empty where there is none
 * @param host as it stands
 */
record SipUri(String user, String host) {
  private static final int LONGEST = 256;

  /**
   * Reads one.
   *
   * @throws SipException 416 where it is of another scheme, 400 where it is none
   */
  static SipUri parse(String text) throws SipException {
    int colon = text.indexOf(':');
    if (colon < 1 || text.length() > LONGEST) {
      throw SipException.malformed("a URI is none, or longer than " + LONGEST + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == '<' || c == '>' || c == '"') {
        throw SipException.malformed("a URI has a character that it may not have");
      }
    }
    String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!scheme.equals("sip") && !scheme.equals("sips")) {
      throw new SipException(416, "a URI is of another scheme than sip");
    }
    String rest = text.substring(colon + 1);
    int at = rest.indexOf('@');
    String user = at < 0 ? "" : unescaped(rest.substring(0, at));
    String place = rest.substring(at + 1);
    int end = 0;
    while (end < place.length() && place.charAt(end) != ';' && place.charAt(end) != '?') {
      end++;
    }
    if (place.indexOf('?', end) >= 0) {
      throw SipException.malformed("a URI has fields of its own");
    }
    String host = place.substring(0, end);
    if (host.isEmpty() || host.indexOf('@') >= 0 || host.indexOf('%') >= 0) {
      throw SipException.malformed("a URI has no host");
    }
    return new SipUri(user, host);
  }

  private static String unescaped(String text) throws SipException {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        boolean whole = i + 2 < text.length();
        int high = whole ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = whole ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw SipException.malformed("an escape in a URI is none");
        }
        c = (char) (high * 16 + low);
        i += 2;
      }
      out.append(c);
    }
    return out.toString();
  }

  /** The meter that it names; empty where it names none. */
  Optional<MeterId> meter() {
    try {
      return Optional.of(new MeterId(user));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
