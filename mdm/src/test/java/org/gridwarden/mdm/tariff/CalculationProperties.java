package org.gridwarden.mdm.tariff;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.gridwarden.mdm.billing.Bill;
import org.gridwarden.mdm.billing.BillLine;
import org.gridwarden.mdm.billing.BillLine.Kind;
import org.gridwarden.mdm.billing.BilledMonth;
import org.gridwarden.mdm.billing.Biller;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Settlement;
import org.gridwarden.mdm.billing.Span;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.virtual.Formula;
import org.gridwarden.mdm.virtual.VirtualMeters;

/** What holds of every bill by a tariff in our own form, whatever it says. */
class CalculationProperties {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  /**
   * @param seed draws the tariff and the load
   * @param first the first month
   * @param months how many
   * @param feedIn unpaid, net-metering or net-billing
   */
  record Case(long seed, YearMonth first, int months, String feedIn, boolean taxes) {
    Instant start() {
      return first.atDay(1).atStartOfDay(ZURICH).toInstant();
    }

    Instant end() {
      return first.plusMonths(months).atDay(1).atStartOfDay(ZURICH).toInstant();
    }
  }

  @Property(tries = 600)
  void theWholeIsTheSumOfItsPartsAndTaxesAreOnWhatTheySay(@ForAll("cases") Case c)
      throws Exception {
    Tariff tariff = tariff(c);
    for (BilledMonth month :
        new Biller(tariff, ZURICH.getRules()).bill(load(c), m -> true).months()) {
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal net = BigDecimal.ZERO;
      BigDecimal levy = BigDecimal.ZERO;
      BigDecimal vat = BigDecimal.ZERO;
      for (BillLine line : month.lines()) {
        sum = sum.add(line.amount());
        if (line.kind() != Kind.TAX && line.kind() != Kind.ROUNDING) {
          net = net.add(line.amount());
        }
        levy = line.text().equals("Levy") ? levy.add(line.amount()) : levy;
        vat = line.text().equals("VAT") ? vat.add(line.amount()) : vat;
      }
      assertThat(month.total()).isEqualByComparingTo(sum);
      // a total that can be paid in coins
      assertThat(month.total().remainder(new BigDecimal("0.05"))).isEqualByComparingTo("0");
      if (c.taxes()) {
        assertThat(net.add(levy).multiply(new BigDecimal("0.081")).subtract(vat).abs())
            .isLessThanOrEqualTo(new BigDecimal("0.005"));
      }
    }
  }

  @Property(tries = 400)
  void monthByMonthIsTheSameAsAllAtOnce(@ForAll("cases") Case c) throws Exception {
    Load load = load(c);
    Biller biller = new Biller(tariff(c), ZURICH.getRules());
    Bill all = biller.bill(load, new Span(c.start(), c.start(), c.end(), true));
    List<BilledMonth> each = new ArrayList<>();
    for (int m = 0; m < c.months(); m++) {
      Instant from = c.first().plusMonths(m).atDay(1).atStartOfDay(ZURICH).toInstant();
      Instant to = c.first().plusMonths(m + 1).atDay(1).atStartOfDay(ZURICH).toInstant();
      each.addAll(biller.bill(load, new Span(c.start(), from, to, m == c.months() - 1)).months());
    }
    assertThat(each).isEqualTo(all.months());
  }

  @Property(tries = 400)
  void aChangeToTheSameTariffMovesNothingButRoundings(@ForAll("cases") Case c) throws Exception {
    Load load = load(c);
    Tariff tariff = tariff(new Case(c.seed(), c.first(), c.months(), "net-billing", false), true);
    LocalDate last = c.first().plusMonths(c.months()).atDay(1);
    long days = last.toEpochDay() - c.first().atDay(1).toEpochDay();
    Instant cut =
        c.first()
            .atDay(1)
            .plusDays(1 + Math.floorMod(c.seed(), days - 1))
            .atStartOfDay(ZURICH)
            .toInstant();
    Bill one =
        new Biller(tariff, ZURICH.getRules())
            .bill(load, new Span(c.start(), c.start(), c.end(), true));
    List<Bill> two =
        Settlement.bills(
            List.of(new Settlement.Term(c.start(), tariff), new Settlement.Term(cut, tariff)),
            load,
            ZURICH.getRules(),
            c.start(),
            c.end(),
            true);
    BigDecimal sum = two.stream().map(Bill::total).reduce(BigDecimal.ZERO, BigDecimal::add);
    int lines = one.months().stream().mapToInt(m -> m.lines().size()).sum();
    for (Bill bill : two) {
      lines += bill.months().stream().mapToInt(m -> m.lines().size()).sum();
    }
    assertThat(sum.subtract(one.total()).abs())
        .isLessThanOrEqualTo(new BigDecimal("0.005").multiply(BigDecimal.valueOf(lines)));
  }

