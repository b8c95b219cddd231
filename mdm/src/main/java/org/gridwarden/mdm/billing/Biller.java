package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.gridwarden.mdm.billing.Tariff.FeedIn;

/**
 * Reckons bills by one tariff. A month that was measured in part (somebody moved, a tariff changed)
 * pays its part, by days, of all that is priced by the month: fixed charges, demand, minimum, and
 * the reach of tiers. Not thread-safe: it keeps the grid of the last load for the next one.
 */
public final class Biller {
  private final Tariff tariff;
  private final ZoneRules rules;
  private Grid grid;

  /**
   * @param rules the civil time by which the tariff's hours and months count
   */
  public Biller(Tariff tariff, ZoneRules rules) {
    this.tariff = tariff;
    this.rules = rules;
    this.grid = new Grid(tariff, Instant.EPOCH, 3_600, 0, rules);
  }

  /**
   * The bill of the months that are asked for, which are taken for all that there is: what is left
   * over after the last one is paid. Months before them count where the tariff looks back.
   *
   * @throws IncompleteLoadException where an interval has no value
   * @throws IllegalArgumentException where the load holds none of these months
   */
  public Bill bill(Load load, Predicate<YearMonth> asked) throws IncompleteLoadException {
    fit(load);
    List<Determinants> all = determinants(load, grid.months());
    Map<YearMonth, BigDecimal> peaks = new HashMap<>();
    all.forEach(d -> peaks.put(d.month(), d.peak().kilowatts()));
    List<BilledMonth> months = new ArrayList<>();
    BigDecimal[] carried = nothing();
    for (int i = 0; i < all.size(); i++) {
      Determinants month = all.get(i);
      if (asked.test(month.month())) {
        boolean yearEnds =
            i == all.size() - 1
                || month.month().getMonthValue() == 12
                || !asked.test(all.get(i + 1).month());
        months.add(month(month, peaks, carried, yearEnds, months));
      }
    }
    if (months.isEmpty()) {
      throw new IllegalArgumentException("the load of " + load.meter() + " holds no such month");
    }
    return new Bill(load.meter(), tariff, months);
  }

  /**
   * The bill of a span, as one of a row of bills: what is left over of energy fed in comes from the
   * months before it in the same year, and goes on to the next bill.
   *
   * @param load holds the span and, as far as there are any, the readings of the eleven months
   *     before it; it begins where whoever is billed moved in
   * @throws IncompleteLoadException where an interval has no value
   * @throws IllegalArgumentException where the load does not hold the span, or a limit of it is no
   *     civil midnight or lies within an interval
   */
  public Bill bill(Load load, Span span) throws IncompleteLoadException {
    fit(load);
    int from = index(load, span.from());
    int to = index(load, span.to());
    List<Grid.Month> parts = grid.parts(from, to);
    YearMonth first = parts.getFirst().month();
    Map<YearMonth, BigDecimal> peaks = peaksBefore(load, first);
    List<BilledMonth> months = new ArrayList<>();
    BigDecimal[] carried = nothing();
    for (Determinants earlier : determinants(load, carriedFrom(load, span, from, first))) {
      // reckoned for what it leaves over; billed it was before
      peaks.put(earlier.month(), earlier.peak().kilowatts());
      months.add(month(earlier, peaks, carried, false, months));
    }
    int before = months.size();
    for (int i = 0; i < parts.size(); i++) {
      Determinants month = Determinants.of(tariff, load, grid, parts.get(i));
      peaks.put(month.month(), month.peak().kilowatts());
      boolean yearEnds =
          span.ends() && i == parts.size() - 1
              || grid.date(parts.get(i).to()).getYear() > month.month().getYear();
      months.add(month(month, peaks, carried, yearEnds, months));
    }
    return new Bill(load.meter(), tariff, months.subList(before, months.size()));
  }

  private void fit(Load load) {
    if (!grid.fits(load)) {
      grid = new Grid(tariff, load.start(), load.seconds(), load.values().length, rules);
    }
  }

  private int index(Load load, Instant at) {
    long off = at.getEpochSecond() - load.start().getEpochSecond();
    if (off % load.seconds() != 0 || off < 0 || at.isAfter(load.end())) {
      throw new IllegalArgumentException(
          "meter " + load.meter() + " has no interval that begins or ends " + at);
    }
    int index = (int) (off / load.seconds());
    if (index > 0 && grid.date(index - 1).equals(grid.date(index))) {
      throw new IllegalArgumentException(at + " is no civil midnight: changes count from one on");
    }
    return index;
  }

  /** Peaks of the months before one, as far as the tariff looks back. */
  private Map<YearMonth, BigDecimal> peaksBefore(Load load, YearMonth first)
      throws IncompleteLoadException {
    Map<YearMonth, BigDecimal> peaks = new HashMap<>();
    if (tariff.lookback().share().stream().allMatch(s -> s.signum() == 0)) {
      return peaks;
    }
    YearMonth earliest = first.minusMonths(tariff.lookback().months());
    for (Grid.Month month : grid.months()) {
      if (month.month().isBefore(first) && !month.month().isBefore(earliest)) {
        peaks.put(month.month(), Determinants.of(tariff, load, grid, month).peak().kilowatts());
      }
    }
    return peaks;
  }

  /** The months of this year under this tariff that were billed before and still count. */
  private List<Grid.Month> carriedFrom(Load load, Span span, int from, YearMonth first) {
    if (tariff.feedIn() != FeedIn.NET_METERING && tariff.minimum().perYear().signum() == 0) {
      return List.of();
    }
    int since = span.since().isAfter(load.start()) ? index(load, span.since()) : 0;
    LocalDate newYear = LocalDate.of(first.getYear(), 1, 1);
    while (since < from && grid.date(since).isBefore(newYear)) {
      since++;
    }
    return grid.parts(since, from);
  }

  private List<Determinants> determinants(Load load, List<Grid.Month> months)
      throws IncompleteLoadException {
    List<Determinants> all = new ArrayList<>();
    for (Grid.Month month : months) {
      all.add(Determinants.of(tariff, load, grid, month));
    }
    return all;
  }

  private BigDecimal[] nothing() {
    BigDecimal[] carried = new BigDecimal[tariff.energyHours().periods()];
    Arrays.fill(carried, BigDecimal.ZERO);
    return carried;
  }

  private BilledMonth month(
      Determinants d,
      Map<YearMonth, BigDecimal> peaks,
      BigDecimal[] carried,
      boolean yearEnds,
      List<BilledMonth> before) {
    return new MonthLines(tariff, d, billed(d, peaks)).month(carried, yearEnds, before);
  }

  /** The month's demand as it is priced; where only some hours have a price, the peak of those. */
  private BigDecimal billed(Determinants d, Map<YearMonth, BigDecimal> peaks) {
    if (!tariff.flatDemand().isEmpty() || tariff.demand().isEmpty()) {
      return tariff.lookback().billed(d.month(), peaks);
    }
    BigDecimal highest = BigDecimal.ZERO;
    for (int p = 0; p < d.periodPeaks().size(); p++) {
      if (!tariff.demand().get(p).free()) {
        highest = highest.max(d.periodPeaks().get(p).kilowatts());
      }
    }
    return highest;
  }
}
