package org.gridwarden.core;

import java.time.Duration;
import java.time.Instant;

/**
 * What a meter's clock showed when it was asked.
 *
 * @param shown the meter's time
 * @param at the office's time when the meter looked, taken to be in the middle of the exchange
 * @param within how far that may be wrong: half of what the exchange took
 * @param doubtful whether the meter itself says that its clock may be wrong
 */
public record ClockReading(Instant shown, Instant at, Duration within, boolean doubtful) {
  /** How far the clock is off; positive where it is fast. */
  public Duration off() {
    return Duration.between(at, shown);
  }
}
