package org.gridwarden.mdm.billrun;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;

/**
 * What a run bills.
 *
 * @param from first civil day, by each meter's zone
 * @param to the day after the last
 */
public record Period(LocalDate from, LocalDate to) {
  /**
   * @throws IllegalArgumentException where it has no day, or more than a year and a day
   */
  public Period {
    if (!from.isBefore(to) || from.plusYears(1).plusDays(1).isBefore(to)) {
      throw new IllegalArgumentException("a period has one day to a year");
    }
  }

  /**
   * From its text: {@code 2026-10}, a month, or {@code 2026-10-01/2026-10-15}, the first and the
   * last day.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static Period parse(String text) {
    try {
      int slash = text.indexOf('/');
      if (slash > 0) {
        return new Period(
            LocalDate.parse(text.substring(0, slash)),
            LocalDate.parse(text.substring(slash + 1)).plusDays(1));
      }
      YearMonth month = YearMonth.parse(text);
      return new Period(month.atDay(1), month.plusMonths(1).atDay(1));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "a period is a month such as 2026-10, or days such as 2026-10-01/2026-10-15");
    }
  }
}
