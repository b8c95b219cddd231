package org.gridwarden.mdm.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineTest {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  @ParameterizedTest
  @CsvSource({
    "2026-03-29, 900, 92",
    "2026-10-25, 900, 100",
    "2026-11-01, 900, 96",
    "2026-03-29, 1800, 46",
    "2026-10-25, 3600, 25"
  })
  void daysHaveAsManySlotsAsTheClockGivesThem(LocalDate date, int step, int slots) {
    Timeline time = Timeline.ofDays(date, 1, step, ZURICH, Set.of());

    assertThat(time.days()).isEqualTo(1);
    assertThat(time.slotsOf(0)).isEqualTo(slots);
    assertThat(time.timeOfDay(slots - 1)).isEqualTo(86_400 / step - 1);
  }

  @Test
  void everySlotIsFoundAgainByItsDayAndTime() {
    Timeline time = Timeline.ofDays(LocalDate.of(2026, 3, 20), 300, 900, ZURICH, Set.of());

    for (int slot = 0; slot < time.slots(); slot++) {
      int day = time.dayOf(slot);
      int found = time.slotAt(day, time.timeOfDay(slot));
      // the second 02:15 of an October night is found as the first
      assertThat(found == slot || found == slot - 4).as("slot %s", slot).isTrue();
    }
  }

  @Test
  void theHourThatSpringLeavesOutIsNotFound() {
    Timeline time = Timeline.ofDays(LocalDate.of(2026, 3, 28), 3, 900, ZURICH, Set.of());

    assertThat(time.slotAt(1, 8)).isEqualTo(-1);
    assertThat(time.slotAt(1, 7)).isEqualTo(96 + 7);
    assertThat(time.slotAt(1, 12)).isEqualTo(96 + 8);
    assertThat(time.slotAt(1, 95)).isEqualTo(96 + 91);
    assertThat(time.dateOf(2)).isEqualTo(LocalDate.of(2026, 3, 30));
    assertThat(time.firstSlot(2)).isEqualTo(96 + 92);
  }

  @Test
  void holidaysAreSundays() {
    LocalDate christmas = LocalDate.of(2026, 12, 25);
    Timeline time = Timeline.ofDays(christmas, 2, 900, ZURICH, Set.of(christmas));

    assertThat(time.kindOf(0)).isEqualTo(6);
    assertThat(time.kindOf(1)).isEqualTo(5);
  }

  @Test
  void observedOffsetsMakeTheSameDaysAsTheirZone() {
    TreeMap<Long, Integer> seen = new TreeMap<>();
    long first = LocalDate.of(2026, 10, 24).atStartOfDay(ZURICH).toEpochSecond();
    seen.put(first, 7200);
    seen.put(LocalDate.of(2026, 10, 25).atTime(1, 0).toEpochSecond(ZoneOffset.UTC), 3600);
    Timeline time = Timeline.of(first, 96 + 100 + 96, 900, CivilTime.observed(seen), Set.of());

    assertThat(time.days()).isEqualTo(3);
    assertThat(time.slotsOf(1)).isEqualTo(100);
  }

  @Test
  void tooManySlotsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            Timeline.of(0, Timeline.MAX_SLOTS + 1, 900, CivilTime.of(ZoneOffset.UTC), Set.of()))
        .withMessageContaining("1500000");
  }
}
