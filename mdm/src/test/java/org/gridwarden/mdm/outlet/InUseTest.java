package org.gridwarden.mdm.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.junit.jupiter.api.Test;

/** In use, and since when. */
class InUseTest {
  private static final Instant BEGIN = Instant.parse("2026-11-26T08:00:00Z");

  /** By tenths of a watt, a minute apart. */
  private static Optional<InUse> of(int... deciWatts) {
    return InUse.of(
        IntStream.range(0, deciWatts.length)
            .mapToObj(i ->
                new Reading(
                    Outlets.powerOf(3),
                    BEGIN.plusSeconds(60L * i),
                    new ScaledValue(deciWatts[i], -1, Unit.WATT),
                    Quality.UNAUTHENTICATED))
            .iterator(),
        BigDecimal.valueOf(5));
  }

  @Test
  void whatTakesMoreThanItsStandbyIsInUseSinceItBegan() {
    assertThat(of()).isEmpty();
    assertThat(of(7, 7, 20_400, 20_390)).hasValue(new InUse(true, BEGIN.plusSeconds(120), false));
    assertThat(of(20_400, 50))
        .as("5 W are standby")
        .hasValue(new InUse(false, BEGIN.plusSeconds(60), false));
    assertThat(of(51, 51, 51))
        .as("nobody looked at what was before")
        .hasValue(new InUse(true, BEGIN, true));
    assertThat(of(900, 10, 900, 10, 900))
        .as("a fridge")
        .hasValue(new InUse(true, BEGIN.plusSeconds(240), false));
  }
}
