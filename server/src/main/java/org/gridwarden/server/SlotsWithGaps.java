package org.gridwarden.server;

import org.gridwarden.store.Readings;

/** Names the slots that are missing between two that are there. Not thread-safe. */
abstract class SlotsWithGaps implements Readings.EachSlot {
  private long due = Long.MAX_VALUE;

  @Override
  public final void take(long start, Readings.Scale scale, long raw, byte quality) {
    long seconds = scale.interval().toSeconds();
    for (; due < start; due += seconds) {
      missing(due);
    }
    present(start, scale, raw, quality);
    due = start + seconds;
  }

  /** A slot without a value, by its start in seconds since 1970. */
  abstract void missing(long start);

  /** A slot with a value, as {@link #take} got it. */
  abstract void present(long start, Readings.Scale scale, long raw, byte quality);
}
