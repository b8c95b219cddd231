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

  private static Duration months(int count) {
    return Duration.ofDays(30L * count);
  }
}
