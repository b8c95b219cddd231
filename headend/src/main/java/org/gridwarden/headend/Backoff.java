package org.gridwarden.headend;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses that double with each failure, up to a longest one, each a little longer or shorter by
 * chance so that those who failed together do not come back together.
 *
 * @param first after the first failure
 * @param last the longest, before chance
 */
record Backoff(Duration first, Duration last) {
  private static final int MOST_DOUBLINGS = 30;

  /**
   * The pause after a failure.
   *
   * @param failures how many in a row, from 1
   * @return half to one and a half times the doubled pause
   */
  Duration after(int failures, RandomGenerator dice) {
    int doublings = Math.min(MOST_DOUBLINGS, Math.max(0, failures - 1));
    long millis = first.toMillis();
    for (int i = 0; i < doublings && millis < last.toMillis(); i++) {
      millis *= 2;
    }
    millis = Math.min(millis, last.toMillis());
    return Duration.ofMillis(millis / 2 + dice.nextLong(millis + 1));
  }
}
