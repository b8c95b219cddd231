package org.gridwarden.headend;

import java.time.Duration;

/**
 * What is done about meters' clocks (C36).
 *
 * @param tolerance so much a clock may be off
 * @param correction so much it is set right at most; above it an alarm is raised, and nothing done
 * @param rest so long a clock that was corrected is not corrected again: one that runs away needs a
 *     person
 */
public record ClockLimits(Duration tolerance, Duration correction, Duration rest) {
  private static final Duration MOST = Duration.ofMinutes(15);

  /**
   * @throws IllegalArgumentException where they do not fit together
   */
  public ClockLimits {
    if (tolerance.isNegative()
        || correction.compareTo(tolerance) < 0
        || correction.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "collection: a clock's 'correction' is between its 'tolerance' and "
              + MOST.toSeconds()
              + " s");
    }
  }

  /** Ten seconds are tolerated, up to two minutes corrected, once in twelve hours. */
  public static ClockLimits defaults() {
    return new ClockLimits(Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofHours(12));
  }
}
