package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DayClosesTest {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  private Instant now = Instant.parse("2026-03-28T12:00:00Z");
  private Set<ZoneId> zones = Set.of(ZoneOffset.UTC, ZURICH);
  private int folds;
  private boolean failing;
  private final DayCloses closes =
      new DayCloses(
          () -> now,
          () -> zones,
          () -> {
            if (failing) {
              throw new IllegalStateException("the database is away");
            }
            folds++;
          });

  private int foldsAt(String instant) {
    now = Instant.parse(instant);
    closes.look();
    return folds;
  }

  @Test
  @DisplayName("one fold a civil day's end and zone, ten minutes after it")
  void eachDayOnce() {
    assertThat(foldsAt("2026-03-28T12:00:00Z")).isZero();
    assertThat(foldsAt("2026-03-28T23:09:59Z")).as("Zurich's day had 9 min 59 s").isZero();
    assertThat(foldsAt("2026-03-28T23:10:00Z")).isEqualTo(1);
    assertThat(foldsAt("2026-03-28T23:11:00Z")).isEqualTo(1);
    assertThat(foldsAt("2026-03-29T00:10:00Z")).as("UTC's").isEqualTo(2);
    // Zurich's summer time: its day ends an hour earlier
    assertThat(foldsAt("2026-03-29T22:09:00Z")).isEqualTo(2);
    assertThat(foldsAt("2026-03-29T22:10:00Z")).isEqualTo(3);
  }

  @Test
  @DisplayName("a fold that failed is tried again; a zone that is new folds at its next day")
  void again() {
    foldsAt("2026-03-28T12:00:00Z");
    failing = true;
    assertThatThrownBy(() -> foldsAt("2026-03-28T23:30:00Z"))
        .isInstanceOf(IllegalStateException.class);
    failing = false;
    assertThat(foldsAt("2026-03-28T23:31:00Z")).isEqualTo(1);
    zones = Set.of(ZURICH, ZoneId.of("Asia/Kolkata"));
    assertThat(foldsAt("2026-03-29T12:00:00Z")).isEqualTo(1);
    assertThat(foldsAt("2026-03-29T18:40:00Z")).as("midnight in Kolkata").isEqualTo(2);
  }
}
