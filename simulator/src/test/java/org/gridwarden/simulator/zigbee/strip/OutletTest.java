package org.gridwarden.simulator.zigbee.strip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What goes through an outlet. */
class OutletTest {
  private static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
  private static final Instant MIDNIGHT = Instant.parse("2026-11-25T23:00:00Z");

  private Instant now = MIDNIGHT;

  private Outlet outlet(Appliance appliance) {
    return new Outlet(appliance, () -> now, ZONE, 1_000);
  }

  private static LongStream day(Appliance appliance) {
    return LongStream.range(0, 86_400)
        .map(s -> appliance.milliwatts(MIDNIGHT.plusSeconds(s), ZONE, Instant.EPOCH));
  }

  @Test
  void eachApplianceHasItsShape() {
    assertThat(day(Appliance.FRIDGE).filter(w -> w > 50_000).count())
        .as("15 minutes of 40")
        .isBetween(31_500L, 33_300L);
    assertThat(day(Appliance.KETTLE).filter(w -> w > 0).count())
        .as("three minutes, six times")
        .isEqualTo(6 * 180);
    assertThat(day(Appliance.TELEVISION).filter(w -> w < 1_000).count())
        .as("stands by but in the evening")
        .isGreaterThan(19 * 3_600);
    assertThat(day(Appliance.WASHING_MACHINE).sum() / 3_600_000)
        .as("watt-hours of a programme")
        .isBetween(800L, 1_400L);
  }

  @Test
  void theRegisterIsWhatWentThrough() {
    Outlet kettle = outlet(Appliance.KETTLE);
    assertThat(kettle.tenthWattHours()).isEqualTo(1_000);
    kettle.use();
    assertThat(kettle.milliwatts()).isEqualTo(2_040_000);
    now = now.plus(Duration.ofMinutes(30));
    assertThat(kettle.milliwatts()).isZero();
    assertThat(kettle.tenthWattHours()).as("three minutes of 2,040 W are 102 Wh").isEqualTo(2_020);
    kettle.use();
    kettle.turn(false);
    now = now.plus(Duration.ofMinutes(30));
    assertThat(kettle.tenthWattHours()).as("switched off").isEqualTo(2_020);
    now = now.plus(Duration.ofDays(7)); // longer than is counted by the second
    kettle.turn(true);
    assertThat(kettle.tenthWattHours()).isEqualTo(2_020);
  }
}
