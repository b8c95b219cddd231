package org.gridwarden.core;

import java.time.Duration;

/**
 * A moment on the monotonic clock by which something must be done.
 *
 * @param nanoTime in the scale of {@link System#nanoTime()}
 */
public record Deadline(long nanoTime) {
  /** So long from now. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** What is left; negative where it has passed. */
  public Duration left() {
    return Duration.ofNanos(nanoTime - System.nanoTime());
  }
}
