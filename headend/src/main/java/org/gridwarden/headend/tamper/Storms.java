package org.gridwarden.headend.tamper;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts in windows of a minute, each with its limit (C35). Forgets with each window, so that it
 * never grows beyond a minute's names. Not thread-safe.
 *
 * @param <K> what is counted
 */
final class Storms<K> {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final int most;
  private final Map<K, Integer> counts = new HashMap<>();
  private Instant began = Instant.EPOCH;

  Storms(int most) {
    this.most = most;
  }

  /** Counts one; false where that is beyond the limit. */
  boolean within(K name, Instant now) {
    if (now.isBefore(began) || !now.isBefore(began.plus(WINDOW))) {
      began = now;
      counts.clear();
    }
    return counts.merge(name, 1, Integer::sum) <= most;
  }
}
