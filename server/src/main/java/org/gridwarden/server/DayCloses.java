package org.gridwarden.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Folds when a civil day has ended in any zone where meters stand, and its last slots have had time
 * to come: what is read about yesterday then stands in day rows. Not thread-safe.
 */
final class DayCloses {
  /** The last interval's push comes after its end; meters spread theirs over minutes. */
  static final Duration GRACE = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final Supplier<Set<ZoneId>> zones;
  private final Runnable fold;
  private final Map<ZoneId, LocalDate> folded = new HashMap<>();

  DayCloses(InstantSource clock, Supplier<Set<ZoneId>> zones, Runnable fold) {
    this.clock = clock;
    this.zones = zones;
    this.fold = fold;
  }

  /** Folds once where a day has closed since the last look; a fold that fails is tried again. */
  void look() {
    Instant at = clock.instant().minus(GRACE);
    Map<ZoneId, LocalDate> closed = new HashMap<>();
    for (ZoneId zone : zones.get()) {
      LocalDate today = LocalDate.ofInstant(at, zone);
      // a zone seen for the first time closes nothing: the next fold of every few hours has its
      // slots
      if (today.isAfter(folded.computeIfAbsent(zone, z -> today))) {
        closed.put(zone, today);
      }
    }
    if (!closed.isEmpty()) {
      fold.run();
      folded.putAll(closed);
    }
  }
}
