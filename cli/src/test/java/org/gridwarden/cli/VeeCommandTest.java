package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code vee} as its user meets it. */
class VeeCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aGapIsFilledAndTheSummaryTellsOfIt() throws IOException {
    List<String> lines = lines();
    lines.remove(100);

    assertThat(vee(lines, "--zone", "UTC", "--report", path("vee.html"))).isZero();

    List<String> written = Files.readAllLines(folder.resolve("out.csv"));
    assertThat(written).hasSize(1 + 10 * 48);
    assertThat(written.get(100))
        .startsWith("m1,2026-03-03T01:30:00Z,")
        .endsWith(",estimated,blend");
    assertThat(err.toString())
        .contains("1 meters, 480 intervals: 479 good, 0 suspect, 1 estimated, 0 missing")
        .contains("filled by blend: 1 intervals");
    assertThat(out.toString()).isEmpty();
    assertThat(folder.resolve("vee.html")).content().contains("<svg");
  }

  @Test
  void aBadLineIsNamedAndNothingIsWritten() throws IOException {
    List<String> lines = lines();
    lines.set(1, "m1,yesterday,0.2");

    assertThat(vee(lines)).isEqualTo(2);

    assertThat(err.toString())
        .contains("line 2: starts at 'yesterday'; write date, time and offset")
        .contains("nothing was written");
    assertThat(folder.resolve("out.csv")).doesNotExist();
  }

  @Test
  void aRuleFileThatErrsIsNamedWithItsLine() throws IOException {
    Path rules = folder.resolve("rules.yaml");
    Files.writeString(rules, "classes:\n  household:\n    validation:\n      hihg: {}\n");

    assertThat(vee(lines(), "--rules", rules.toString())).isEqualTo(2);

    assertThat(err.toString()).contains("rules.yaml line 4: 'hihg' is not known here");
  }

  @Test
  void theInputIsNeverOverwritten() throws IOException {
    Path in = folder.resolve("in.csv");
    Files.write(in, lines());

    assertThat(run("vee", "--in", in.toString(), "--out", in.toString())).isEqualTo(2);

    assertThat(err.toString()).contains("is the input; name another file");
    assertThat(Files.readAllLines(in)).isEqualTo(lines());
  }

  @Test
  void whatIsPrintedAsRulesCanBeUsedAsRules() throws IOException {
    assertThat(run("vee", "--print-rules")).isZero();
    Path rules = folder.resolve("printed.yaml");
    Files.writeString(rules, out.toString());

    assertThat(vee(lines(), "--rules", rules.toString())).isZero();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>(List.of("meter,start,kwh"));
    for (int i = 0; i < 480; i++) {
      lines.add(
          "m1,2026-03-%02dT%02d:%02d:00Z,0.%03d"
              .formatted(1 + i / 48, i % 48 / 2, i % 2 * 30, 100 + i * 7 % 40));
    }
    return lines;
  }

  private int vee(List<String> lines, String... more) throws IOException {
    Files.write(folder.resolve("in.csv"), lines);
    List<String> line = new ArrayList<>(List.of("vee", "--in", path("in.csv")));
    line.addAll(List.of("--out", path("out.csv")));
    line.addAll(List.of(more));
    return run(line.toArray(new String[0]));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private int run(String... line) {
    CommandLine command = Gridwarden.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(line);
  }
}
