package org.gridwarden.mdm.tariff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Currency;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.mdm.billing.Bill;
import org.gridwarden.mdm.billing.BillLine;
import org.gridwarden.mdm.billing.BilledMonth;
import org.gridwarden.mdm.billing.Biller;
import org.gridwarden.mdm.billing.BudgetPlan;
import org.gridwarden.mdm.billing.IncompleteLoadException;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Settlement;
import org.gridwarden.mdm.billing.Span;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.virtual.Formula;
import org.gridwarden.mdm.virtual.VirtualMeters;
import org.junit.jupiter.api.Test;

/**
 * What the simple cases of InvoicesTest do not have, laid out by hand: each step stands beside it.
 * Nothing of the code under test is used to find what is expected.
 */
class CalculationsTest {
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  @Test
  void aTariffThatChangesWithinAMonth() throws Exception {
    // April: 15 days each. 360 kWh x 0.1 = 36.00, half of 10 = 5.00; 360 x 0.2 = 72.00, half of 6
    Tariff old = tariff("energy: {price: 0.1}\nfixed: {per-month: 10}");
    Tariff fresh = tariff("energy: {price: 0.2}\nfixed: {per-month: 6}");
    List<Bill> bills =
        Settlement.bills(
            List.of(
                new Settlement.Term(day(2025, 1, 1), old),
                new Settlement.Term(day(2026, 4, 16), fresh)),
            hours(2026, 1),
            UTC.getRules(),
            day(2026, 4, 1),
            day(2026, 5, 1),
            false);
    assertThat(bills).hasSize(2);
    assertThat(bills.getFirst().total()).isEqualByComparingTo("41.00");
    assertThat(bills.getLast().total()).isEqualByComparingTo("75.00");
  }

  @Test
  void aTierAndAPeakOfATariffThatChangesWithinAMonth() throws Exception {
    // until 11 April: 10 of 30 days. Tier of 300 is 100: 100 x 0.1 = 10.00, 140 x 0.3 = 42.00;
    // peak 1 kW x 9 x 1/3 = 3.00. From then on: 20 days, 480 + 5 kWh x 0.2 = 97.00;
    // peak 6 kW x 9 x 2/3 = 36.00
    Load load = hours(2026, 1);
    load.values()[at(2026, 4, 20)] = 6;
    Tariff old =
        tariff(
            "energy: {tiers: [{up-to: 300, price: 0.1}, {price: 0.3}], counted: month}\n"
                + "demand: {by-month: {price: 9}}");
    Tariff fresh = tariff("energy: {price: 0.2}\ndemand: {by-month: {price: 9}}");
    List<Bill> bills =
        Settlement.bills(
            List.of(
                new Settlement.Term(day(2026, 1, 1), old),
                new Settlement.Term(day(2026, 4, 11), fresh)),
            load,
            UTC.getRules(),
            day(2026, 4, 1),
            day(2026, 5, 1),
            false);
    assertThat(bills.getFirst().total()).isEqualByComparingTo("55.00");
    assertThat(bills.getLast().total()).isEqualByComparingTo("133.00");
  }

  @Test
  void whoMovesOutPaysUntilThatDay() throws Exception {
    // May until the 11th: 10 of 31 days. 240 kWh x 0.25 = 60.00; 31 x 10/31 = 10.00
    Tariff tariff = tariff("energy: {price: 0.25}\nfixed: {per-month: 31}");
    Span last = new Span(day(2026, 1, 1), day(2026, 5, 1), day(2026, 5, 11), true);
    assertThat(new Biller(tariff, UTC.getRules()).bill(hours(2026, 1), last).total())
        .isEqualByComparingTo("70.00");
  }

  @Test
  void whoLeavesIsPaidWhatIsLeftOver() throws Exception {
    // January uses 743 kWh and feeds in 843: 100 are carried on. February until the 15th uses 335
    // and feeds in 500: 500 + 100 - 335 = 265 are left over x 0.05
    Tariff tariff = tariff("energy: {price: 0.2, sell: 0.05}\nfeed-in: net-metering");
    Load load = hours(2026, 1);
    load.values()[at(2026, 1, 9)] = -843; // 743 - 843 = -100
    load.values()[at(2026, 2, 3)] = -500; // 335 - 500 = -165
    Biller biller = new Biller(tariff, UTC.getRules());
    assertThat(
            biller
                .bill(load, new Span(day(2026, 1, 1), day(2026, 1, 1), day(2026, 2, 1), false))
                .total())
        .isEqualByComparingTo("0.00");
    assertThat(
            biller
                .bill(load, new Span(day(2026, 1, 1), day(2026, 2, 1), day(2026, 2, 15), true))
                .total())
        .isEqualByComparingTo("-13.25");
  }

