package org.gridwarden.channel.sip;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An address with what is said beside it, as From, To, Contact and Route have it: {@code name
 * <uri>;parameters}, or without brackets. Immutable.
 *
 * @param uri the URI as it stands
 * @param parameters those after it, not its own
 */
record NameAddr(String uri, Map<String, String> parameters) {
  NameAddr {
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads one.
   *
   * @throws SipException where it is none
   */
  static NameAddr parse(String text) throws SipException {
    List<String> parts = Text.split(text, ';');
    String first = parts.getFirst();
    int open = bracket(first);
    String uri;
    if (open >= 0) {
      if (!first.endsWith(">")) {
        throw SipException.malformed("something stands behind an address");
      }
      uri = first.substring(open + 1, first.length() - 1);
      name(first.substring(0, open).strip());
    } else {
      uri = first;
      if (uri.indexOf('?') >= 0 || uri.indexOf(',') >= 0) {
        throw SipException.malformed("such a URI must stand in angle brackets");
      }
    }
    if (uri.isEmpty() || uri.indexOf(' ') >= 0 || uri.indexOf('"') >= 0) {
      throw SipException.malformed("an address has no URI");
    }
    return new NameAddr(uri, Text.parameters(parts.subList(1, parts.size())));
  }

  /** The bracket that is not in quotes; -1 where none is. */
  private static int bracket(String text) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '<' && !quoted) {
        return i;
      }
    }
    return -1;
  }

  /** What stands before the bracket: nothing, a quoted string, or tokens. */
  private static void name(String text) throws SipException {
    if (text.startsWith("\"")) {
      Text.unquoted(text);
      return;
    }
    for (String word : text.isEmpty() ? new String[0] : text.split(" +")) {
      if (!Text.isToken(word)) {
        throw SipException.malformed("a name must stand in quotes");
      }
    }
  }

  Optional<String> tag() {
    return Optional.ofNullable(parameters.get("tag"));
  }
}
