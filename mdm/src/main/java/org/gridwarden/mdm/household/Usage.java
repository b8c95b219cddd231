package org.gridwarden.mdm.household;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * Use and cost of a service point. A day's cost is its own bill, with a day's part of what is
 * priced by the month, so that the days of a month add up to about the month, which is what will be
 * billed.
 *
 * @param currency of all amounts; empty where there is no tariff
 * @param days the first first
 * @param months those that the days lie in, as far as they do
 */
public record Usage(Optional<Currency> currency, List<Day> days, List<Month> months) {
  public Usage {
    days = List.copyOf(days);
    months = List.copyOf(months);
  }

  /** A civil day. */
  public record Day(LocalDate date, Used used) {}

  /**
   * A civil month, or its part.
   *
   * @param from the first day of it that is looked at
   * @param to the day after the last
   */
  public record Month(YearMonth month, LocalDate from, LocalDate to, Used used) {}
}