  @Test
  void monthByMonthIsTheSameAsTheYear() throws Exception {
    // June feeds 1000 kWh more than it uses, July takes 744 of them, August 256: 488 x 0.2 = 97.60
    Tariff tariff = tariff("energy: {price: 0.2, sell: 0.05}\nfeed-in: net-metering");
    Load load = hours(2026, 1);
    load.values()[at(2026, 6, 1)] = -1_719;
    Biller biller = new Biller(tariff, UTC.getRules());
    Instant since = day(2026, 1, 1);
    assertThat(biller.bill(load, new Span(since, day(2026, 7, 1), day(2026, 8, 1), false)).total())
        .isEqualByComparingTo("0.00");
    assertThat(biller.bill(load, new Span(since, day(2026, 8, 1), day(2026, 9, 1), false)).total())
        .isEqualByComparingTo("97.60");
  }

  @Test
  void theShortDayHasAShortNight() throws Exception {
    // 29 March: 23 hours, 5 of them before 6: 5 x 0.1 + 18 x 0.2
    assertThat(oneDay(2026, 3, 29, 23).total()).isEqualByComparingTo("4.10");
  }

  @Test
  void theLongDayHasALongNight() throws Exception {
    // 25 October: 25 hours, 7 of them before 6: 7 x 0.1 + 18 x 0.2
    assertThat(oneDay(2026, 10, 25, 25).total()).isEqualByComparingTo("4.30");
  }

  @Test
  void aHolidayInTheWeekIsNoWeekday() throws Exception {
    // Mon 30 and Tue 31 March: each 12 x 0.3 + 12 x 0.1 = 4.80. Wed 1 and Thu 2 April: the same.
    // Good Friday, Saturday, Sunday: each 24 x 0.1 = 2.40
    Tariff tariff =
        tariff(
            "holidays: {rules: [easter-2]}\nenergy:\n  periods: {day: {price: 0.3}, night: {price:"
                + " 0.1}}\n  otherwise: night\n  hours: [{period: day, days: [weekdays], from:"
                + " 08:00, to: 20:00}]");
    Load load = new Load("m", day(2026, 3, 30), 3_600, filled(7 * 24, 1), 0, false);
    Bill bill = new Biller(tariff, UTC.getRules()).bill(load, m -> true);
    assertThat(bill.months().getFirst().total()).isEqualByComparingTo("9.60");
    assertThat(bill.months().getLast().total()).isEqualByComparingTo("16.80");
  }

  @Test
  void aPeriodThatBeginsAtAQuarterHour() throws Exception {
    // 1 kWh a quarter-hour; 07:15 to 07:45 are 2 of 96: 2 x 0.5 + 94 x 0.1
    Tariff tariff =
        tariff(
            "energy:\n  periods: {dear: {price: 0.5}, cheap: {price: 0.1}}\n  otherwise: cheap\n"
                + "  hours: [{period: dear, from: 07:15, to: 07:45}]");
    Load load = new Load("m", day(2026, 6, 1), 900, filled(96, 1), 0, false);
    assertThat(new Biller(tariff, UTC.getRules()).bill(load, m -> true).total())
        .isEqualByComparingTo("10.40");
  }

  @Test
  void seasonsThatBeginWithinAMonth() throws Exception {
    // April 2026, summer from the 15th: 14 x 24 = 336 x 0.3 = 100.80, 16 x 24 = 384 x 0.1 = 38.40
    Tariff tariff =
        tariff(
            "seasons: {winter: {from: 10-15, to: 04-14}, summer: {from: 04-15, to: 10-14}}\n"
                + "energy:\n  periods: {dear: {price: 0.3}, cheap: {price: 0.1}}\n  otherwise:"
                + " cheap\n  hours: [{period: dear, seasons: [winter]}]");
    assertThat(month(bill(tariff, hours(2026, 1)), 4).total()).isEqualByComparingTo("139.20");
  }

