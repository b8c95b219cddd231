package org.gridwarden.headend;

import java.util.function.LongSupplier;

/** How many a second, over the last ten whole seconds. Thread-safe. */
final class Rate {
  private static final int SECONDS = 10;

  private final LongSupplier nanoTime;
  private final long[] counts = new long[SECONDS + 1];
  private long second;

  Rate(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.second = now();
  }

  synchronized void add(long count) {
    roll();
    counts[Math.floorMod(second, counts.length)] += count;
  }

  synchronized double perSecond() {
    roll();
    long sum = 0;
    for (int i = 1; i <= SECONDS; i++) {
      sum += counts[Math.floorMod(second - i, counts.length)];
    }
    return (double) sum / SECONDS;
  }

  private void roll() {
    long now = now();
    long steps = Math.min(now - second, counts.length);
    for (long i = 0; i < steps; i++) {
      second++;
      counts[Math.floorMod(second, counts.length)] = 0;
    }
    second = now;
  }

  private long now() {
    return Math.floorDiv(nanoTime.getAsLong(), 1_000_000_000L);
  }
}
