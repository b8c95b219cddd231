package org.gridwarden.simulator.zigbee.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The shape of the curves in docs/zigbee.md: all arrives, until nothing does. */
class CapacityTest {
  @Test
  void fewMetersAreHeardAndTooManyAreNot() {
    Capacity.Point few = Capacity.measure(10, 5, 0, 30, 1);
    assertThat(few.delivered()).isEqualTo(1);
    assertThat(few.medianMillis()).isBetween(5.0, 60.0);
    Capacity.Point many = Capacity.measure(150, 1, 0, 10, 1);
    assertThat(many.delivered()).isLessThan(0.9);
    assertThat(many.busy()).isGreaterThan(few.busy());
    assertThat(many.medianMillis()).isGreaterThan(few.medianMillis());
  }

  @Test
  void repetitionHidesLossWhileThereIsRoom() {
    assertThat(Capacity.measure(10, 5, 0.2, 30, 2).delivered()).isGreaterThan(0.97);
  }
}