  @Test
  void tiersOfAllHoursTogether() throws Exception {
    // January: 12 h a day x 31 = 372 day x 0.2 = 74.40, 372 night x 0.1 = 37.20; of all 744: 500 x
    // 0.01 = 5.00, 244 x 0.02 = 4.88
    Tariff tariff =
        tariff(
            "energy:\n  periods: {day: {price: 0.2}, night: {price: 0.1}}\n  otherwise: night\n"
                + "  hours: [{period: day, from: 08:00, to: 20:00}]\n"
                + "  all: {tiers: [{up-to: 500, price: 0.01}, {price: 0.02}], counted: month}");
    assertThat(month(bill(tariff, hours(2026, 1)), 1).total()).isEqualByComparingTo("121.48");
  }

  @Test
  void aVirtualMeterWithLosses() throws Exception {
    // 1.05 x (3 + 4) - 2 = 5.35 kWh an hour x 24 = 128.4 x 0.25
    Map<String, Load> meters =
        Map.of("feeder-a", constant(3), "feeder-b", constant(4), "flat", constant(2));
    Load load =
        new VirtualMeters(
                Map.of(
                    "both", Formula.parse("feeder-a + feeder-b"),
                    "rest", Formula.parse("1.05 * both - flat")),
                meters)
            .load("rest");
    Bill bill = bill(tariff("energy: {price: 0.25}"), load);
    assertThat(bill.months().getFirst().determinants().used()).isEqualByComparingTo("128.4");
    assertThat(bill.total()).isEqualByComparingTo("32.10");
  }

  @Test
  void budgetBilling() throws Exception {
    // 1000 / 12 = 83.3333: eleven times 83.33 = 916.63, and 83.37. The year cost 12 x 85.50 =
    // 1026.00: 26.00 are owed at its end; after eleven instalments 1026.00 - 916.63 = 109.37
    BudgetPlan plan = new BudgetPlan(Currency.getInstance("EUR"), new BigDecimal("1000"), 12);
    assertThat(plan.amounts().subList(0, 11)).containsOnly(new BigDecimal("83.33"));
    assertThat(plan.amounts().getLast()).isEqualByComparingTo("83.37");
    List<Bill> year = List.of(bill(tariff("fixed: {per-month: 85.50}"), hours(2026, 1)));
    assertThat(plan.trueUp(year, 12)).isEqualByComparingTo("26.00");
    assertThat(plan.trueUp(year, 11)).isEqualByComparingTo("109.37");
    // a cheaper year is paid back: 12 x 80.00 - 1000.00
    List<Bill> cheap = List.of(bill(tariff("fixed: {per-month: 80}"), hours(2026, 1)));
    assertThat(plan.trueUp(cheap, 12)).isEqualByComparingTo("-40.00");
  }

  @Test
  void pricesByTheQuarterHour() throws Exception {
    // 0.5 x 0.10 + 1 x 0.20 + 0 x 9 + 2 x -0.05 = 0.15; x 1.1 = 0.165; + 3.5 x 0.02 = 0.07: 0.235
    Tariff tariff =
        market("900", List.of("0.10", "0.20", "9", "-0.05"), "times: 1.1\n    plus: 0.02", "");
    Load load = new Load("m", day(2026, 6, 1), 900, new long[] {5, 10, 0, 20}, 1, false);
    Bill bill = bill(tariff, load);
    assertThat(bill.total()).isEqualByComparingTo("0.24");
    BillLine line = bill.months().getFirst().lines().getFirst();
    assertThat(line.quantity()).isEqualByComparingTo("3.5");
    // 0.235 / 3.5 = 0.0671428571428…
    assertThat(line.price()).isEqualByComparingTo("0.067142857143");
  }

  @Test
  void pricesByTheHourForReadingsByTheQuarterHourWhichFeedIn() throws Exception {
    // taken: 1 kWh x 0.30 = 0.30. Fed in: (1 x 0.30 + 2 x 0.20) x 0.9 = 0.63, less 3 x 0.01 = 0.60
    Tariff tariff =
        market(
            "3600",
            List.of("0.30", "0.20"),
            "sell-times: 0.9\n    sell-plus: -0.01",
            "feed-in: net-billing");
    Load load =
        new Load("m", day(2026, 6, 1), 900, new long[] {1, 0, 0, -1, -1, -1, 0, 0}, 0, false);
    assertThat(bill(tariff, load).total()).isEqualByComparingTo("-0.30");
  }

