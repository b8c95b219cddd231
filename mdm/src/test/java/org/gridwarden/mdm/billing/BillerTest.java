package org.gridwarden.mdm.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Objects;
import org.gridwarden.mdm.billing.BillLine.Kind;
import org.junit.jupiter.api.Test;

class BillerTest {
  private static final Instant YEAR = Instant.parse("2019-01-01T00:00:00Z");

  @Test
  void theWorkedExampleOfALookBackComesOutToTheCent() throws Exception {
    long[] kw = new long[8760];
    Arrays.fill(kw, 1);
    kw[7] = 100;
    Bill bill =
        new Biller(UrdbTariff.parse(resource("lookback.json")), ZoneOffset.UTC.getRules())
            .bill(new Load("m", YEAR, 3_600, kw, 0, true), month -> true);
    assertThat(bill.total()).isEqualByComparingTo("5302.50");
    assertThat(bill.months()).hasSize(12);
    assertThat(bill.months().get(0).billedDemand()).isEqualByComparingTo("100");
    assertThat(bill.months().get(6).billedDemand()).isEqualByComparingTo("35");
    assertThat(bill.months().get(6).sum(Kind.DEMAND)).isEqualByComparingTo("402.50");
  }

  /**
   * 2019, 50 kW throughout. By hand: the tariff's rows say period 2 (0.061731) in January to April,
   * and so on; reckoned here from the file's own rows, not by the code under test.
   */
  @Test
  void tiersOfEnergyAndDemandClimbMonthByMonth() throws Exception {
    long[] kw = new long[8760];
    Arrays.fill(kw, 150);
    Bill bill =
        new Biller(
                UrdbTariff.parse(resource("multi_tier_urdb_response.json")),
                ZoneOffset.UTC.getRules())
            .bill(new Load("m", YEAR, 3_600, kw, 0, true), month -> true);
    // July: 744 h at 150 kW are 111,600 kWh: 20,000 at 0.078891, 91,600 at 0.06
    BilledMonth july = bill.months().get(6);
    assertThat(july.determinants().used()).isEqualByComparingTo("111600");
    assertThat(july.sum(Kind.ENERGY)).isEqualByComparingTo("7073.82"); // 1577.82 + 5496.00
    // 100 kW at 24.368 and 50 kW at 17.031
    assertThat(july.sum(Kind.DEMAND)).isEqualByComparingTo("3288.35"); // 2436.80 + 851.55
    assertThat(july.sum(Kind.FIXED)).isEqualByComparingTo("102.24"); // 31 x 3.298
  }

  @Test
  void civilTimeDecidesOnTheHourAlsoWhenTheClockChanges() throws Exception {
    // 30 March 2025 in Zurich: no hour between 2 and 3
    String rows = "[" + "0,".repeat(2) + "1," + "0,".repeat(20) + "0]";
    String table = "[" + (rows + ",").repeat(11) + rows + "]";
    Tariff tariff =
        UrdbTariff.parse(
            ("{\"energyratestructure\":[[{\"rate\":0.1}],[{\"rate\":1}]],"
                    + "\"energyweekdayschedule\":"
                    + table
                    + ",\"energyweekendschedule\":"
                    + table
                    + "}")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    long[] kwh = new long[96 + 92];
    Arrays.fill(kwh, 1);
    Bill bill =
        new Biller(tariff, ZoneId.of("Europe/Zurich").getRules())
            .bill(
                new Load("m", Instant.parse("2025-03-28T23:00:00Z"), 900, kwh, 0, false),
                month -> true);
    Determinants march = bill.months().getFirst().determinants();
    assertThat(march.taken().get(1)).isEqualByComparingTo("4");
    assertThat(march.taken().get(0)).isEqualByComparingTo("184");
    assertThat(march.days()).isEqualTo(2);
  }

  @Test
  void aMissingIntervalIsNoZero() throws Exception {
    long[] kwh = new long[24];
    kwh[5] = Load.MISSING;
    Biller biller =
        new Biller(UrdbTariff.parse(resource("lookback.json")), ZoneOffset.UTC.getRules());
    assertThatThrownBy(() -> biller.bill(new Load("m7", YEAR, 3_600, kwh, 0, false), m -> true))
        .isInstanceOf(IncompleteLoadException.class)
        .hasMessageContaining("m7")
        .hasMessageContaining("2019-01-01T05:00:00Z")
        .hasMessageContaining("vee");
  }

  @Test
  void monthsBeforeTheYearCountWhereTheTariffLooksBack() throws Exception {
    long[] kw = new long[31 * 24 + 31 * 24];
    Arrays.fill(kw, 10);
    kw[3] = 80; // in December
    Bill bill =
        new Biller(UrdbTariff.parse(resource("lookback.json")), ZoneOffset.UTC.getRules())
            .bill(
                new Load("m", Instant.parse("2018-12-01T00:00:00Z"), 3_600, kw, 0, true),
                month -> month.equals(YearMonth.of(2019, 1)));
    assertThat(bill.months()).hasSize(1);
    assertThat(bill.months().getFirst().billedDemand()).isEqualByComparingTo("28");
    assertThat(bill.total()).isEqualByComparingTo("294.00");
  }

  @Test
  void demandIsTheMeanOfItsWindow() throws Exception {
    String tariff =
        "{\"demandwindow\":30,\"flatdemandstructure\":[[{\"rate\":1}]],\"fixedchargefirstmeter\":0}";
    long[] kwh = new long[96];
    kwh[3] = 10; // 40 kW in a quarter-hour at the end of a window: 20 kW over the half hour
    kwh[4] = 4;
    Bill bill =
        new Biller(
                UrdbTariff.parse(tariff.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                ZoneOffset.UTC.getRules())
            .bill(new Load("m", YEAR, 900, kwh, 0, false), month -> true);
    assertThat(bill.months().getFirst().billedDemand()).isEqualByComparingTo("20");
    assertThat(bill.months().getFirst().determinants().peak().until())
        .isEqualTo(Instant.parse("2019-01-01T01:00:00Z"));
    // one day of 31: 20 kW at 1/31
    assertThat(bill.total()).isEqualByComparingTo(new BigDecimal("0.65"));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = BillerTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
