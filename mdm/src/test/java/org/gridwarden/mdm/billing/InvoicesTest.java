package org.gridwarden.mdm.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Invoices laid out by hand: each step stands beside it, so that whoever doubts a figure can take a
 * pencil. Nothing of the code under test is used to find what is expected.
 */
class InvoicesTest {
  private static final String ALWAYS = table(0, 0, 0, 0);

  @Test
  void oneEnergyPrice() throws Exception {
    // January: 744 h x 1 kW = 744 kWh x 0.25
    bill("\"energyratestructure\":[[{\"rate\":0.25}]]", year(2026, 1)).month(1, "186.00");
  }

  @Test
  void anAdjustmentIsAddedToThePrice() throws Exception {
    // 744 kWh x (0.10 + 0.0225) = 91.14
    bill("\"energyratestructure\":[[{\"rate\":0.1,\"adj\":0.0225}]]", year(2026, 1))
        .month(1, "91.14");
  }

  @Test
  void aFixedChargeByTheMonth() throws Exception {
    // February: 672 kWh x 0.1 = 67.20, and 12.50
    bill(
            "\"energyratestructure\":[[{\"rate\":0.1}]],\"fixedchargefirstmeter\":12.5,"
                + "\"fixedchargeunits\":\"$/month\"",
            year(2026, 1))
        .month(2, "79.70");
  }

  @Test
  void aFixedChargeByTheDayCountsTheDaysOfALeapYear() throws Exception {
    // 29 x 0.333 = 9.657
    bill("\"fixedchargefirstmeter\":0.333,\"fixedchargeunits\":\"$/day\"", year(2028, 1))
        .month(2, "9.66");
  }

  @Test
  void aFixedChargeByTheYearIsATwelfthAMonth() throws Exception {
    // 100 / 12 = 8.3333
    bill("\"fixedchargefirstmeter\":100,\"fixedchargeunits\":\"$/year\"", year(2026, 1))
        .month(7, "8.33");
  }

  @Test
  void threeTiers() throws Exception {
    // 744 kWh: 300 x 0.08 = 24.00, 400 x 0.12 = 48.00, 44 x 0.2 = 8.80
    bill(
            "\"energyratestructure\":[[{\"rate\":0.08,\"max\":300},{\"rate\":0.12,\"max\":700},"
                + "{\"rate\":0.2}]]",
            year(2026, 1))
        .month(1, "80.80");
  }

  @Test
  void tiersByTheDay() throws Exception {
    // April: 720 kWh; 30 d x 10 kWh = 300 x 0.1 = 30.00, 420 x 0.2 = 84.00
    bill(
            "\"energyratestructure\":[[{\"rate\":0.1,\"max\":10,\"unit\":\"kWh daily\"},"
                + "{\"rate\":0.2,\"unit\":\"kWh daily\"}]]",
            year(2026, 1))
        .month(4, "114.00");
  }

  @Test
  void tiersByHoursOfUse() throws Exception {
    // January: peak 4 kW, so 4 x 100 h = 400 kWh x 0.3 = 120.00; 747 - 400 = 347 x 0.1 = 34.70
    long[] kw = year(2026, 1);
    kw[200] = 4;
    bill(
            "\"energyratestructure\":[[{\"rate\":0.3,\"max\":100,\"unit\":\"kWh/kW\"},"
                + "{\"rate\":0.1,\"unit\":\"kWh/kW\"}]]",
            kw)
        .month(1, "154.70");
  }

  @Test
  void dayAndNightOnWeekdaysAndWeekends() throws Exception {
    // June 2026 has 22 weekdays: 22 x 12 h = 264 kWh x 0.3 = 79.20; 720 - 264 = 456 x 0.15 = 68.40
    String structure = "\"energyratestructure\":[[{\"rate\":0.15}],[{\"rate\":0.3}]]";
    bill(
            structure
                + ",\"energyweekdayschedule\":"
                + table(0, 8, 20, 1)
                + ",\"energyweekendschedule\":"
                + ALWAYS,
            year(2026, 1))
        .month(6, "147.60");
  }

  @Test
  void theHourThatSpringTakesAndAutumnGives() throws Exception {
    // hour 2 costs 1, others nothing: 30 of them in March, 32 in October, 30 in April
    String tariff =
        "\"energyratestructure\":[[{\"rate\":0}],[{\"rate\":1}]],\"energyweekdayschedule\":"
            + table(0, 2, 3, 1)
            + ",\"energyweekendschedule\":"
            + table(0, 2, 3, 1);
    Invoice invoice = bill(tariff, year(2026, 1), ZoneId.of("Europe/Zurich"));
    invoice.month(3, "30.00").month(10, "32.00").month(4, "30.00");
  }

  @Test
  void demandByTheMonth() throws Exception {
    // peaks 7 in May and 1 else: 7 x 9.5, 1 x 9.5
    long[] kw = year(2026, 1);
    kw[at(2026, 5, 3)] = 7;
    bill("\"flatdemandstructure\":[[{\"rate\":9.5}]]", kw).month(5, "66.50").month(6, "9.50");
  }

