package org.gridwarden.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A meter's own clock: a little off, and drifting by a few seconds a month as quartzes do. The
 * drift is counted from a fixed day on, and set right whenever it has come to two seconds.
 *
 * @param real the true time
 * @param off how far it is off, to begin with
 * @param drift in millionths
 * @param corrected by how many milliseconds it was put forward since, in all
 */
record MeterClock(InstantSource real, Duration off, int drift, AtomicLong corrected)
    implements InstantSource {
  private static final long MOST_DRIFT_MILLIS = 2_000;

  static MeterClock of(InstantSource real, Dice dice, boolean skewed) {
    Duration off = Duration.ofMillis(dice.of(1).between(-1_000, 1_000));
    if (skewed) {
      off = off.plusMinutes(dice.of(3).below(2) == 0 ? 10 : -10);
    }
    return new MeterClock(real, off, dice.of(2).between(-5, 5), new AtomicLong());
  }

  @Override
  public Instant instant() {
    Instant now = real.instant();
    long drifted = now.toEpochMilli() / 1_000_000 * drift;
    return now.plus(off).plusMillis(drifted % MOST_DRIFT_MILLIS + corrected.get());
  }

  /** Sets it right; returns by how much it was fast, negative where it was slow. */
  Duration setRight() {
    Duration fast = Duration.between(real.instant(), instant());
    corrected.addAndGet(-fast.toMillis());
    return fast;
  }

  /** How long until this clock shows a time, which may have passed. */
  Duration until(Instant shown) {
    return Duration.between(instant(), shown);
  }
}
