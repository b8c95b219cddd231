package org.gridwarden.simulator.zigbee.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TunnelLoadTest {
  @Test
  void aMessageIsItsSegmentsTheAnswerAndWhatAcknowledgesThem() {
    TunnelLoad.Measured one = TunnelLoad.measure(1, 10, 120, 0, 60, 1);
    assertThat(one.sent()).isEqualTo(6);
    assertThat(one.up()).hasSize(6);
    assertThat(one.acknowledged()).hasSize(6);
    // 121 bytes are two segments; with the answer three units, each acknowledged by the application
    // support layer, and all six by the radio's
    assertThat(one.framesEach()).isBetween(12.0, 18.0); // some collide, and are sent again
    // the payloads alone are 120 + 1 + 2 * 9 + 8
    assertThat(one.bytesEach()).isBetween(120.0 + 1 + 2 * 9 + 8, 800.0);
    assertThat(one.acknowledged().getFirst()).isGreaterThan(one.up().getFirst());
  }

  @Test
  void aLongerMessageTakesMoreSegments() {
    TunnelLoad.Measured shorter = TunnelLoad.measure(1, 10, 63, 0, 60, 1);
    TunnelLoad.Measured longer = TunnelLoad.measure(1, 10, 64, 0, 60, 1);
    assertThat(shorter.framesEach()).isBetween(8.0, 11.0);
    assertThat(longer.framesEach()).isBetween(12.0, 18.0);
  }

  @Test
  void lossCostsFramesAndRepetitionHidesIt() {
    TunnelLoad.Measured clear = TunnelLoad.measure(10, 5, 160, 0, 60, 2);
    TunnelLoad.Measured lossy = TunnelLoad.measure(10, 5, 160, 0.1, 60, 2);
    assertThat(clear.up()).hasSize(clear.sent());
    assertThat(lossy.up().size()).isGreaterThan(lossy.sent() * 95 / 100);
    assertThat(lossy.framesEach()).isGreaterThan(clear.framesEach());
  }

  @Test
  void whatItCannotBeIsSaid() {
    assertThatThrownBy(() -> TunnelLoad.measure(0, 5, 160, 0, 60, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 1,000 meters");
  }
}