  @Property(tries = 300)
  void aSumOfMetersHasTheSumOfTheirEnergy(@ForAll("cases") Case c) throws Exception {
    Load a = load(c);
    Load b = load(new Case(c.seed() + 1, c.first(), c.months(), c.feedIn(), c.taxes()));
    Load both =
        new VirtualMeters(Map.of("both", Formula.parse("a + b")), Map.of("a", a, "b", b))
            .load("both");
    assertThat(Arrays.stream(both.values()).sum())
        .isEqualTo(Arrays.stream(a.values()).sum() + Arrays.stream(b.values()).sum());
    // without tiers and demand two meters cost what their sum does, but for roundings
    Tariff tariff = tariff(new Case(c.seed(), c.first(), c.months(), "unpaid", false), true);
    Load positiveA = positive(a);
    Load positiveB = positive(b);
    Load sum =
        new VirtualMeters(
                Map.of("both", Formula.parse("b + a")), Map.of("a", positiveA, "b", positiveB))
            .load("both");
    Biller biller = new Biller(tariff, ZURICH.getRules());
    BigDecimal apart = BigDecimal.ZERO;
    int lines = 0;
    for (Load load : List.of(positiveA, positiveB)) {
      Bill bill = biller.bill(load, m -> true);
      apart = apart.add(energy(bill));
      lines += bill.months().stream().mapToInt(m -> m.lines().size()).sum();
    }
    Bill together = biller.bill(sum, m -> true);
    lines += together.months().stream().mapToInt(m -> m.lines().size()).sum();
    assertThat(energy(together).subtract(apart).abs())
        .isLessThanOrEqualTo(new BigDecimal("0.005").multiply(BigDecimal.valueOf(lines)));
  }

  @Provide
  Arbitrary<Case> cases() {
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.integers().between(0, 30),
            Arbitraries.integers().between(1, 3),
            Arbitraries.of("unpaid", "net-metering", "net-billing"),
            Arbitraries.of(true, false))
        .as((seed, month, months, feedIn, taxes) ->
            new Case(seed, YearMonth.of(2025, 1).plusMonths(month), months, feedIn, taxes));
  }

  private static BigDecimal energy(Bill bill) {
    return bill.months().stream()
        .map(m -> m.sum(Kind.ENERGY))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Load positive(Load load) {
    return new Load(
        load.meter(),
        load.start(),
        load.seconds(),
        Arrays.stream(load.values()).map(Math::abs).toArray(),
        load.scale(),
        false);
  }

  private static Load load(Case c) {
    Random random = new Random(c.seed());
    int slots = (int) ((c.end().getEpochSecond() - c.start().getEpochSecond()) / 3_600);
    return new Load("m", c.start(), 3_600, random.longs(slots, -800, 3_000).toArray(), 3, false);
  }

  private static Tariff tariff(Case c) throws Exception {
    return tariff(c, false);
  }

  /**
   * @param linear without tiers, demand and coins, so that what is cut in two costs the same
   */
  private static Tariff tariff(Case c, boolean linear) throws Exception {
    Random random = new Random(c.seed() * 31);
    StringBuilder yaml =
        new StringBuilder("gridwarden-tariff: 1\nname: t\ncurrency: CHF\nrounding: {lines: half-up")
            .append(linear ? "}\n" : ", total-to: 0.05}\n")
            .append("holidays: {rules: [easter-2, easter+1, 12-25, last monday of may]}\n")
            .append("seasons: {winter: {from: 10-15, to: 04-14}}\n")
            .append("feed-in: ")
            .append(c.feedIn())
            .append("\nfixed: {per-day: 0.17, per-month: ")
            .append(random.nextInt(20))
            .append("}\nenergy:\n  periods:\n    peak: {price: 0.")
            .append(100 + random.nextInt(300))
            .append(", sell: 0.0")
            .append(1 + random.nextInt(9))
            .append("}\n    night: ")
            .append(
                linear
                    ? "{price: 0.1234}"
                    : "{tiers: [{up-to: 90, price: 0.07}, {price: 0.11}], counted: month}")
            .append("\n  otherwise: night\n  hours:\n")
            .append("    - {period: night, days: [holidays, sunday]}\n")
            .append("    - {period: peak, seasons: [winter], from: 06:00, to: ")
            .append(10 + random.nextInt(13))
            .append(":30}\n    - {period: peak, days: [weekdays], from: 22:00, to: 05:00}\n");
    if (!linear) {
      yaml.append("demand: {by-month: {price: 3.3}, look-back: {percent: 40, months: 2}}\n");
      yaml.append("minimum: {per-month: 30, per-year: 900}\n");
    }
    if (c.taxes()) {
      yaml.append("taxes: [{name: Levy, per-kwh: 0.0231}, {name: VAT, percent: 8.1, on: [all,")
          .append(" Levy]}]\n");
    }
    return TariffFile.parse(yaml.toString().getBytes(StandardCharsets.UTF_8), PriceFiles.NONE)
        .tariff();
  }
}
