package org.gridwarden.dlms;

import org.gridwarden.cosem.ObisCode;

/**
 * OBIS codes with {@code *} for any value group, and {@code 32,52,72} or {@code 1-10} for some.
 *
 * @param groups for each of the six groups, which values match
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never changed
record ObisPattern(long[][] groups) {
  static final ObisPattern ANY = parse("*.*.*.*.*.*");

  /**
   * @throws IllegalArgumentException where the text is no pattern
   */
  static ObisPattern parse(String text) {
    String[] parts = text.trim().split("\\.", -1);
    if (parts.length != 6) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an OBIS pattern; write six groups, as 1.0.*.7.0.255");
    }
    long[][] groups = new long[6][4];
    for (int i = 0; i < 6; i++) {
      for (String choice : parts[i].split(",", -1)) {
        mark(groups[i], choice.trim(), text);
      }
    }
    return new ObisPattern(groups);
  }

  private static void mark(long[] set, String choice, String text) {
    int least = 0;
    int most = 255;
    if (!choice.equals("*")) {
      String[] bounds = choice.split("-", 2);
      try {
        least = Integer.parseInt(bounds[0]);
        most = bounds.length == 2 ? Integer.parseInt(bounds[1]) : least;
      } catch (NumberFormatException _) {
        throw new IllegalArgumentException("'" + choice + "' in '" + text + "' is no number or *");
      }
      Ranges.check(least, 0, 255, "a value group");
      Ranges.check(most, least, 255, "a value group");
    }
    for (int value = least; value <= most; value++) {
      set[value >> 6] |= 1L << value;
    }
  }

  boolean matches(ObisCode obis) {
    return has(0, obis.a())
        && has(1, obis.b())
        && has(2, obis.c())
        && has(3, obis.d())
        && has(4, obis.e())
        && has(5, obis.f());
  }

  private boolean has(int group, int value) {
    return (groups[group][value >> 6] >>> value & 1) != 0;
  }
}
