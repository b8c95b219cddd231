package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StampsTest {
  @Test
  void spellsAsTheJdkDoes() {
    Stamps stamps = new Stamps();
    SplittableRandom dice = new SplittableRandom(1);
    Instant from = Instant.parse("-0001-12-30T00:00:00Z");
    Instant to = Instant.parse("+12000-01-01T00:00:00Z");
    for (int i = 0; i < 10_000; i++) {
      Instant at = Instant.ofEpochSecond(dice.nextLong(from.getEpochSecond(), to.getEpochSecond()));
      for (int slot = 0; slot < 5; slot++) {
        Instant start = at.plusSeconds(slot * 900L);
        assertThat(new String(stamps.of(start.getEpochSecond()), StandardCharsets.US_ASCII))
            .isEqualTo(start.toString());
      }
    }
  }
}
