package org.gridwarden.mdm.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.gridwarden.mdm.billing.BillLine.Kind;
import org.gridwarden.mdm.loadfile.LoadFileException;

/** What holds of every bill, whatever the tariff and the load: ten thousand of them. */
class BillProperties {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  /**
   * @param seed draws schedules and the load
   * @param date the first day
   * @param days how many
   * @param slot an interval in seconds
   */
  record Case(long seed, LocalDate date, int days, int slot, int periods, int tiers, int window) {}

  @Property(tries = 4_000)
  void theWholeIsTheSumOfItsPartsAndEveryKilowattHourIsPricedOnce(@ForAll("cases") Case c)
      throws Exception {
    Tariff tariff = tariff(c);
    Load load = load(c);
    Bill bill = new Biller(tariff, ZURICH.getRules()).bill(load, m -> true);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal energy = BigDecimal.ZERO;
    for (BilledMonth month : bill.months()) {
      BigDecimal lines = BigDecimal.ZERO;
      for (BillLine line : month.lines()) {
        lines = lines.add(line.amount());
        if (line.kind() == Kind.ENERGY) {
          energy = energy.add(line.quantity());
        }
        BigDecimal exact = line.quantity().multiply(line.price());
        assertThat(line.amount().subtract(exact).abs())
            .isLessThanOrEqualTo(new BigDecimal("0.005"));
      }
      assertThat(month.total()).isEqualByComparingTo(lines);
      sum = sum.add(lines);
    }
    assertThat(bill.total()).isEqualByComparingTo(sum);
    assertThat(energy)
        .isEqualByComparingTo(
            load.kilowattHours(java.math.BigInteger.valueOf(Arrays.stream(load.values()).sum())));
  }

