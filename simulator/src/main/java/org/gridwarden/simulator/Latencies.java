package org.gridwarden.simulator;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long confirmations took, in steps of about 3 %, from a microsecond to some hours.
 * Thread-safe; a recording costs one atomic addition.
 */
final class Latencies {
  private static final int STEPS_A_DOUBLING = 24;
  private final AtomicLongArray counts = new AtomicLongArray(34 * STEPS_A_DOUBLING);

  void record(long nanos) {
    double micros = Math.max(1.0, nanos / 1_000.0);
    int step = (int) (Math.log(micros) / Math.log(2) * STEPS_A_DOUBLING);
    counts.incrementAndGet(Math.min(step, counts.length() - 1));
  }

  /** The time that a share of the recordings did not exceed, in milliseconds; 0 where none is. */
  double millis(double share) {
    long all = 0;
    for (int i = 0; i < counts.length(); i++) {
      all += counts.get(i);
    }
    long wanted = (long) Math.ceil(all * share);
    long seen = 0;
    for (int i = 0; i < counts.length() && all > 0; i++) {
      seen += counts.get(i);
      if (seen >= wanted) {
        return Math.pow(2, (i + 1.0) / STEPS_A_DOUBLING) / 1_000;
      }
    }
    return 0;
  }
}
