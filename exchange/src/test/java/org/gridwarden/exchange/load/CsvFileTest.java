package org.gridwarden.exchange.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.gridwarden.core.Quality;
import org.gridwarden.exchange.Measure;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The common shapes of CSV, told by their headers. */
class CsvFileTest {
  private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");
  private static final TestMeters SWISS =
      TestMeters.in("Europe/Zurich", "M1", "1000317", "1005084");

  @Test
  @DisplayName("the house's own form: an interval's energy, exactly")
  void own() throws Exception {
    Series series =
        one(
            "meter,start,kwh\nM1,2026-03-01T00:00:00+01:00,0.141\nM1,2026-03-01T00:15:00+01:00,\n"
                + "M1,2026-03-01T00:30:00+01:00,1.0005\nM1,2026-03-01T00:45:00+01:00,2\n");
    assertThat(series.seconds()).isEqualTo(900);
    assertThat(series.scaler()).isEqualTo(-1);
    assertThat(series.points().size()).isEqualTo(3);
    assertThat(series.points().value(0)).isEqualTo(1_410);
    assertThat(series.points().value(1)).isEqualTo(10_005);
    assertThat(series.points().line(1)).isEqualTo(4);
    assertThat(series.measure()).isEqualTo(Measure.DELIVERED);
  }

  @Test
  @DisplayName("average power becomes energy, and says so")
  void power() throws Exception {
    Series series =
        one("meter,start,kw\nM1,2026-03-01T00:00:00Z,0.161\nM1,2026-03-01T00:15:00Z,1\n");
    // 0.161 kW for a quarter of an hour are 40.25 Wh
    assertThat(series.scaler()).isEqualTo(-2);
    assertThat(series.points().value(0)).isEqualTo(4_025);
    assertThat(series.points().value(1)).isEqualTo(25_000);
    assertThat(series.points().quality(0)).isEqualTo(Quality.DERIVED);
  }

  @Test
  @DisplayName("the Australian households' form: local times, and autumn's hour twice")
  void local() throws Exception {
    StringBuilder text = new StringBuilder("customer_id,reading_datetime,general_supply_kwh\n");
    for (String time : new String[] {"01:30", "02:00", "02:30", "02:00", "02:30", "03:00"}) {
      text.append("M1,2026-10-25T").append(time).append(":00,0.1\n");
    }
    Series series = one(text.toString());
    assertThat(series.seconds()).isEqualTo(1800);
    assertThat(series.points().size()).isEqualTo(6);
    for (int i = 0; i < 6; i++) {
      assertThat(series.points().start(i))
          .isEqualTo(Instant.parse("2026-10-24T23:30:00Z").getEpochSecond() + i * 1800L);
    }
  }

  @Test
  @DisplayName("a semicolon's file has decimal commas and days first")
  void german() throws Exception {
    Series series =
        one("Zählpunkt;Time;Verbrauch kWh\nM1;01.03.2026 00:00;0,141\nM1;01.03.2026 01:00;1\n");
    assertThat(series.seconds()).isEqualTo(3600);
    assertThat(series.points().start(0))
        .isEqualTo(Instant.parse("2026-02-28T23:00:00Z").getEpochSecond());
    assertThat(series.points().value(0)).isEqualTo(141);
  }

  @Test
  @DisplayName("a line a day: 92 slots in spring, 96 of 100 in autumn")
  void wide() throws Exception {
    String head = "meter,date," + String.join(",", java.util.Collections.nCopies(96, "v")) + "\n";
    String day = "," + String.join(",", java.util.Collections.nCopies(96, "0.5")) + "\n";
    String spring =
        "M1,2026-03-29,"
            + String.join(",", java.util.Collections.nCopies(8, "0.5"))
            + ",,,,,"
            + String.join(",", java.util.Collections.nCopies(84, "0.5"))
            + "\n";
    ImportSettings settings = settings(Optional.empty(), Optional.of(false));
    FileLoad load = read(head + spring + "M1,2026-10-25" + day, settings, SWISS);
    Points points = load.series().getFirst().points();
    assertThat(points.size()).isEqualTo(92 + 96);
    assertThat(points.start(91) + 900)
        .isEqualTo(Instant.parse("2026-03-29T22:00:00Z").getEpochSecond());
    assertThat(load.notes()).anyMatch(n -> n.startsWith("4 intervals of an hour"));
    assertThatThrownBy(() -> read(head + "M1,2026-03-29" + day, settings, SWISS))
        .isInstanceOf(LoadFileException.class)
        .satisfies(e ->
            assertThat(((LoadFileException) e).problems().getFirst())
                .startsWith("line 2 has a value at 2026-03-29T02:00, which no clock in"));
  }