  @Property(tries = 500)
  void theOrderOfLinesInAFileDoesNotMatter(@ForAll("cases") Case c) throws Exception {
    Load load = load(c);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < load.values().length; i++) {
      lines.add(
          "m,"
              + load.startOf(i).atZone(ZURICH).toOffsetDateTime()
              + ","
              + BigDecimal.valueOf(load.values()[i], load.scale()).toPlainString());
    }
    Biller biller = new Biller(tariff(c), ZURICH.getRules());
    Bill direct = biller.bill(load, m -> true);
    Collections.shuffle(lines, new Random(c.seed()));
    Bill shuffled = biller.bill(read(lines).loads().getFirst(), m -> true);
    assertThat(shuffled.total()).isEqualTo(direct.total());
    assertThat(shuffled.months()).isEqualTo(direct.months());
    // and the lines' own offsets say the same civil time as the zone does
    Loads csv = read(lines);
    assertThat(new Biller(tariff(c), csv.civil()).bill(csv.loads().getFirst(), m -> true).total())
        .isEqualTo(direct.total());
  }

  @Property(tries = 2_500)
  void aPeriodThatIsCutInTwoCostsTheSameWithoutTiersAndDemand(@ForAll("cases") Case c)
      throws Exception {
    Case flat = new Case(c.seed(), c.date(), Math.max(2, c.days()), c.slot(), c.periods(), 1, 0);
    Tariff tariff = tariff(flat);
    Load load = load(flat);
    Instant middle =
        flat.date()
            .plusDays(1 + Math.floorMod(c.seed(), flat.days() - 1L))
            .atStartOfDay(ZURICH)
            .toInstant();
    int cut = (int) ((middle.getEpochSecond() - load.start().getEpochSecond()) / load.seconds());
    Load before =
        new Load("m", load.start(), load.seconds(), Arrays.copyOf(load.values(), cut), 3, false);
    Load after =
        new Load(
            "m",
            middle,
            load.seconds(),
            Arrays.copyOfRange(load.values(), cut, load.values().length),
            3,
            false);
    Biller biller = new Biller(tariff, ZURICH.getRules());
    Bill one = biller.bill(load, m -> true);
    Bill first = biller.bill(before, m -> true);
    Bill second = biller.bill(after, m -> true);
    // each line is rounded for itself, by half a cent at most
    int lines = 0;
    for (Bill bill : List.of(one, first, second)) {
      lines += bill.months().stream().mapToInt(m -> m.lines().size()).sum();
    }
    assertThat(first.total().add(second.total()).subtract(one.total()).abs())
        .isLessThanOrEqualTo(new BigDecimal("0.005").multiply(BigDecimal.valueOf(lines)));
  }

  @Property(tries = 3_000)
  void whoUsesMoreNeverPaysLess(@ForAll("cases") Case c) throws Exception {
    Tariff tariff = tariff(c);
    Load load = load(c);
    long[] more = load.values().clone();
    Random random = new Random(c.seed() + 1);
    for (int n = 0; n < 20; n++) {
      more[random.nextInt(more.length)] += random.nextInt(5_000);
    }
    Biller biller = new Biller(tariff, ZURICH.getRules());
    BigDecimal less = biller.bill(load, m -> true).total();
    Load greater = new Load("m", load.start(), load.seconds(), more, load.scale(), false);
    assertThat(biller.bill(greater, m -> true).total()).isGreaterThanOrEqualTo(less);
  }

  @Provide
  Arbitrary<Case> cases() {
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.integers().between(0, 1_000),
            Arbitraries.integers().between(1, 5),
            Arbitraries.of(900, 1_800, 3_600),
            Arbitraries.integers().between(1, 4),
            Arbitraries.integers().between(1, 4),
            Arbitraries.of(0, 15, 30, 60))
        .as((seed, day, days, slot, periods, tiers, window) ->
            new Case(
                seed, LocalDate.of(2025, 1, 1).plusDays(day), days, slot, periods, tiers, window));
  }

  private static Load load(Case c) {
    Random random = new Random(c.seed());
    Instant start = c.date().atStartOfDay(ZURICH).toInstant();
    Instant end = c.date().plusDays(c.days()).atStartOfDay(ZURICH).toInstant();
    long[] watthours =
        random
            .longs((end.getEpochSecond() - start.getEpochSecond()) / c.slot(), 0, 3_000)
            .toArray();
    return new Load("m", start, c.slot(), watthours, 3, false);
  }

  private static Tariff tariff(Case c) throws TariffException {
    Random random = new Random(c.seed() * 31);
    StringBuilder json = new StringBuilder("{\"energyratestructure\":[");
    for (int p = 0; p < c.periods(); p++) {
      json.append(p == 0 ? "[" : ",[");
      double rate = 0.05;
      for (int t = 0; t < c.tiers(); t++) {
        rate += random.nextInt(100) / 1_000.0 + 0.001;
        json.append(t == 0 ? "" : ",")
            .append("{\"rate\":")
            .append(BigDecimal.valueOf(Math.round(rate * 1_000), 3))
            .append(t == c.tiers() - 1 ? "}" : ",\"max\":" + (t + 1) * 25 + "}");
      }
      json.append(']');
    }
    json.append("],\"energyweekdayschedule\":").append(table(random, c.periods()));
    json.append(",\"energyweekendschedule\":").append(table(random, c.periods()));
    if (c.window() > 0) {
      json.append(",\"demandwindow\":")
          .append(c.window())
          .append(",\"flatdemandstructure\":[[{\"rate\":7.35}]]");
    }
    json.append(",\"fixedchargefirstmeter\":0.17,\"fixedchargeunits\":\"$/day\"}");
    return UrdbTariff.parse(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String table(Random random, int periods) {
    StringBuilder table = new StringBuilder("[");
    for (int month = 0; month < 12; month++) {
      table.append(month == 0 ? "[" : ",[");
      for (int hour = 0; hour < 24; hour++) {
        table.append(hour == 0 ? "" : ",").append(random.nextInt(periods));
      }
      table.append(']');
    }
    return table.append(']').toString();
  }

  private static Loads read(List<String> lines) throws IOException, LoadFileException {
    Path file = Files.createTempFile("load", ".csv");
    try {
      Files.writeString(file, "meter,start,kwh\n" + String.join("\n", lines) + "\n");
      return Loads.read(file);
    } finally {
      Files.delete(file);
    }
  }
}
