package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.gridwarden.mdm.billing.BillLine.Kind;
import org.gridwarden.mdm.billing.Ladder.Portion;
import org.gridwarden.mdm.billing.Tariff.FeedIn;
import org.gridwarden.mdm.billing.Tier.Per;

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
    this.grid = new Grid(tariff, java.time.Instant.EPOCH, 3_600, 0, rules);
  }

  /**
   * The bill of the months that are asked for; months before them count where the tariff looks
   * back.
   *
   * @throws IncompleteLoadException where an interval has no value
   * @throws IllegalArgumentException where the load holds none of these months
   */
  public Bill bill(Load load, Predicate<YearMonth> asked) throws IncompleteLoadException {
    if (!grid.fits(load)) {
      grid = new Grid(tariff, load.start(), load.seconds(), load.values().length, rules);
    }
    List<Determinants> all = Determinants.of(tariff, load, grid);
    Map<YearMonth, BigDecimal> peaks = new HashMap<>();
    all.forEach(d -> peaks.put(d.month(), d.peak().kilowatts()));
    List<BilledMonth> months = new ArrayList<>();
    BigDecimal[] carried = new BigDecimal[tariff.energyHours().periods()];
    Arrays.fill(carried, BigDecimal.ZERO);
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

  private BilledMonth month(
      Determinants d,
      Map<YearMonth, BigDecimal> peaks,
      BigDecimal[] carried,
      boolean yearEnds,
      List<BilledMonth> before) {
    List<BillLine> lines = new ArrayList<>();
    BigDecimal whole = BigDecimal.valueOf(d.month().lengthOfMonth());
    BigDecimal part = Sums.divide(BigDecimal.valueOf(d.days()), whole);
    BigDecimal billed = billed(d, peaks);
    energy(lines, d, part, billed, carried, yearEnds);
    demand(lines, d, part, billed);
    fixed(lines, d, part);
    minimum(lines, d, part, yearEnds, before);
    taxes(lines, d);
    return new BilledMonth(
        d, lines, billed, Math.max(0, tariff.currency().getDefaultFractionDigits()));
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

  private void energy(
      List<BillLine> lines,
      Determinants d,
      BigDecimal part,
      BigDecimal billed,
      BigDecimal[] carried,
      boolean yearEnds) {
    for (int p = 0; p < tariff.energyHours().periods(); p++) {
      Ladder ladder = tariff.energy().get(p);
      BigDecimal taken = d.taken().get(p);
      BigDecimal fedIn = d.fedIn().get(p);
      if (tariff.feedIn() == FeedIn.NET_METERING) {
        BigDecimal net = taken.subtract(fedIn).subtract(carried[p]);
        taken = net.max(BigDecimal.ZERO);
        fedIn = net.negate().max(BigDecimal.ZERO);
        carried[p] = yearEnds ? BigDecimal.ZERO : fedIn;
        fedIn = yearEnds ? fedIn : BigDecimal.ZERO;
      }
      if (ladder.free()) {
        continue;
      }
      for (Portion portion : ladder.cut(taken, reach(ladder.per(), d, part, billed))) {
        lines.add(
            line(
                Kind.ENERGY,
                "Energy" + named(p, tariff.energyHours().periods(), portion, ladder),
                portion.quantity(),
                "kWh",
                portion.tier().rate()));
      }
      BigDecimal sell = ladder.tiers().getFirst().sell();
      if (fedIn.signum() > 0 && sell != null && tariff.feedIn() != FeedIn.UNPAID) {
        lines.add(
            line(
                Kind.FEED_IN,
                "Fed in" + (tariff.energyHours().periods() > 1 ? ", period " + p : ""),
                fedIn,
                "kWh",
                sell.negate()));
      }
    }
  }

  /** What a tier's reach is multiplied by. */
  private static BigDecimal reach(Per per, Determinants d, BigDecimal part, BigDecimal billed) {
    return switch (per) {
      case MONTH -> part;
      case DAY -> BigDecimal.valueOf(d.days());
      case KILOWATT -> billed.multiply(part);
      case KILOWATT_DAY -> billed.multiply(BigDecimal.valueOf(d.days()));
    };
  }

  private void demand(List<BillLine> lines, Determinants d, BigDecimal part, BigDecimal billed) {
    if (!tariff.flatDemand().isEmpty()) {
      Ladder ladder = tariff.flatDemand().get(d.month().getMonthValue() - 1);
      rungs(lines, "Demand", ladder, billed, part, 1, 0);
    }
    for (int p = 0; p < tariff.demand().size() && p < d.periodPeaks().size(); p++) {
      rungs(
          lines,
          "Demand by the hour",
          tariff.demand().get(p),
          d.periodPeaks().get(p).kilowatts(),
          part,
          tariff.demand().size(),
          p);
    }
  }

  private void rungs(
      List<BillLine> lines,
      String text,
      Ladder ladder,
      BigDecimal demand,
      BigDecimal part,
      int periods,
      int period) {
    if (ladder.free()) {
      return;
    }
    for (Portion portion : ladder.cut(demand, BigDecimal.ONE)) {
      lines.add(
          line(
              Kind.DEMAND,
              text + named(period, periods, portion, ladder),
              portion.quantity(),
              "kW",
              Sums.plain(portion.tier().rate().multiply(part))));
    }
  }

  private void fixed(List<BillLine> lines, Determinants d, BigDecimal part) {
    if (tariff.fixed().perDay().signum() != 0) {
      lines.add(
          line(
              Kind.FIXED,
              "Fixed charge",
              BigDecimal.valueOf(d.days()),
              "day",
              tariff.fixed().perDay()));
    }
    if (tariff.fixed().perMonth().signum() != 0) {
      lines.add(
          line(Kind.FIXED, "Fixed charge", Sums.plain(part), "month", tariff.fixed().perMonth()));
    }
  }

  private void minimum(
      List<BillLine> lines,
      Determinants d,
      BigDecimal part,
      boolean yearEnds,
      List<BilledMonth> before) {
    Tariff.Minimum least = tariff.minimum();
    BigDecimal owed =
        least.perDay().multiply(BigDecimal.valueOf(d.days())).max(least.perMonth().multiply(part));
    if (owed.signum() > 0) {
      raise(lines, owed, sum(lines), "Up to the month's minimum");
    }
    if (yearEnds && least.perYear().signum() > 0) {
      BigDecimal year = sum(lines);
      int days = d.days();
      for (BilledMonth earlier : before) {
        if (earlier.determinants().month().getYear() == d.month().getYear()) {
          for (BillLine line : earlier.lines()) {
            year = line.kind() == Kind.TAX ? year : year.add(line.amount());
          }
          days += earlier.determinants().days();
        }
      }
      BigDecimal share =
          Sums.divide(BigDecimal.valueOf(days), BigDecimal.valueOf(d.month().lengthOfYear()));
      raise(lines, least.perYear().multiply(share), year, "Up to the year's minimum");
    }
  }

  private void raise(List<BillLine> lines, BigDecimal least, BigDecimal have, String text) {
    BigDecimal missing = Sums.money(least, tariff.currency()).subtract(have);
    if (missing.signum() > 0) {
      lines.add(new BillLine(Kind.MINIMUM, text, BigDecimal.ONE, "", Sums.plain(missing), missing));
    }
  }

  private void taxes(List<BillLine> lines, Determinants d) {
    BigDecimal net = sum(lines);
    for (Tariff.Tax tax : tariff.taxes()) {
      if (tax.perKilowattHour().signum() != 0) {
        lines.add(line(Kind.TAX, tax.name(), d.used(), "kWh", tax.perKilowattHour()));
      }
      if (tax.share().signum() != 0) {
        lines.add(line(Kind.TAX, tax.name(), net, tariff.currency().toString(), tax.share()));
      }
    }
  }

  private static BigDecimal sum(List<BillLine> lines) {
    return lines.stream().map(BillLine::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static String named(int period, int periods, Portion portion, Ladder ladder) {
    return (periods > 1 ? ", period " + period : "")
        + (ladder.tiers().size() > 1 ? ", tier " + (portion.index() + 1) : "");
  }

  private BillLine line(
      Kind kind, String text, BigDecimal quantity, String unit, BigDecimal price) {
    return new BillLine(
        kind,
        text,
        Sums.plain(quantity),
        unit,
        Sums.plain(price),
        Sums.money(quantity.multiply(price), tariff.currency()));
  }
}
