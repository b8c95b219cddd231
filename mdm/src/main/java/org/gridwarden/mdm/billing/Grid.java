package org.gridwarden.mdm.billing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the intervals of a load lie in a tariff: in which month, period and demand window. Made
 * once, it serves all meters that have the same intervals and tariff. Immutable, thread-safe.
 */
final class Grid {
  /**
   * A month, as far as intervals reach into it, or as far as it is asked for.
   *
   * @param from its first interval's index
   * @param to one beyond its last
   * @param days how many of its civil days are touched
   */
  record Month(YearMonth month, int from, int to, int days) {}

  private final Instant start;
  private final int seconds;
  private final byte[] energyPeriod;
  private final byte[] demandPeriod;
  private final boolean[] windowEnd;
  private final int perWindow;
  private final ZoneRules rules;
  private final long @Nullable [] prices;
  private final List<Month> months = new ArrayList<>();

  /**
   * @param intervals how many
   * @param rules the civil time by which the tariff counts
   */
  Grid(Tariff tariff, Instant start, int seconds, int intervals, ZoneRules rules) {
    this.start = start;
    this.seconds = seconds;
    this.rules = rules;
    Dynamic dynamic = tariff.terms().dynamic();
    prices = dynamic == null ? null : new long[intervals];
    energyPeriod = new byte[intervals];
    demandPeriod = new byte[intervals];
    int window = tariff.window().minutes() * 60;
    // a window that intervals do not fill evenly is the interval itself
    perWindow = window > seconds && window % seconds == 0 ? window / seconds : 1;
    windowEnd = new boolean[intervals];
    YearMonth month = null;
    LocalDate day = null;
    int from = 0;
    int days = 0;
    byte[] energy = new byte[Hours.QUARTERS];
    byte[] demand = new byte[Hours.QUARTERS];
    for (int i = 0; i < intervals; i++) {
      long epoch = start.getEpochSecond() + (long) i * seconds;
      ZoneOffset offset = rules.getOffset(Instant.ofEpochSecond(epoch));
      LocalDateTime local = LocalDateTime.ofEpochSecond(epoch, 0, offset);
      if (month == null
          || local.getMonthValue() != month.getMonthValue()
          || local.getYear() != month.getYear()) {
        if (month != null) {
          months.add(new Month(month, from, i, days));
        }
        month = YearMonth.of(local.getYear(), local.getMonth());
        from = i;
        days = 0;
        day = null;
      }
      if (day == null || !local.toLocalDate().equals(day)) {
        day = local.toLocalDate();
        days++;
        energy = tariff.energyHours().on(day);
        demand = tariff.demandHours().on(day);
      }
      int quarter = Hours.quarter(local);
      energyPeriod[i] = energy[quarter];
      demandPeriod[i] = demand[quarter];
      if (prices != null && dynamic != null) {
        prices[i] = dynamic.curve().at(epoch, seconds);
      }
      windowEnd[i] = closes(tariff, offset, epoch);
    }
    if (month != null) {
      months.add(new Month(month, from, intervals, days));
    }
  }

  /** Whether a window of demand ends with the interval that starts now. */
  private boolean closes(Tariff tariff, ZoneOffset offset, long epoch) {
    if (perWindow == 1 || tariff.window().sliding()) {
      return true;
    }
    long civil = epoch + offset.getTotalSeconds() + seconds;
    return civil % (tariff.window().minutes() * 60L) == 0;
  }

  /** Whether a load lies on this grid. */
  boolean fits(Load load) {
    return load.start().equals(start)
        && load.seconds() == seconds
        && load.values().length == energyPeriod.length;
  }

  List<Month> months() {
    return months;
  }

  /**
   * The months between two intervals, those at the ends as far as they lie between them.
   *
   * @param from the first interval's index
   * @param to one beyond the last one's
   */
  List<Month> parts(int from, int to) {
    List<Month> parts = new ArrayList<>();
    for (Month month : months) {
      int first = Math.max(from, month.from());
      int beyond = Math.min(to, month.to());
      if (first < beyond) {
        int days = (int) (date(beyond - 1).toEpochDay() - date(first).toEpochDay()) + 1;
        parts.add(new Month(month.month(), first, beyond, days));
      }
    }
    return parts;
  }

  /** The civil day on which an interval begins; also of the one behind the last. */
  LocalDate date(int index) {
    Instant at = start.plusSeconds((long) index * seconds);
    return LocalDateTime.ofEpochSecond(at.getEpochSecond(), 0, rules.getOffset(at)).toLocalDate();
  }

  int energyPeriod(int index) {
    return energyPeriod[index];
  }

  int demandPeriod(int index) {
    return demandPeriod[index];
  }

  /** How many intervals make a demand window. */
  int perWindow() {
    return perWindow;
  }

  boolean windowEnds(int index) {
    return windowEnd[index];
  }

  /** Whether intervals have prices of their own. */
  boolean priced() {
    return prices != null;
  }

  /** An interval's own price; {@link PriceCurve#MISSING} where none is known. */
  long price(int index) {
    return prices == null ? PriceCurve.MISSING : prices[index];
  }
}