  @Test
  void anIntervalWithoutAPriceIsNotBilled() throws Exception {
    Tariff tariff = market("900", List.of("0.10", "0.20"), "times: 1", "");
    Load late = new Load("m", day(2026, 6, 1), 900, new long[] {1, 1, 1}, 0, false);
    assertThatThrownBy(() -> bill(tariff, late))
        .isInstanceOf(IncompleteLoadException.class)
        .hasMessageContaining("no price for the interval of meter m that starts 2026-06-01T00:30");
    // an hour has no single price where prices are by the quarter-hour
    Load hourly = new Load("m", day(2026, 6, 1), 3_600, new long[] {1}, 0, false);
    assertThatThrownBy(() -> bill(tariff, hourly))
        .isInstanceOf(IncompleteLoadException.class)
        .hasMessageContaining("steps no shorter than the interval");
  }

  @Test
  void taxesOnLeviesAndATotalThatCanBePaid() throws Exception {
    // January: 744 x 0.25 = 186.00; fixed 10.00; levy 744 x 0.02 = 14.88; concession 3.5 % of
    // 186.00 = 6.51; VAT 8.1 % of 186.00 + 10.00 + 14.88 + 6.51 = 217.39: 17.60859. Sum 235.00
    Tariff tariff =
        tariff(
            "energy: {price: 0.25}\nfixed: {per-month: 10}\ntaxes:\n  - {name: Levy, per-kwh:"
                + " 0.02}\n  - {name: Concession, percent: 3.5, on: [energy]}\n  - {name: VAT,"
                + " percent: 8.1, on: [all, Levy, Concession]}");
    assertThat(month(bill(tariff, hours(2026, 1)), 1).total()).isEqualByComparingTo("235.00");
    // February: 168.00 + 10.00 + 13.44 + 5.88 = 197.32; 8.1 % = 15.98292; sum 213.30
    assertThat(month(bill(tariff, hours(2026, 1)), 2).total()).isEqualByComparingTo("213.30");
  }

  @Test
  void severalRatesAndLeviesByTheMonthAndTheDay() throws Exception {
    // April: 720 x 0.1 = 72.00; fixed 20.00; 30 x 0.03 = 0.90; 1.50; 19 % of 72.00 = 13.68; 7 % of
    // 20.00 = 1.40
    Tariff tariff =
        tariff(
            "energy: {price: 0.1}\nfixed: {per-month: 20}\ntaxes:\n  - {name: A, per-day: 0.03,"
                + " per-month: 1.5}\n  - {name: High, percent: 19, on: [energy]}\n  - {name: Low,"
                + " percent: 7, on: [fixed]}");
    assertThat(month(bill(tariff, hours(2026, 1)), 4).total()).isEqualByComparingTo("109.48");
  }

  @Test
  void aTotalRoundedToCoins() throws Exception {
    // 744 x 0.0317 = 23.5848: 23.58; to 0.05: 23.60. 720 x 0.0317 = 22.824: 22.82; to 0.05: 22.80
    Tariff tariff = tariff("energy: {price: 0.0317}", "{lines: half-up, total-to: 0.05}");
    Bill bill = bill(tariff, hours(2026, 1));
    assertThat(month(bill, 1).total()).isEqualByComparingTo("23.60");
    assertThat(month(bill, 4).total()).isEqualByComparingTo("22.80");
    assertThat(month(bill, 1).sum(BillLine.Kind.ROUNDING)).isEqualByComparingTo("0.02");
  }

  @Test
  void halvesToEven() throws Exception {
    // 1 kWh x 0.125: halves up 0.13, to even 0.12; 3 kWh x 0.125 = 0.375: 0.38 in both
    Load one = new Load("m", day(2026, 6, 1), 3_600, new long[] {1}, 0, false);
    Load three = new Load("m", day(2026, 6, 1), 3_600, new long[] {3}, 0, false);
    Tariff even = tariff("energy: {price: 0.125}", "{lines: half-even}");
    assertThat(bill(tariff("energy: {price: 0.125}"), one).total()).isEqualByComparingTo("0.13");
    assertThat(bill(even, one).total()).isEqualByComparingTo("0.12");
    assertThat(bill(even, three).total()).isEqualByComparingTo("0.38");
  }

