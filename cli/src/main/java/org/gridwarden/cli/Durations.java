package org.gridwarden.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as people write them: {@code 90s}, {@code 1h30m}, {@code 28d}. */
final class Durations {
  private static final Pattern TEXT =
      Pattern.compile("(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,7})m)?(?:(\\d{1,8})s?)?");

  private Durations() {}

  /**
   * Days, hours, minutes and seconds in this order, each optional; a bare number is seconds.
   *
   * @throws TypeConversionException where the text is none
   */
  static Duration parse(String text) {
    Matcher m = TEXT.matcher(text.trim());
    if (text.isBlank() || !m.matches()) {
      throw new TypeConversionException("'" + text + "' is no duration; write it as 60s, 5m, 28d");
    }
    return Duration.ofDays(number(m, 1))
        .plusHours(number(m, 2))
        .plusMinutes(number(m, 3))
        .plusSeconds(number(m, 4));
  }

  private static long number(Matcher m, int group) {
    return m.group(group) == null ? 0 : Long.parseLong(m.group(group));
  }

  /** As people write it: {@code 90 s}, {@code 2.5 s}. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0
        ? millis / 1000 + " s"
        : java.math.BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + " s";
  }
}
