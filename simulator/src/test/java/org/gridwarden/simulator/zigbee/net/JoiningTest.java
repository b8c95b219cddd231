package org.gridwarden.simulator.zigbee.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JoiningTest {
  @Test
  void allWhoseCodeIsKnownComeInRingByRing() {
    Rings rings = new Rings(50, 25, 0.01, 1);
    rings.letIn(50, 250);
    rings.run(240);
    assertThat(rings.inside()).isEqualTo(50);
    assertThat(rings.net.distance(rings.devices.get(49).aps().node(), 0)).hasValue(2);
    assertThat(rings.centre.aps().names()).as("all have announced themselves").hasSize(50);
    assertThat(rings.devices).allMatch(d -> d.joins() == 1);
  }

  @Test
  @DisplayName("C24: who has no code that the centre knows stays out")
  void strangersStayOut() {
    Rings rings = new Rings(4, 4, 0, 2);
    rings.letIn(3, 250);
    rings.run(60);
    assertThat(rings.inside()).isEqualTo(3);
    assertThat(rings.devices.get(3).inside()).isFalse();
    assertThat(rings.knocked)
        .anyMatch(k -> k.eui64() == Rings.CENTRE + 4 && k.decision() == TrustCentre.DENY);
  }
}