  @Test
  void aPeakAcrossTwoBlocksIsSeenByASlidingWindow() throws Exception {
    // kW by quarter-hours: … 0 8 | 8 0 …: blocks of 30 minutes have (0 + 8) / 2 = 4, a window that
    // slides sees 8; at 5 a kW
    long[] kw = new long[31 * 96];
    kw[10 * 96 + 1] = 8; // 00:15
    kw[10 * 96 + 2] = 8; // 00:30
    Load load = new Load("m", day(2026, 1, 1), 900, kw, 0, true);
    String demand = "demand: {by-month: {price: 5}, window: {minutes: 30, sliding: ";
    assertThat(bill(tariff(demand + "false}}"), load).total()).isEqualByComparingTo("20.00");
    assertThat(bill(tariff(demand + "true}}"), load).total()).isEqualByComparingTo("40.00");
  }

  @Test
  void aSlidingWindowBelongsToTheMonthInWhichItEnds() throws Exception {
    // 8 kW in January's last quarter-hour and February's first: January's windows have (0 + 8) / 2
    // =
    // 4 at most, the one that ends in February has 8
    long[] kw = new long[59 * 96];
    kw[31 * 96 - 1] = 8;
    kw[31 * 96] = 8;
    Load load = new Load("m", day(2026, 1, 1), 900, kw, 0, true);
    Bill bill =
        bill(tariff("demand: {by-month: {price: 5}, window: {minutes: 30, sliding: true}}"), load);
    assertThat(month(bill, 1).total()).isEqualByComparingTo("20.00");
    assertThat(month(bill, 2).total()).isEqualByComparingTo("40.00");
  }

  @Test
  void aRatchetAcrossAYearsEnd() throws Exception {
    // 50 kW in November 2026, 1 kW else; 60 % of the highest of this month and the eleven before:
    // 30 kW until October 2027, of which November 2026 is eleven months back; then the own 1 kW; at
    // 2
    long[] kw = new long[730 * 24];
    Arrays.fill(kw, 1);
    kw[at(2026, 11, 20)] = 50;
    Load load = new Load("m", day(2026, 1, 1), 3_600, kw, 0, true);
    Tariff tariff = tariff("demand: {by-month: {price: 2}, look-back: {percent: 60, months: 11}}");
    Biller biller = new Biller(tariff, UTC.getRules());
    Map<String, String> expected =
        Map.of(
            "2026-10", "2.00", "2026-11", "100.00", "2026-12", "60.00", "2027-01", "60.00",
            "2027-10", "60.00", "2027-11", "2.00");
    Bill all = biller.bill(load, m -> true);
    for (BilledMonth month : all.months()) {
      String total = expected.get(month.determinants().month().toString());
      if (total != null) {
        assertThat(month.total())
            .as("%s", month.determinants().month())
            .isEqualByComparingTo(total);
        // and the same where each month is billed for itself
        Instant from = month.determinants().from();
        Span span = new Span(load.start(), from, month.determinants().to(), false);
        assertThat(biller.bill(load, span).total()).isEqualByComparingTo(total);
      }
    }
  }

  @Test
  void aRatchetFromSomeMonthsOnly() throws Exception {
    // only December to February count, and only March to May are raised: 40 kW in July do nothing,
    // 20 kW in January are 10 in April; at 3
    Load load = hours(2026, 1);
    load.values()[at(2026, 1, 7)] = 20;
    load.values()[at(2026, 7, 7)] = 40;
    Tariff tariff =
        tariff(
            "demand: {by-month: {price: 3}, look-back: {percent: 50, months: 11, counts: [december,"
                + " january, february], applies: [march, april, may]}}");
    Bill bill = bill(tariff, load);
    assertThat(month(bill, 2).total()).isEqualByComparingTo("3.00");
    assertThat(month(bill, 4).total()).isEqualByComparingTo("30.00");
    assertThat(month(bill, 8).total()).isEqualByComparingTo("3.00");
  }

  @Test
  void theLeastThatAPartOfAYearCosts() throws Exception {
    // moved in on 1 July, moves out on 1 October: 92 of 365 days of 365 = 92.00 at least. 2208 kWh
    // x
    // 0.01 by months: 7.44, 7.44, 7.20 = 22.08; September is raised by 69.92
    Tariff tariff = tariff("energy: {price: 0.01}\nminimum: {per-year: 365}");
    Biller biller = new Biller(tariff, UTC.getRules());
    Load load = new Load("m", day(2026, 7, 1), 3_600, filled(92 * 24, 1), 0, false);
    Instant in = day(2026, 7, 1);
    assertThat(biller.bill(load, new Span(in, in, day(2026, 8, 1), false)).total())
        .isEqualByComparingTo("7.44");
    assertThat(biller.bill(load, new Span(in, day(2026, 9, 1), day(2026, 10, 1), true)).total())
        .isEqualByComparingTo("77.12");
  }

