package org.gridwarden.headend.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.gridwarden.core.Severity;
import org.gridwarden.headend.work.WorkPolicy.Happening;
import org.gridwarden.headend.work.WorkPolicy.Need;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which happening asks for which work is data, and errors in it name their place. */
class WorkPolicyTest {
  @Test
  void theShippedOneAnswersEveryHappening() {
    WorkPolicy usual = WorkPolicy.usual();

    for (Happening happening : Happening.values()) {
      assertThat(usual.rule(happening)).as(happening.word()).isPresent();
    }
    WorkPolicy.Rule silent = usual.rule(Happening.METER_SILENT).orElseThrow();
    assertThat(silent.kind()).isEqualTo("visit");
    assertThat(silent.severity()).isEqualTo(Severity.ATTENTION);
    assertThat(silent.after()).isEqualTo(Duration.ofDays(3));
    assertThat(usual.needs("inspect")).containsExactly(Need.FILE);
    assertThat(usual.needs("no-such-kind")).isEmpty();
    assertThat(usual.kinds()).contains("exchange", "inspect", "visit");
  }

  @Test
  void oneOfTheDataFolderStandsInItsPlace(@TempDir Path folder) throws IOException {
    assertThat(WorkPolicy.in(folder).rule(Happening.EXCHANGE_DUE)).isPresent();

    Files.writeString(
        folder.resolve(WorkPolicy.FILE),
        """
        case.opened.kind = drive-by
        case.opened.title = Drive there
        case.opened.severity = CRITICAL
        case.opened.due = 4h
        needs.drive-by = file, readings
        """);

    WorkPolicy own = WorkPolicy.in(folder);
    assertThat(own.rule(Happening.CASE_OPENED).orElseThrow().due()).isEqualTo(Duration.ofHours(4));
    assertThat(own.rule(Happening.EXCHANGE_DUE)).isEmpty();
    assertThat(own.needs("drive-by")).containsExactlyInAnyOrder(Need.FILE, Need.READINGS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "case.opened.kind=visit;case.opened.severity=FAULT|x: case.opened.title has 1 to 200",
        "case.opened.kind=visit;case.opened.title=T;case.opened.severity=LOUD;case.opened.due=1d"
            + "|none of INFO, ATTENTION",
        "case.opened.kind=visit;case.opened.title=T;case.opened.severity=FAULT"
            + "|x: case.opened.due has 1 to 200",
        "case.closed.kind=visit|case.closed.kind is none of case.opened",
        "needs.visit=handshake|'handshake' is none of file, readings",
      })
  void errorsNameTheirPlace(String lines, String said) {
    String text = lines.replace(';', '\n');

    assertThatIllegalArgumentException()
        .isThrownBy(() -> WorkPolicy.read(new StringReader(text), "x"))
        .withMessageContaining(said);
  }

  @Test
  void aSpanIsHoursOrDays() {
    String text =
        "case.opened.kind=visit\ncase.opened.title=T\ncase.opened.severity=FAULT\n"
            + "case.opened.due=two days\n";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> WorkPolicy.read(new StringReader(text), "x"))
        .withMessageContaining("x: case.opened.due is a span such as 12h or 3d");
  }
}
