package org.gridwarden.mdm.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalDateTime;
import org.gridwarden.mdm.billing.Load;
import org.junit.jupiter.api.Test;

/** How a month goes on. */
class HabitsTest {
  private static final LocalDate MONDAY = LocalDate.of(2026, 6, 1);

  private static long[] filled(int knownDays, int days) {
    LocalDateTime until = MONDAY.plusDays(knownDays).atStartOfDay();
    Measured measured =
        Laid.hours(
            MONDAY,
            MONDAY.plusDays(days),
            at ->
                at.isBefore(until)
                    ? 100L * at.getDayOfWeek().getValue() + at.getHour() + at.getDayOfMonth() / 8
                    : Load.MISSING);
    return Habits.filled(measured.load(), Laid.ZURICH, until.atZone(Laid.ZURICH).toInstant())
        .orElse(new long[0]);
  }

  @Test
  void theMeanOfTheSameWeekdayAtTheSameTime() {
    long[] load = filled(14, 16);
    // Mondays at 5: 100 + 5 + 0 and 100 + 5 + 1, halves up
    assertThat(load[14 * 24 + 5]).isEqualTo(106);
    // Tuesdays at 0: 200 + 0 and 200 + 1
    assertThat(load[15 * 24]).isEqualTo(201);
    assertThat(load[3]).as("what is known stays").isEqualTo(103);
  }

  @Test
  void aWeekdayThatIsNotKnownIsTheMeanOfAll() {
    LocalDate to = MONDAY.plusDays(8);
    Measured measured =
        Laid.hours(
            MONDAY,
            to,
            at -> at.getDayOfWeek().getValue() == 3 ? Load.MISSING : at.getDayOfMonth());
    long[] load = Habits.filled(measured.load(), Laid.ZURICH, measured.load().end()).orElseThrow();
    // the 1st, 2nd, 4th to 8th: 33 / 7 = 4.7
    assertThat(load[2 * 24 + 11]).isEqualTo(5);
  }

  @Test
  void sixDaysAreNoHabit() {
    assertThat(filled(6, 10)).isEmpty();
  }
}