  @Test
  void aChangeCountsFromMidnightOnAnInterval() throws Exception {
    Biller biller = new Biller(tariff("energy: {price: 1}"), ZURICH.getRules());
    Load load = new Load("m", day(2026, 1, 1), 3_600, filled(240, 1), 0, false);
    Instant from = Instant.parse("2026-01-01T23:00:00Z"); // midnight in Zurich
    assertThat(biller.bill(load, new Span(from, from, from.plusSeconds(86_400), false)).total())
        .isEqualByComparingTo("24.00");
    assertThatThrownBy(() ->
            biller.bill(load, new Span(from, from, Instant.parse("2026-01-03T00:00:00Z"), false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no civil midnight");
    assertThatThrownBy(() ->
            biller.bill(load, new Span(from, from, Instant.parse("2027-01-03T23:00:00Z"), false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no interval that begins or ends");
  }

  private static Bill oneDay(int year, int month, int day, int hours) throws Exception {
    Tariff tariff =
        tariff(
            "energy:\n  periods: {night: {price: 0.1}, day: {price: 0.2}}\n  otherwise: day\n"
                + "  hours: [{period: night, to: 06:00}]");
    Instant start = LocalDate.of(year, month, day).atStartOfDay(ZURICH).toInstant();
    Load load = new Load("m", start, 3_600, filled(hours, 1), 0, false);
    Bill bill = new Biller(tariff, ZURICH.getRules()).bill(load, m -> true);
    assertThat(bill.months().getFirst().determinants().days()).isEqualTo(1);
    return bill;
  }

  private static Tariff market(String step, List<String> prices, String terms, String feedIn)
      throws Exception {
    StringBuilder csv = new StringBuilder("start,per_kwh\n");
    Instant at = day(2026, 6, 1);
    for (String price : prices) {
      csv.append(at).append(',').append(price).append('\n');
      at = at.plusSeconds(Long.parseLong(step));
    }
    byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    String text =
        begin("{lines: half-up}")
            + feedIn
            + "\nenergy:\n  market:\n    files: [{file: p.csv, sha256: "
            + hash
            + "}]\n    "
            + terms
            + "\n";
    return TariffFile.parse(
            text.getBytes(StandardCharsets.UTF_8), (name, sha256) -> Optional.of(bytes))
        .tariff();
  }

  private static Tariff tariff(String fields) throws Exception {
    return tariff(fields, "{lines: half-up}");
  }

  private static Tariff tariff(String fields, String rounding) throws Exception {
    return TariffFile.parse(
            (begin(rounding) + fields + "\n").getBytes(StandardCharsets.UTF_8), PriceFiles.NONE)
        .tariff();
  }

  private static String begin(String rounding) {
    return "gridwarden-tariff: 1\nname: t\ncurrency: EUR\nrounding: " + rounding + "\n";
  }

  private static Bill bill(Tariff tariff, Load load) throws Exception {
    return new Biller(tariff, UTC.getRules()).bill(load, m -> true);
  }

  private static BilledMonth month(Bill bill, int month) {
    return bill.months().stream()
        .filter(m -> m.determinants().month().getMonthValue() == month)
        .findFirst()
        .orElseThrow();
  }

  /** A year of hours, each of the same kW. */
  private static Load hours(int year, long kilowatts) {
    return new Load(
        "m",
        day(year, 1, 1),
        3_600,
        filled(LocalDate.of(year, 1, 1).lengthOfYear() * 24, kilowatts),
        0,
        true);
  }

  /** A day of hours. */
  private static Load constant(long kilowattHours) {
    return new Load("m", day(2026, 6, 1), 3_600, filled(24, kilowattHours), 0, false);
  }

  private static long[] filled(int count, long value) {
    long[] values = new long[count];
    Arrays.fill(values, value);
    return values;
  }

  private static Instant day(int year, int month, int day) {
    return LocalDate.of(year, month, day).atStartOfDay(UTC).toInstant();
  }

  /** The index of the first hour of a day of 2026. */
  private static int at(int year, int month, int day) {
    return (LocalDate.of(year, month, day).getDayOfYear() - 1) * 24;
  }
}
