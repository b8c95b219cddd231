package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.mdm.billing.BillLine.Kind;
import org.gridwarden.mdm.billing.Ladder.Portion;
import org.gridwarden.mdm.billing.Tariff.FeedIn;
import org.gridwarden.mdm.billing.Tier.Per;

/** What a month costs, line by line. Made for one month of one bill. */
final class MonthLines {
  private final Tariff tariff;
  private final Determinants d;
  private final BigDecimal billed;

  /** How much of the month was measured, by days. */
  private final BigDecimal part;

  private final List<BillLine> lines = new ArrayList<>();

  /**
   * @param billed the month's demand as it is priced, in kW
   */
  MonthLines(Tariff tariff, Determinants determinants, BigDecimal billed) {
    this.tariff = tariff;
    this.d = determinants;
    this.billed = billed;
    this.part =
        Sums.divide(BigDecimal.valueOf(d.days()), BigDecimal.valueOf(d.month().lengthOfMonth()));
  }

  /**
   * The month.
   *
   * @param carried kWh that were fed in and not yet taken off, by period; brought up to date
   * @param yearEnds whether what is left over is paid, and the year's minimum owed
   * @param before the months that were billed before, of which those of this year count
   */
  BilledMonth month(BigDecimal[] carried, boolean yearEnds, List<BilledMonth> before) {
    energy(carried, yearEnds);
    marketEnergy();
    demand();
    fixed();
    minimum(yearEnds, before);
    taxes();
    rounding();
    return new BilledMonth(
        d, lines, billed, Math.max(0, tariff.currency().getDefaultFractionDigits()));
  }

  private void energy(BigDecimal[] carried, boolean yearEnds) {
    int periods = tariff.energyHours().periods();
    BigDecimal all = BigDecimal.ZERO;
    for (int p = 0; p < periods; p++) {
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
      all = all.add(taken);
      if (ladder.free()) {
        continue;
      }
      String named = periods > 1 ? ", " + tariff.energyHours().name(p) : "";
      climb("Energy" + named, ladder, taken);
      BigDecimal sell = ladder.tiers().getFirst().sell();
      if (fedIn.signum() > 0 && sell != null && tariff.feedIn() != FeedIn.UNPAID) {
        add(Kind.FEED_IN, "Fed in" + named, fedIn, "kWh", sell.negate());
      }
    }
    for (Ladder ladder : tariff.terms().allEnergy()) {
      climb("Energy, all hours", ladder, all);
    }
  }

  private void climb(String text, Ladder ladder, BigDecimal energy) {
    for (Portion portion : ladder.cut(energy, reach(ladder.per()))) {
      add(
          Kind.ENERGY,
          text + step(portion, ladder),
          portion.quantity(),
          "kWh",
          portion.tier().rate());
    }
  }

  /** What a tier's reach is multiplied by. */
  private BigDecimal reach(Per per) {
    return switch (per) {
      case MONTH -> part;
      case DAY -> BigDecimal.valueOf(d.days());
      case KILOWATT -> billed.multiply(part);
      case KILOWATT_DAY -> billed.multiply(BigDecimal.valueOf(d.days()));
    };
  }

  /** Each interval at its own price: the line shows their mean, and its amount is their sum. */
  private void marketEnergy() {
    Dynamic dynamic = tariff.terms().dynamic();
    if (dynamic == null) {
      return;
    }
    BigDecimal taken = d.used();
    if (taken.signum() > 0) {
      BigDecimal cost =
          d.takenWorth().multiply(dynamic.times()).add(taken.multiply(dynamic.plus()));
      addSum(Kind.ENERGY, "Energy at market prices, mean", taken, cost);
    }
    BigDecimal fedIn = d.returned();
    BigDecimal sellTimes = dynamic.sellTimes();
    if (fedIn.signum() > 0 && sellTimes != null && tariff.feedIn() == FeedIn.NET_BILLING) {
      BigDecimal paid = d.fedInWorth().multiply(sellTimes).add(fedIn.multiply(dynamic.sellPlus()));
      addSum(Kind.FEED_IN, "Fed in at market prices, mean", fedIn, paid.negate());
    }
  }

  private void addSum(Kind kind, String text, BigDecimal quantity, BigDecimal sum) {
    lines.add(
        new BillLine(
            kind, text, Sums.plain(quantity), "kWh", Sums.divide(sum, quantity), money(sum)));
  }

