package org.gridwarden.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadCurveTest {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static Households households;

  @BeforeAll
  static void read() throws IOException {
    households = Households.load();
  }

  @Test
  void theHouseholdsAreThoseOfTheFile() {
    assertThat(households.count()).isEqualTo(261);
    // household 1000317, Monday 00:00: 0.161 kW over a quarter-hour
    assertThat(households.wattHours(0, 0)).isEqualTo(40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-23", "2026-03-29", "2026-10-25", "2024-01-01", "2023-12-31"})
  void theRegisterGrowsByTheSlotsOnDaysOfAnyLength(LocalDate day) {
    LoadCurve curve = new LoadCurve(households, ZURICH, new Dice(7));
    Instant begin = day.atStartOfDay(ZURICH).toInstant();
    Instant end = day.plusDays(1).atStartOfDay(ZURICH).toInstant();
    long register = curve.register(begin);
    for (Instant t = begin; t.isBefore(end); t = t.plusSeconds(900)) {
      register += curve.wattHours(t);
      assertThat(curve.register(t.plusSeconds(900))).as("at %s", t).isEqualTo(register);
    }
  }

  @Test
  void theRegisterNeverFallsInsideASlot() {
    LoadCurve curve = new LoadCurve(households, ZURICH, new Dice(8));
    Instant begin = Instant.parse("2026-10-25T00:00:00Z"); // the hour that comes twice begins here
    long before = 0;
    for (int second = 0; second < 7_200; second += 10) {
      long now = curve.register(begin.plusSeconds(second));
      assertThat(now).isGreaterThanOrEqualTo(before);
      before = now;
    }
  }

  @Test
  void theSameSeedGivesTheSameCurveAndAnotherSeedAnother() {
    Instant at = Instant.parse("2026-11-24T18:00:00Z");
    LoadCurve one = new LoadCurve(households, ZURICH, new Dice(1));
    LoadCurve same = new LoadCurve(households, ZURICH, new Dice(1));
    LoadCurve other = new LoadCurve(households, ZURICH, new Dice(2));
    assertThat(one.register(at)).isEqualTo(same.register(at)).isNotEqualTo(other.register(at));
  }

  @Test
  void aStreetUsesAboutWhatRealHomesUse() {
    Instant begin = Instant.parse("2026-11-01T00:00:00Z");
    Instant end = begin.plus(Duration.ofDays(28));
    long all = 0;
    for (int i = 0; i < 200; i++) {
      LoadCurve curve = new LoadCurve(households, ZURICH, new Dice(i));
      all += curve.register(end) - curve.register(begin);
    }
    long kilowattHoursAWeek = all / 200 / 4 / 1_000;
    assertThat(kilowattHoursAWeek).isBetween(50L, 110L);
  }
}