  @Test
  void demandInTiers() throws Exception {
    // 130 kW: 100 x 24.368 = 2436.80, 30 x 17.031 = 510.93
    long[] kw = year(2026, 1);
    kw[at(2026, 8, 9)] = 130;
    bill("\"flatdemandstructure\":[[{\"rate\":24.368,\"max\":100},{\"rate\":17.031}]]", kw)
        .month(8, "2947.73");
  }

  @Test
  void demandOnlyWhereItsHoursArePriced() throws Exception {
    // Sunday 2 August: 50 kW, free; Monday 3 August at 10: 20 kW x 5
    long[] kw = year(2026, 1);
    kw[at(2026, 8, 2) + 10] = 50;
    kw[at(2026, 8, 3) + 10] = 20;
    bill(
            "\"demandratestructure\":[[{\"rate\":0}],[{\"rate\":5}]],\"demandweekdayschedule\":"
                + table(0, 8, 20, 1)
                + ",\"demandweekendschedule\":"
                + ALWAYS,
            kw)
        .month(8, "100.00")
        .billed(8, "20");
  }

  @Test
  void lookingBackThreeMonths() throws Exception {
    // 60 kW in March: April to June pay half of it, July its own 1 kW; 2 a kW
    long[] kw = year(2026, 1);
    kw[at(2026, 3, 14)] = 60;
    bill("\"flatdemandstructure\":[[{\"rate\":2}]],\"lookbackPercent\":0.5,\"lookbackRange\":3", kw)
        .month(2, "2.00")
        .month(3, "120.00")
        .month(4, "60.00")
        .month(6, "60.00")
        .month(7, "2.00");
  }

  @Test
  void lookingBackAtSummerOnly() throws Exception {
    // 80 kW in July count, 90 kW in May do not: December pays 75 % of 80
    long[] kw = year(2026, 1);
    kw[at(2026, 5, 1)] = 90;
    kw[at(2026, 7, 1)] = 80;
    bill(
            "\"flatdemandstructure\":[[{\"rate\":1}]],\"lookbackPercent\":0.75,"
                + "\"lookbackMonths\":[0,0,0,0,0,1,1,1,0,0,0,0]",
            kw)
        .month(5, "90.00")
        .month(6, "1.00")
        .month(12, "60.00");
  }

  @Test
  void aRatchetThatGripsInSomeMonths() throws Exception {
    // 40 kW in February; 60 % of it in November, nothing in October
    long[] kw = year(2026, 1);
    kw[at(2026, 2, 2)] = 40;
    bill(
            "\"flatdemandstructure\":[[{\"rate\":10}]],"
                + "\"demandratchetpercentage\":[0,0,0,0,0,0,0,0,0,0,60,60]",
            kw)
        .month(10, "10.00")
        .month(11, "240.00");
  }

  @Test
  void theLeastThatAMonthCosts() throws Exception {
    // 744 x 0.01 = 7.44, raised to 20
    bill(
            "\"energyratestructure\":[[{\"rate\":0.01}]],\"mincharge\":20,"
                + "\"minchargeunits\":\"$/month\"",
            year(2026, 1))
        .month(1, "20.00");
  }

  @Test
  void theLeastThatAYearCosts() throws Exception {
    // 8760 x 0.01 = 87.60 by months: 7.44 6.72 7.44 7.20 7.44 7.20 7.44 7.44 7.20 7.44 7.20 7.44;
    // December is raised by 100 - 87.60
    bill(
            "\"energyratestructure\":[[{\"rate\":0.01}]],\"mincharge\":100,"
                + "\"minchargeunits\":\"$/year\"",
            year(2026, 1))
        .month(11, "7.20")
        .month(12, "19.84")
        .total("100.00");
  }

  @Test
  void whatIsFedInIsTakenOffAndCarriedOn() throws Exception {
    // June feeds 1000 kWh more than it uses; July used 744, so 256 are left for August's 744: 488
    // kWh x 0.2
    long[] kwh = year(2026, 1);
    kwh[at(2026, 6, 1)] = -1719; // June: 719 - 1719
    bill(
            "\"energyratestructure\":[[{\"rate\":0.2,\"sell\":0.05}]],"
                + "\"dgrules\":\"Net Metering\"",
            kwh)
        .month(6, "0.00")
        .month(7, "0.00")
        .month(8, "97.60");
  }

  @Test
  void whatIsLeftAtTheYearsEndIsPaid() throws Exception {
    // December: 743 used, 1743 fed in: 1000 x 0.05 are paid
    long[] kwh = year(2026, 1);
    kwh[at(2026, 12, 24)] = -1743;
    bill(
            "\"energyratestructure\":[[{\"rate\":0.2,\"sell\":0.05}]],"
                + "\"dgrules\":\"Net Metering\"",
            kwh)
        .month(12, "-50.00");
  }

