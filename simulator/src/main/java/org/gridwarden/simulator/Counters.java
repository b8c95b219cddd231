package org.gridwarden.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The meters' invocation counters. None is used twice, not after a crash either: all stay below a
 * ceiling that is on the disk before it is reached, and a street that starts again begins at the
 * ceiling. Thread-safe.
 */
final class Counters {
  private static final long BLOCK = 50_000;
  private static final long MOST = 0xFFFF_FFFFL;

  private final StreetState state;
  private final AtomicLongArray next;
  private volatile long ceiling;

  Counters(StreetState state, int meters) {
    this.state = state;
    this.ceiling = state.ceiling();
    this.next = new AtomicLongArray(meters + 1);
    for (int i = 0; i <= meters; i++) {
      next.set(i, Math.max(1, ceiling));
    }
  }

  /**
   * The next counter of a meter.
   *
   * @throws UncheckedIOException where the ceiling cannot be kept
   */
  long next(int meter) {
    long counter = next.getAndIncrement(meter);
    if (counter >= ceiling) {
      raise(counter);
    }
    return counter;
  }

  private synchronized void raise(long counter) {
    if (counter >= MOST) {
      throw new IllegalStateException("a meter's counters are used up; its keys must change");
    }
    if (counter >= ceiling) {
      try {
        state.keep(counter + BLOCK);
      } catch (IOException e) {
        throw new UncheckedIOException("the street's state cannot be kept", e);
      }
      ceiling = counter + BLOCK;
    }
  }
}