  private void demand() {
    if (!tariff.flatDemand().isEmpty()) {
      rungs("Demand", tariff.flatDemand().get(d.month().getMonthValue() - 1), billed);
    }
    int periods = tariff.demand().size();
    for (int p = 0; p < periods && p < d.periodPeaks().size(); p++) {
      rungs(
          "Demand by the hour" + (periods > 1 ? ", " + tariff.demandHours().name(p) : ""),
          tariff.demand().get(p),
          d.periodPeaks().get(p).kilowatts());
    }
  }

  private void rungs(String text, Ladder ladder, BigDecimal demand) {
    if (ladder.free()) {
      return;
    }
    for (Portion portion : ladder.cut(demand, BigDecimal.ONE)) {
      add(
          Kind.DEMAND,
          text + step(portion, ladder),
          portion.quantity(),
          "kW",
          Sums.plain(portion.tier().rate().multiply(part)));
    }
  }

  private void fixed() {
    if (tariff.fixed().perDay().signum() != 0) {
      add(Kind.FIXED, "Fixed charge", days(), "day", tariff.fixed().perDay());
    }
    if (tariff.fixed().perMonth().signum() != 0) {
      add(Kind.FIXED, "Fixed charge", part, "month", tariff.fixed().perMonth());
    }
  }

  private void minimum(boolean yearEnds, List<BilledMonth> before) {
    Tariff.Minimum least = tariff.minimum();
    BigDecimal owed = least.perDay().multiply(days()).max(least.perMonth().multiply(part));
    if (owed.signum() > 0) {
      raise(owed, sum(), "Up to the month's minimum");
    }
    if (yearEnds && least.perYear().signum() > 0) {
      BigDecimal year = sum();
      int days = d.days();
      for (BilledMonth earlier : before) {
        if (earlier.determinants().month().getYear() == d.month().getYear()) {
          for (BillLine line : earlier.lines()) {
            year = Tariff.Base.NET.has(line) ? year.add(line.amount()) : year;
          }
          days += earlier.determinants().days();
        }
      }
      BigDecimal share =
          Sums.divide(BigDecimal.valueOf(days), BigDecimal.valueOf(d.month().lengthOfYear()));
      raise(least.perYear().multiply(share), year, "Up to the year's minimum");
    }
  }

  private void raise(BigDecimal least, BigDecimal have, String text) {
    BigDecimal missing = money(least).subtract(have);
    if (missing.signum() > 0) {
      lines.add(new BillLine(Kind.MINIMUM, text, BigDecimal.ONE, "", Sums.plain(missing), missing));
    }
  }

  private void taxes() {
    for (Tariff.Tax tax : tariff.taxes()) {
      BigDecimal base =
          lines.stream()
              .filter(tax.on()::has)
              .map(BillLine::amount)
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      tax(tax, d.used(), "kWh", tax.perKilowattHour());
      tax(tax, days(), "day", tax.perDay());
      tax(tax, part, "month", tax.perMonth());
      tax(tax, base, tariff.currency().toString(), tax.share());
    }
  }

  private void tax(Tariff.Tax tax, BigDecimal quantity, String unit, BigDecimal price) {
    if (price.signum() != 0) {
      add(Kind.TAX, tax.name(), quantity, unit, price);
    }
  }

  private void rounding() {
    BigDecimal missing = tariff.terms().rounding().missing(sum());
    if (missing.signum() != 0) {
      lines.add(
          new BillLine(
              Kind.ROUNDING,
              "Rounded to " + tariff.terms().rounding().totalTo(),
              BigDecimal.ONE,
              "",
              Sums.plain(missing),
              money(missing)));
    }
  }

  private BigDecimal days() {
    return BigDecimal.valueOf(d.days());
  }

  private BigDecimal sum() {
    return lines.stream().map(BillLine::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static String step(Portion portion, Ladder ladder) {
    return ladder.tiers().size() > 1 ? ", tier " + (portion.index() + 1) : "";
  }

  private void add(Kind kind, String text, BigDecimal quantity, String unit, BigDecimal price) {
    lines.add(
        new BillLine(
            kind,
            text,
            Sums.plain(quantity),
            unit,
            Sums.plain(price),
            money(quantity.multiply(price))));
  }

  private BigDecimal money(BigDecimal amount) {
    return tariff.terms().rounding().line(amount, tariff.currency());
  }
}