  @Test
  @DisplayName("the Swiss households' form: a week a line, from a day that is said")
  void weeks() throws Exception {
    StringBuilder text = new StringBuilder("VID");
    for (int i = 1; i <= 672; i++) {
      text.append(",V%03d".formatted(i));
    }
    text.append("\n1000317");
    for (int i = 1; i <= 672; i++) {
      text.append(",").append(i % 10 == 0 ? "0.161" : "0.04");
    }
    ImportSettings settings = settings(Optional.of(LocalDate.of(2018, 10, 29)), Optional.of(true));
    Series series = read(text + "\n", settings, SWISS).series().getFirst();
    assertThat(series.points().size()).isEqualTo(672);
    assertThat(series.points().start(0))
        .isEqualTo(Instant.parse("2018-10-28T23:00:00Z").getEpochSecond());
    assertThat(series.points().start(671) - series.points().start(0)).isEqualTo(671 * 900L);
    assertThat(series.points().value(9) * 1000 / series.points().value(0)).isEqualTo(4025);
    assertThatThrownBy(() -> read(text + "\n", ImportSettings.of("x.csv"), SWISS))
        .hasMessageContaining("--unit kwh");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "M1,2026-03-01T00:07:00Z,1;M1,2026-03-01T00:22:00Z,1 | line 2 starts at",
        "M1,2026-03-01T00:00:00Z,1;M1,2026-03-01T00:15:00Z,1;M1,2026-03-01T00:15:00Z,2"
            + " | line 4 is the second one",
        "M1,2027-03-01T00:00:00Z,1;M1,2027-03-01T00:15:00Z,1 | line 2 ends in the future",
        "M9,2026-03-01T00:00:00Z,1;M9,2026-03-01T00:15:00Z,1 | line 2 speaks of meter 'M9'",
        "M1,2026-03-01T00:00:00Z,1 | line 2 is meter M1's only one",
        "M1,2026-03-01T00:00:00Z,one | line 2 has the kwh 'one'",
        "M1,2026-03-01 00:00,1 | line 2 starts at",
        "M1,2026-03-01T00:00:00Z | line 2 has 2 fields where the header has 3",
      })
  @DisplayName("a line that is wrong is told with its number and a remedy, and nothing is taken")
  void wrong(String lines, String said) {
    String text = "meter,start,kwh\n" + lines.replace(";", "\n") + "\n";
    assertThatThrownBy(() -> one(text))
        .isInstanceOfSatisfying(
            LoadFileException.class, e -> assertThat(e.problems().getFirst()).startsWith(said));
  }

  @Test
  @DisplayName("a header that is none says what is")
  void header() {
    assertThatThrownBy(() -> one("a,b,c\n1,2,3\n")).hasMessageContaining("write meter,start,kwh");
    assertThatThrownBy(() -> one("")).isInstanceOf(LoadFileException.class);
    assertThatThrownBy(() -> one("meter,start,kwh\n")).hasMessageContaining("no value behind");
  }

  private static ImportSettings settings(Optional<LocalDate> from, Optional<Boolean> power) {
    return new ImportSettings(
        "x.csv",
        Optional.empty(),
        Optional.of(ZoneId.of("Europe/Zurich")),
        from,
        power,
        Optional.<Duration>empty(),
        Measure.DELIVERED);
  }

  private static Series one(String text) throws Exception {
    FileLoad load = read(text, ImportSettings.of("x.csv"), SWISS);
    assertThat(load.series()).hasSize(1);
    return load.series().getFirst();
  }

  private static FileLoad read(String text, ImportSettings settings, MeterNames names)
      throws Exception {
    return ReadingsFile.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
        settings,
        names,
        NOW,
        1 << 20);
  }
}
