package org.gridwarden.channel.dlms.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateCounterTest {
  @Test
  @DisplayName("C2: counters that were reserved are not given out again")
  void counters(@TempDir Path folder) {
    assertThat(new GateCounter(folder).load()).isZero();
    new GateCounter(folder).save(512);
    assertThat(new GateCounter(folder).load()).isEqualTo(512);
  }
}
