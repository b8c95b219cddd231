package org.gridwarden.mdm.tariff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.gridwarden.mdm.billing.Hours;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.TariffException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TariffFileTest {
  private static final String BEGIN =
      "gridwarden-tariff: 1\nname: t\ncurrency: EUR\nrounding: {lines: half-up}\n";

  /** What the documentation shows is what is read. */
  @Test
  void theExampleInTheDocumentationSaysAllThatThereIs() throws Exception {
    String docs = Files.readString(root().resolve("docs/billing.md"));
    String yaml = block(docs, "yaml");
    byte[] prices = block(docs, "csv").getBytes(StandardCharsets.UTF_8);
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(prices));
    TariffFile file =
        TariffFile.parse(
            yaml.replace("0".repeat(64), hash).getBytes(StandardCharsets.UTF_8),
            (name, sha256) -> name.equals("prices.csv") ? Optional.of(prices) : Optional.empty());
    Tariff tariff = file.tariff();

    assertThat(file.form()).isEqualTo(TariffFile.Form.GRIDWARDEN);
    assertThat(file.prices()).hasSize(1);
    assertThat(tariff.currency().getCurrencyCode()).isEqualTo("CHF");
    assertThat(tariff.energy()).hasSize(2);
    assertThat(tariff.terms().allEnergy()).hasSize(1);
    assertThat(Objects.requireNonNull(tariff.terms().dynamic()).curve().prices())
        .containsExactly(83_400_000, 79_200_000);
    assertThat(tariff.flatDemand().get(3).tiers()).hasSize(2);
    assertThat(tariff.flatDemand().get(9).tiers()).hasSize(1);
    assertThat(tariff.lookback().share().get(2)).isEqualByComparingTo("0.6");
    assertThat(tariff.lookback().share().get(5)).isEqualByComparingTo("0");
    assertThat(tariff.lookback().counts().get(11)).isTrue();
    assertThat(tariff.window()).isEqualTo(new Tariff.Window(15, true));
    assertThat(tariff.feedIn()).isEqualTo(Tariff.FeedIn.NET_BILLING);
    assertThat(tariff.taxes()).extracting(Tariff.Tax::name).endsWith("Concession", "VAT");
    assertThat(tariff.taxes().getLast().on().taxes())
        .containsExactlyInAnyOrder("Grid levy", "Metering levy", "Concession");
    assertThat(tariff.terms().rounding().totalTo()).isEqualByComparingTo("0.05");
    assertThat(Objects.requireNonNull(tariff.terms().prepayment()).emergencyCredit())
        .isEqualByComparingTo("20");
    assertThat(tariff.minimum().perYear()).isEqualByComparingTo("400");

    Hours hours = tariff.energyHours();
    // Friday 15 January, Sunday, Good Friday, a summer Saturday, a summer weekday
    assertThat(named(hours, "2027-01-15T06:00")).isEqualTo("peak");
    assertThat(named(hours, "2027-01-15T22:00")).isEqualTo("off-peak");
    assertThat(named(hours, "2027-01-17T12:00")).isEqualTo("off-peak");
    assertThat(named(hours, "2027-03-26T12:00")).isEqualTo("off-peak");
    assertThat(named(hours, "2027-07-03T08:00")).isEqualTo("off-peak");
    assertThat(named(hours, "2027-07-05T07:15")).isEqualTo("off-peak");
    assertThat(named(hours, "2027-07-05T07:30")).isEqualTo("peak");
    assertThat(named(hours, "2027-09-20T08:00")).isEqualTo("off-peak"); // a date
    assertThat(named(hours, "2027-09-21T08:00")).isEqualTo("peak");
  }

  /** Known days: 2026 Easter is 5 April, 2027 28 March, 2028 16 April, 2038 25 April. */
  @Test
  void holidaysFallWhereTheAlmanacHasThem() throws Exception {
    assertThat(days("easter", 2026, 2027, 2028, 2038))
        .containsExactly("2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25");
    assertThat(days("easter-2", 2026, 2027)).containsExactly("2026-04-03", "2027-03-26");
    assertThat(days("easter+39", 2026)).containsExactly("2026-05-14");
    assertThat(days("last monday of may", 2026, 2027)).containsExactly("2026-05-25", "2027-05-31");
    assertThat(days("fourth thursday of november", 2026)).containsExactly("2026-11-26");
    assertThat(days("fifth friday of february", 2027, 2028)).isEmpty();
    assertThat(days("02-29", 2027, 2028)).containsExactly("2028-02-29");
  }

  @Test
  void anObservedHolidayMovesOffTheWeekend() throws Exception {
    // 4 July 2026 is a Saturday; 1 January 2028 too, so that 31 December 2027 is it
    Tariff tariff =
        parse(BEGIN + "holidays: {rules: [07-04, 01-01], observed: true}\n" + holidayPeriods());
    assertThat(named(tariff.energyHours(), "2026-07-03T12:00")).isEqualTo("free");
    assertThat(named(tariff.energyHours(), "2026-07-04T12:00")).isEqualTo("other");
    assertThat(named(tariff.energyHours(), "2027-12-31T12:00")).isEqualTo("free");
    assertThat(named(tariff.energyHours(), "2027-07-05T12:00")).isEqualTo("free"); // of a Sunday
  }

  @Test
  void pricesOfAMegawattHourAreReadToTheLastDigit() throws Exception {
    var curve =
        PriceCsv.parse(
            "p.csv",
            "start,per_mwh\n2026-03-29T01:00:00+01:00,83.456789\n2026-03-29T03:00:00+02:00,-1\n"
                .getBytes(StandardCharsets.UTF_8));
    // the hour that spring takes is none: both starts are an hour apart
    assertThat(curve.seconds()).isEqualTo(3_600);
    assertThat(BigDecimal.valueOf(curve.prices()[0], curve.scale()))
        .isEqualByComparingTo("0.083456789");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "energy: {price: much}|line 5: 'price': 'much' is no decimal number; write one",
        "energy: {price: 1e9}|is no decimal number",
        "energy: {prise: 0.1}|line 5: 'prise' is not known here; write one of",
        "energy: {tiers: [{up-to: 9, price: 1}, {price: 2}]}|line 5: 'counted': is missing: say"
            + " what `up-to` is counted by",
        "energy: {tiers: [{price: 1}, {price: 2}], counted: day}|give `up-to` to each tier but the"
            + " last",
        "energy: {periods: {a: {price: 1}}}|'otherwise': is missing; write one of [a]",
        "energy: {periods: {a: {price: 1}}, otherwise: b}|'b' is no period; write one of [a]",
        "energy: {hours: []}|it names periods, and there are none",
        "energy: {periods: {a: {price: 1}}, otherwise: a, hours: [{period: a, from: 07:20}]}|'07:20'"
            + " is no quarter-hour",
        "energy: {periods: {a: {price: 1}}, otherwise: a, hours: [{period: a, days: [mondays]}]}|is"
            + " no day; write monday to sunday",
        "energy: {periods: {a: {price: 1}}, otherwise: a, hours: [{period: a, seasons: [x]}]}|'x' is"
            + " no season",
        "seasons: {a: {from: 01-01, to: 06-30}, b: {from: 06-30, to: 12-31}}|line 5: 'b': it"
            + " overlaps with a on 06-30",
        "holidays: {rules: [whitsun]}|is no rule; write 12-25, easter",
        "holidays: {dates: [25.12.2026]}|is no date; write it as 2026-12-25",
        "demand: {window: {minutes: 7}, by-month: {price: 1}}|a demand window divides the hour",
        "demand: {look-back: {percent: 60, months: 11}}|it raises the demand by the month",
        "demand: {by-month: [{months: [may], price: 1}, {months: [may], price: 2}]}|MAY has a price"
            + " above",
        "taxes: [{name: VAT, percent: 8.1, on: [everything]}]|'everything' is not known; write"
            + " energy",
        "taxes: [{name: A, percent: 1, on: [B]}, {name: B, percent: 1}]|or the name of a tax above:"
            + " []",
        "feed-in: swap|write unpaid, net-metering or net-billing",
        "prepayment: {emergency-credit: 5, low-balance: -5}|warned before the emergency credit",
        "energy: {market: {files: [{file: ../p.csv, sha256: 00}]}}|name without a folder",
        "energy: {market: {files: [{file: p.csv, sha256: 00}]}}|64 hexadecimal digits",
        "rounding: {lines: half-up}|line 5: 'rounding' stands twice"
      })
  void aWrongLineIsRefusedWithItsNumberAndRemedy(String line, String says) {
    assertThatThrownBy(() -> parse(BEGIN + line + "\n"))
        .isInstanceOf(TariffException.class)
        .hasMessageContaining(says);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|neither energyratestructure", // an empty object in the database's form
        "name: x|says `gridwarden-tariff: 1`",
        "gridwarden-tariff: 2|this is no tariff"
      })
  void whatIsNoTariffIsToldWhatOneIs(String text, String says) {
    String document = text.isEmpty() ? "{}" : text;
    assertThatThrownBy(() -> parse(document))
        .isInstanceOf(TariffException.class)
        .hasMessageContaining(says);
  }

  @Test
  void netMeteringAndPricesByTheIntervalAreNotMixed() {
    byte[] prices =
        "start,per_kwh\n2026-01-01T00:00Z,1\n2026-01-01T01:00Z,1\n"
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() ->
            TariffFile.parse(
                (BEGIN
                        + "feed-in: net-metering\nenergy: {market: {files: [{file: p.csv, sha256: "
                        + hash(prices)
                        + "}]}}\n")
                    .getBytes(StandardCharsets.UTF_8),
                (name, sha256) -> Optional.of(prices)))
        .isInstanceOf(TariffException.class)
        .hasMessageContaining("have one of the two");
  }

  @Test
  void pricesThatAreNotTheOnesThatWereNamedAreRefused() {
    byte[] prices = "start,per_kwh\n".getBytes(StandardCharsets.UTF_8);
    String yaml =
        BEGIN + "energy: {market: {files: [{file: p.csv, sha256: " + "a".repeat(64) + "}]}}\n";
    assertThatThrownBy(() ->
            TariffFile.parse(
                yaml.getBytes(StandardCharsets.UTF_8), (name, sha256) -> Optional.of(prices)))
        .isInstanceOf(TariffException.class)
        .hasMessageContaining("p.csv has SHA-256 " + hash(prices) + ", not this one");
    assertThatThrownBy(() -> parse(yaml))
        .isInstanceOf(TariffException.class)
        .hasMessageContaining("there is no p.csv with SHA-256");
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String holidayPeriods() {
    return "energy:\n  periods: {free: {price: 0}, other: {price: 1}}\n  otherwise: other\n"
        + "  hours: [{period: free, days: [holidays]}]\n";
  }

  private static List<String> days(String rule, int... years) throws Exception {
    Hours hours =
        parse(BEGIN + "holidays: {rules: [" + rule + "]}\n" + holidayPeriods()).energyHours();
    List<String> days = new java.util.ArrayList<>();
    for (int year : years) {
      for (LocalDate day = LocalDate.of(year, 1, 1); day.getYear() == year; day = day.plusDays(1)) {
        if (hours.name(hours.at(day.atTime(12, 0))).equals("free")) {
          days.add(day.toString());
        }
      }
    }
    return days;
  }

  private static String named(Hours hours, String time) {
    return hours.name(hours.at(LocalDateTime.parse(time)));
  }

  private static Tariff parse(String text) throws Exception {
    return TariffFile.parse(text.getBytes(StandardCharsets.UTF_8), PriceFiles.NONE).tariff();
  }

  private static String block(String docs, String language) {
    int from = docs.indexOf("```" + language + "\n") + language.length() + 4;
    return docs.substring(from, docs.indexOf("```", from));
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("docs/billing.md"))) {
      here = Objects.requireNonNull(here.getParent(), "run this test inside the project");
    }
    return here;
  }
}
