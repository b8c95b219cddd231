package org.gridwarden.mdm.ledger;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.gridwarden.mdm.billing.Bill;
import org.gridwarden.mdm.billing.BillLine;
import org.gridwarden.mdm.billing.Biller;
import org.gridwarden.mdm.billing.IncompleteLoadException;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Span;
import org.gridwarden.mdm.billing.Tariff;

/**
 * What a day costs somebody who pays beforehand: the bill of that day alone, with a day's part of
 * all that is priced by the month. It is an account of what a month will cost, and the month's bill
 * takes its place. Pure functions.
 */
public final class DayCharge {
  private DayCharge() {}

  /**
   * A day's cost. The day is not rounded to coins: that the month is.
   *
   * @param load holds the day
   * @param zone by which days count
   * @throws IncompleteLoadException where an interval has no value
   * @throws IllegalArgumentException where the load does not hold the day
   */
  public static BigDecimal of(Tariff tariff, Load load, LocalDate day, ZoneId zone)
      throws IncompleteLoadException {
    Instant from = day.atStartOfDay(zone).toInstant();
    Instant to = day.plusDays(1).atStartOfDay(zone).toInstant();
    Bill bill = new Biller(tariff, zone.getRules()).bill(load, new Span(from, from, to, false));
    return bill.months().stream()
        .flatMap(month -> month.lines().stream())
        .filter(line -> line.kind() != BillLine.Kind.ROUNDING)
        .map(BillLine::amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
