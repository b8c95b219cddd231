package org.gridwarden.mdm.vee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileRunTest {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  @TempDir private Path folder;

  @Test
  void missingLinesAndEmptyValuesAreFilledAndAllElseStaysAsItWasWritten() throws Exception {
    List<String> lines = day("m1", "2026-03-02", 14, 900);
    String kept = lines.get(5);
    lines.set(40, lines.get(40).replaceAll(",[^,]*$", ","));
    lines.remove(700);

    List<String> out = run(lines, Optional.empty());

    assertThat(out).hasSize(1 + 14 * 96).startsWith("meter,start,kwh,quality,method");
    assertThat(out).contains(kept + ",good,");
    assertThat(out.get(41)).matches("m1,2026-03-02T10:00:00\\+01:00,0\\.\\d+,estimated,blend");
    assertThat(out.get(701)).matches("m1,2026-03-09T07:00:00\\+01:00,0\\.\\d+,estimated,blend");
    assertThat(out.stream().filter(l -> l.contains("estimated"))).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"900,92", "1800,46", "3600,23"})
  void aGapOverTheSpringChangeHasAsManySlotsAsTheDay(int step, int slots) throws Exception {
    List<String> lines = day("m1", "2026-03-16", 20, step);
    lines.removeIf(l -> l.contains(",2026-03-29T"));

    List<String> out = run(lines, Optional.of(ZURICH));

    List<String> filled = out.stream().filter(l -> l.contains("estimated")).toList();
    assertThat(filled).hasSize(slots);
    assertThat(filled).noneMatch(l -> l.contains("T02:"));
    assertThat(filled.getFirst()).contains("T00:00:00+01:00");
    assertThat(filled.getLast()).contains("+02:00");
  }

  @Test
  void withoutAZoneTheOffsetsOfTheLinesMakeTheDays() throws Exception {
    List<String> lines = day("m1", "2026-10-12", 20, 900);
    lines.removeIf(l -> l.contains(",2026-10-25T0") && l.compareTo("m1,2026-10-25T04") > 0);

    List<String> out = run(lines, Optional.empty());

    assertThat(out).hasSize(1 + 20 * 96 + 4);
    assertThat(out.stream().filter(l -> l.contains("estimated"))).hasSize(6 * 4);
  }

  @Test
  void unorderedMixedAndRepeatedLinesMakeTheSameOutputOnDiskAsInMemory() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      lines.addAll(day("m" + i, "2026-03-02", 10, 900));
    }
    lines.remove(300);
    List<String> tidy = run(lines, Optional.of(ZURICH));
    lines.add(lines.get(17));
    // the meters' order in the output is that of their first lines
    List<String> firsts = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      String first = "m" + i + ",2026-03-02T00:00";
      firsts.add(lines.stream().filter(l -> l.startsWith(first)).findFirst().orElseThrow());
    }
    Collections.shuffle(lines, new Random(3));
    lines.addAll(0, firsts);

    assertThat(run(lines, Optional.of(ZURICH))).isEqualTo(tidy);
    assertThat(run(lines, Optional.of(ZURICH), 2_000)).isEqualTo(tidy);
  }

  @Test
  void ofTwoValuesTheFirstStandsAndTheSecondIsTold() throws Exception {
    List<String> lines = day("m1", "2026-03-02", 10, 900);
    lines.add(lines.get(50).replaceFirst(",[^,]*$", ",9.5"));

    List<String> out = run(lines, Optional.of(ZURICH));

    assertThat(out.get(51)).isEqualTo(lines.get(50) + ",suspect,");
    assertThat(Files.readString(folder.resolve("findings.csv")))
        .contains("m1,2026-03-02T12:30:00+01:00,2026-03-02T12:45:00+01:00,duplicate,flag,38,");
  }

  @Test
  void aSecondRunOverItsOwnOutputMakesTheSame() throws Exception {
    List<String> lines = day("m1", "2026-03-02", 14, 900);
    lines.subList(200, 320).clear();
    List<String> once = run(lines, Optional.of(ZURICH));

    List<String> twice = run(once.getFirst(), once.subList(1, once.size()), 1_000_000);

    assertThat(twice).isEqualTo(once);
  }

  @Test
  void averagePowerStaysAveragePower() throws Exception {
    List<String> lines = day("m1", "2026-03-02", 10, 1800);
    lines.remove(100);
    List<String> energy = run(lines, Optional.of(ZURICH));
    List<String> power = run("meter,start,kw", lines, 1_000_000);

    assertThat(power.getFirst()).isEqualTo("meter,start,kw,quality,method");
    assertThat(power.subList(1, power.size())).isEqualTo(energy.subList(1, energy.size()));
  }

  @Test
  void badLinesAreNamedAndNothingIsWritten() throws Exception {
    List<String> lines = day("m1", "2026-03-02", 2, 900);
    lines.set(3, "m1,2026-03-02 00:45,0.1");
    lines.set(4, "m1,2026-03-02T01:00:00+01:00,zero");
    lines.set(5, "m1,2026-03-02T01:15:00+01:00");
    lines.set(6, ",2026-03-02T01:30:00+01:00,0.1");
    lines.set(7, "m1,2026-03-02T01:45:00+01:00,1e999999999");
    Files.writeString(folder.resolve("out.csv"), "before");

    assertThatThrownBy(() -> run(lines, Optional.of(ZURICH)))
        .isInstanceOfSatisfying(
            LoadFileException.class,
            e -> {
              assertThat(e).hasMessageContaining("5 lines").hasMessageContaining("nothing");
              assertThat(e.problems()).hasSize(5);
              assertThat(e.problems().get(0)).startsWith("line 5: starts at").contains("+01:00");
              assertThat(e.problems().get(1)).startsWith("line 6: has the kwh 'zero'");
              assertThat(e.problems().get(2)).startsWith("line 7: has 2 fields");
              assertThat(e.problems().get(3)).startsWith("line 8: names no meter");
              assertThat(e.problems().get(4)).startsWith("line 9: has the kwh 1e999");
            });
    assertThat(Files.readString(folder.resolve("out.csv"))).isEqualTo("before");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("in.csv", "out.csv");
    }
  }

  @Test
  void aLineBetweenTwoIntervalsIsNamed() throws Exception {
    List<String> lines = day("m1", "2026-03-02", 2, 900);
    lines.add("m1,2026-03-02T01:07:00+01:00,0.1");

    assertThatThrownBy(() -> run(lines, Optional.of(ZURICH)))
        .isInstanceOfSatisfying(
            LoadFileException.class,
            e -> assertThat(e.problems().getFirst()).startsWith("line 194: ").contains("15 min"));
  }

  @Test
  void anotherHeaderIsRefused() {
    assertThatThrownBy(() -> run("time,value", List.of("a,b"), 10))
        .hasMessageContaining("line 1")
        .hasMessageContaining("meter,start,kwh");
  }

  @Test
  void negativeAndImpossibleValuesAreReplaced() throws Exception {
    List<String> lines = day("m1", "2026-03-02", 10, 900);
    lines.set(30, lines.get(30).replaceFirst(",[^,]*$", ",-2.5"));
    lines.set(60, lines.get(60).replaceFirst(",[^,]*$", ",120"));

    List<String> out = run(lines, Optional.of(ZURICH));

    assertThat(out.get(31)).contains("estimated").doesNotContain("-2.5");
    assertThat(out.get(61)).contains("estimated").doesNotContain("120");
    String html = Files.readString(folder.resolve("report.html"));
    assertThat(html)
        .contains("<svg", "came as -10 kW", "came as 480 kW", "negative", "m1")
        .doesNotContain("http://", "https://", "<script");
  }

  private List<String> run(List<String> lines, Optional<ZoneId> zone) throws Exception {
    return run(lines, zone, 1_000_000);
  }

  private List<String> run(List<String> lines, Optional<ZoneId> zone, int inMemory)
      throws Exception {
    return run("meter,start,kwh", lines, zone, inMemory);
  }

  private List<String> run(String header, List<String> lines, int inMemory) throws Exception {
    return run(header, lines, Optional.of(ZURICH), inMemory);
  }

  private List<String> run(String header, List<String> lines, Optional<ZoneId> zone, int inMemory)
      throws IOException, LoadFileException {
    Path in = folder.resolve("in.csv");
    Path out = folder.resolve("out.csv");
    Files.writeString(in, header + "\n" + String.join("\n", lines) + "\n");
    new FileRun(RuleBook.shipped(), RuleBook.USUAL, zone, progress -> {}, inMemory)
        .run(
            in,
            out,
            Optional.of(folder.resolve("report.html")),
            Optional.of(folder.resolve("findings.csv")));
    return Files.readAllLines(out);
  }

  /** Days of a household that sleeps at night. */
  private static List<String> day(String meter, String first, int days, int step) {
    List<String> lines = new ArrayList<>();
    OffsetDateTime at = LocalDate.parse(first).atStartOfDay(ZURICH).toOffsetDateTime();
    Instant end = LocalDate.parse(first).plusDays(days).atStartOfDay(ZURICH).toInstant();
    Random dice = new Random(meter.hashCode());
    while (at.toInstant().isBefore(end)) {
      double kwh = (at.getHour() < 6 ? 0.02 : 0.1) + dice.nextInt(40) / 1000.0;
      lines.add(
          meter
              + ","
              + FinishedLines.start(at.toEpochSecond(), at.getOffset().getTotalSeconds(), false)
              + ","
              + String.format(Locale.ROOT, "%.3f", kwh));
      at = at.toInstant().plusSeconds(step).atZone(ZURICH).toOffsetDateTime();
    }
    return lines;
  }
}
