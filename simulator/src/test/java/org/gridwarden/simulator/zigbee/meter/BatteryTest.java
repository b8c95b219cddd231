package org.gridwarden.simulator.zigbee.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatteryTest {
  private final Battery battery = new Battery();

  /** By hand: 15 ms at 4 mA; 2 times 1.984 ms at 11 mA; 106 bytes and 18 of 32 us at 13 mA. */
  @Test
  void aReportsChargeIsAsReckonedByHand() {
    double waking = 0.015 * 4_000;
    double listening = 2 * (3.5 * 320 + 128 + 2 * 192 + 11 * 32) / 1e6 * 11_000;
    double sending = ((6 + 100) * 32 + (6 + 12) * 32) / 1e6 * 13_000;
    assertThat(battery.report(100)).isCloseTo(waking + listening + sending, within(1e-6));
  }

  /** What a coin cell gives: six months at a report every four seconds, two years at fifteen. */
  @Test
  void sixMonthsToTwoYearsAreIntervalsOfSeconds() {
    assertThat(battery.life(Duration.ofSeconds(4), 100)).isBetween(months(6), months(9));
    assertThat(battery.life(Duration.ofSeconds(15), 100)).isBetween(months(20), months(24));
    assertThat(battery.life(Duration.ofMinutes(15), 100))
        .isGreaterThan(battery.life(Duration.ofMinutes(1), 100));
    assertThat(battery.duty(Duration.ofSeconds(15), 100)).isBetween(0.001, 0.002);
  }

  /** By hand: waking, and one frame of 12 bytes with its acknowledgement. */
  @Test
  void askingTheParentIsReckonedByHand() {
    double listening = (3.5 * 320 + 128 + 2 * 192 + 11 * 32) / 1e6 * 11_000;
    double sending = (6 + 12) * 32 / 1e6 * 13_000;
    assertThat(battery.poll()).isCloseTo(0.015 * 4_000 + listening + sending, within(1e-6));
    assertThat(battery.charge(1, 2_560, 576)).isCloseTo(battery.poll(), within(1e-6));
  }

  /**
   * Half a year by asking every 1.9 s, two years by every 9.5 s; a parent holds a frame for 7.68 s,
   * which is 20 months.
   */
  @Test
  void sixMonthsToTwoYearsByHowOftenItAsks() {
    Duration reports = Duration.ofMinutes(15);
    assertThat(battery.life(Duration.ofMillis(1_900), reports, 100))
        .isBetween(months(6).minusDays(5), months(6).plusDays(10));
    assertThat(battery.life(Duration.ofMillis(7_600), reports, 100))
        .isBetween(months(19), months(21));
    assertThat(battery.life(Duration.ofMillis(9_500), reports, 100))
        .isBetween(months(23), months(25));
  }

  private static Duration months(int count) {
    return Duration.ofDays(30L * count);
  }
}
