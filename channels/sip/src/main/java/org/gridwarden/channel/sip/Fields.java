package org.gridwarden.channel.sip;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a message, in their order. Names are known by their long form in small letters,
 * also where the compact one came (RFC 3261, clause 7.3.3). Immutable.
 *
 * @param all one a line
 */
record Fields(List<Field> all) {
  private static final Map<String, String> COMPACT =
      Map.of(
          "v", "via",
          "f", "from",
          "t", "to",
          "i", "call-id",
          "m", "contact",
          "c", "content-type",
          "l", "content-length",
          "e", "content-encoding",
          "k", "supported",
          "o", "event");

  /** One line. */
  record Field(String name, String value) {
    /** With its name as it is to be written. */
    @Override
    public String toString() {
      return name + ": " + value;
    }
  }

  Fields {
    all = List.copyOf(all);
  }

  /** The name under which a field is known. */
  static String known(String name) {
    String small = name.toLowerCase(Locale.ROOT);
    return COMPACT.getOrDefault(small, small);
  }

  /** What the lines of a name say. */
  List<String> lines(String name) {
    return all.stream().filter(f -> f.name().equals(name)).map(Field::value).toList();
  }

  /**
   * What a field says that may come once.
   *
   * @throws SipException where it comes more often
   */
  Optional<String> one(String name) throws SipException {
    List<String> lines = lines(name);
    if (lines.size() > 1) {
      throw SipException.malformed("there is more than one field " + name);
    }
    return lines.stream().findFirst();
  }

  /**
   * The same of one that must come.
   *
   * @throws SipException where it does not
   */
  String must(String name) throws SipException {
    return one(name).orElseThrow(() -> SipException.malformed("there is no field " + name));
  }

  /** The items of a list, over all lines. */
  List<String> items(String name) throws SipException {
    List<String> items = new ArrayList<>();
    for (String line : lines(name)) {
      items.addAll(Text.split(line, ','));
    }
    return items;
  }
}
