package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dates and times with wildcards, and periods, across daylight saving. */
class RecurrenceTest {
  private static final ZoneRules BERLIN = Bench.BERLIN.getRules();
  private static final int ANY = 0xFF;

  private static List<String> next(CosemDate date, CosemTime time, String after, int count) {
    List<String> all = new ArrayList<>();
    Optional<Instant> at = Optional.of(Instant.parse(after));
    for (int i = 0; i < count && at.isPresent(); i++) {
      at = Recurrence.next(date, time, at.get(), BERLIN);
      at.ifPresent(t -> all.add(t.toString()));
    }
    return all;
  }

  @Test
  void everyDay() {
    assertThat(next(CosemDate.EVERY_DAY, new CosemTime(2, 30, 0, 0), "2026-03-27T00:00:00Z", 4))
        .as("02:30 is skipped on the 29th, thus due when it is skipped, at 03:00")
        .containsExactly(
            "2026-03-27T01:30:00Z",
            "2026-03-28T01:30:00Z",
            "2026-03-29T01:00:00Z",
            "2026-03-30T00:30:00Z");
    assertThat(next(CosemDate.EVERY_DAY, new CosemTime(2, 30, 0, 0), "2026-10-24T12:00:00Z", 2))
        .as("02:30 comes twice on the 25th, and is due the first time")
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
  }

  @Test
  void everyHourRunsThroughDaylightSaving() {
    assertThat(next(CosemDate.EVERY_DAY, new CosemTime(ANY, 15, 0, 0), "2026-10-24T23:30:00Z", 4))
        .containsExactly(
            "2026-10-25T00:15:00Z",
            "2026-10-25T01:15:00Z",
            "2026-10-25T02:15:00Z",
            "2026-10-25T03:15:00Z");
    assertThat(next(CosemDate.EVERY_DAY, new CosemTime(ANY, 15, 0, 0), "2026-03-29T00:00:00Z", 3))
        .containsExactly("2026-03-29T00:15:00Z", "2026-03-29T01:15:00Z", "2026-03-29T02:15:00Z");
  }

  @Test
  void openMinutesAndPastDates() {
    assertThat(
            next(
                CosemDate.of(LocalDate.of(2026, 1, 2)),
                new CosemTime(23, ANY, 0, 0),
                "2026-01-02T22:58:10Z",
                3))
        .containsExactly("2026-01-02T22:59:00Z");
    assertThat(
            next(
                CosemDate.of(LocalDate.of(2025, 1, 2)),
                CosemTime.MIDNIGHT,
                "2026-01-02T22:58:10Z",
                1))
        .isEmpty();
    assertThat(
            next(new CosemDate(0xFFFF, 2, 29, ANY), CosemTime.MIDNIGHT, "2026-01-01T00:00:00Z", 1))
        .containsExactly("2028-02-28T23:00:00Z");
    assertThat(
            next(new CosemDate(0xFFFF, 2, 30, ANY), CosemTime.MIDNIGHT, "2026-01-01T00:00:00Z", 1))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // year, month, day, weekday, matches
    "65535, 255, 254, 255, 2026-02-28, true", // the last day
    "65535, 255, 254, 255, 2028-02-28, false",
    "65535, 255, 253, 255, 2026-04-29, true", // the second last day
    "65535, 3, 254, 7, 2026-03-29, true", // the last Sunday
    "65535, 3, 254, 7, 2026-03-22, false",
    "65535, 3, 253, 7, 2026-03-22, true", // the second last Sunday
    "65535, 4, 1, 7, 2026-04-05, true", // the first Sunday
    "65535, 4, 1, 7, 2026-04-12, false",
    "65535, 255, 255, 1, 2026-11-23, true", // Mondays
    "65535, 255, 255, 1, 2026-11-24, false",
    "2026, 11, 23, 1, 2026-11-23, true", // one day, whose weekday is right
    "2026, 11, 23, 2, 2026-11-24, false", // or wrong
    "65535, 254, 1, 255, 2026-03-01, true", // the month in which daylight saving begins
    "65535, 254, 1, 255, 2026-10-01, false",
    "65535, 253, 1, 255, 2026-10-01, true", // and ends
  })
  void dates(int year, int month, int day, int weekday, LocalDate date, boolean matches) {
    assertThat(new CosemDate(year, month, day, weekday).matches(date, BERLIN)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "900, 2026-03-29T00:59:59Z, 2026-03-29T01:00:00Z",
    "900, 2026-03-29T01:00:00Z, 2026-03-29T01:15:00Z",
    "3600, 2026-10-25T00:30:00Z, 2026-10-25T01:00:00Z",
    "3600, 2026-10-25T01:00:00Z, 2026-10-25T02:00:00Z",
    // days: 23 hours, 25 hours
    "86400, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
    "86400, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
    // two hours: 02:00 is skipped, 04:00 comes; 02:00 comes twice and counts once
    "7200, 2026-03-28T23:00:00Z, 2026-03-29T01:00:00Z",
    "7200, 2026-10-25T00:00:00Z, 2026-10-25T03:00:00Z",
  })
  void periods(long period, Instant after, Instant next) {
    assertThat(Recurrence.nextPeriod(period, after, BERLIN)).isEqualTo(next);
  }

  @Test
  void periodsOfALocalDay() {
    ZoneRules india = ZoneId.of("Asia/Kolkata").getRules();
    assertThat(Recurrence.nextPeriod(3_600, Instant.parse("2026-01-01T00:00:00Z"), india))
        .isEqualTo(Instant.parse("2026-01-01T00:30:00Z"));
  }
}