  @Test
  void netBillingPaysEachInterval() throws Exception {
    // June: 719 x 0.2 = 143.80, less 100 x 0.05
    long[] kwh = year(2026, 1);
    kwh[at(2026, 6, 1)] = -100;
    bill(
            "\"energyratestructure\":[[{\"rate\":0.2,\"sell\":0.05}]],"
                + "\"dgrules\":\"Net Billing Instantaneous\"",
            kwh)
        .month(6, "138.80");
  }

  @Test
  void whoMovesInPaysThePartOfTheMonth() throws Exception {
    // from 16 April: 15 of 30 days, 360 kWh. Fixed 10 x 0.5 = 5.00; tier reaches 200 x 0.5 = 100:
    // 100 x 0.1 = 10.00, 260 x 0.2 = 52.00; demand 1 kW x 6 x 0.5 = 3.00
    long[] all = year(2026, 1);
    long[] kw = Arrays.copyOfRange(all, at(2026, 4, 16), at(2026, 5, 1));
    Tariff tariff =
        tariff(
            "\"energyratestructure\":[[{\"rate\":0.1,\"max\":200},{\"rate\":0.2}]],"
                + "\"fixedchargefirstmeter\":10,\"flatdemandstructure\":[[{\"rate\":6}]]");
    Load load = new Load("m", Instant.parse("2026-04-16T00:00:00Z"), 3_600, kw, 0, true);
    new Invoice(new Biller(tariff, ZoneId.of("UTC").getRules()).bill(load, m -> true))
        .total("70.00");
  }

  @Test
  void aCurrencyWithoutCents() throws Exception {
    // 744 x 29.51 = 21,955.44; 12.5 rounds up to 13
    bill(
            "\"currency\":\"JPY\",\"energyratestructure\":[[{\"rate\":29.51}]],"
                + "\"fixedchargefirstmeter\":12.5",
            year(2026, 1))
        .month(1, "21968");
  }

  @Test
  void quarterHoursOfTenthsOfAKilowattHour() throws Exception {
    // 0.7 kWh a quarter-hour: 2.8 kW. July: 31 x 96 x 0.7 = 2083.2 x 0.1234 = 257.06688, and 2.8 x
    // 3
    long[] tenths = new long[365 * 96];
    Arrays.fill(tenths, 7);
    Load load = new Load("m", Instant.parse("2026-01-01T00:00:00Z"), 900, tenths, 1, false);
    Tariff tariff =
        tariff(
            "\"energyratestructure\":[[{\"rate\":0.1234}]],"
                + "\"flatdemandstructure\":[[{\"rate\":3}]]");
    new Invoice(new Biller(tariff, ZoneId.of("UTC").getRules()).bill(load, m -> true))
        .month(7, "265.47")
        .billed(7, "2.8");
  }

  private record Invoice(Bill bill) {
    Invoice month(int month, String total) {
      assertThat(of(month).total())
          .as("month %d: %s", month, of(month).lines())
          .isEqualTo(new java.math.BigDecimal(total));
      return this;
    }

    Invoice billed(int month, String kilowatts) {
      assertThat(of(month).billedDemand()).isEqualByComparingTo(kilowatts);
      return this;
    }

    void total(String total) {
      assertThat(bill.total()).isEqualTo(new java.math.BigDecimal(total));
    }

    private BilledMonth of(int month) {
      List<BilledMonth> found =
          bill.months().stream()
              .filter(m -> m.determinants().month().getMonthValue() == month)
              .toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }

  private static Invoice bill(String fields, long[] kw) throws Exception {
    return bill(fields, kw, ZoneId.of("UTC"));
  }

  private static Invoice bill(String fields, long[] kw, ZoneId zone) throws Exception {
    int year = kw.length == 8_784 ? 2028 : 2026;
    Instant start = LocalDate.of(year, 1, 1).atStartOfDay(zone).toInstant();
    Load load = new Load("m", start, 3_600, kw, 0, true);
    return new Invoice(new Biller(tariff(fields), zone.getRules()).bill(load, m -> true));
  }

  private static Tariff tariff(String fields) throws TariffException {
    return UrdbTariff.parse(("{" + fields + "}").getBytes(StandardCharsets.UTF_8));
  }

  private static long[] year(int year, long kilowatts) {
    long[] hours = new long[LocalDate.of(year, 1, 1).lengthOfYear() * 24];
    Arrays.fill(hours, kilowatts);
    return hours;
  }

  /** The index of the first hour of a day, where no clock changes. */
  private static int at(int year, int month, int day) {
    return (LocalDate.of(year, month, day).getDayOfYear() - 1) * 24;
  }

  /** Twelve equal rows: {@code inside} from one hour until another, {@code outside} else. */
  private static String table(int outside, int from, int to, int inside) {
    StringBuilder row = new StringBuilder("[");
    for (int hour = 0; hour < 24; hour++) {
      row.append(hour == 0 ? "" : ",").append(hour >= from && hour < to ? inside : outside);
    }
    row.append(']');
    return "[" + (row + ",").repeat(11) + row + "]";
  }
}
