package org.gridwarden.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DayTest {
  private static final Duration QUARTER = Duration.ofMinutes(15);

  @ParameterizedTest
  @CsvSource({
    "2026-03-29, Europe/Zurich, 92",
    "2026-10-25, Europe/Zurich, 100",
    "2026-06-01, Europe/Zurich, 96",
    "2026-04-05, Australia/Sydney, 100",
    "2026-04-05, Australia/Lord_Howe, 98",
    "2026-03-29, UTC, 96",
  })
  void hasAsManyQuartersAsItsZoneSays(LocalDate date, ZoneId zone, int slots) {
    Day day = Day.of(date, zone, QUARTER);
    assertThat(day.slots()).isEqualTo(slots);
    assertThat(day.startOf(slots)).isEqualTo(date.plusDays(1).atStartOfDay(zone).toInstant());
    for (int i = 0; i < slots; i++) {
      assertThat(day.indexOf(day.startOf(i))).isEqualTo(i);
      assertThat(Day.containing(day.startOf(i), zone, QUARTER)).isEqualTo(day);
    }
  }

  @Test
  void knowsNoSlotOutsideOrBetween() {
    Day day = Day.of(LocalDate.of(2026, 6, 1), ZoneId.of("UTC"), QUARTER);
    assertThat(day.indexOf(day.start().minusSeconds(900))).isEqualTo(-1);
    assertThat(day.indexOf(day.startOf(96))).isEqualTo(-1);
    assertThat(day.indexOf(day.start().plusSeconds(1))).isEqualTo(-1);
    assertThat(day.indexOf(Instant.MIN.plusSeconds(day.start().getEpochSecond()))).isEqualTo(-1);
  }

  @Test
  void isNotCutUnevenly() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Day.of(LocalDate.of(2026, 6, 1), ZoneId.of("UTC"), Duration.ofMinutes(7)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Day.of(LocalDate.of(2026, 6, 1), ZoneId.of("UTC"), Duration.ZERO));
  }
}
