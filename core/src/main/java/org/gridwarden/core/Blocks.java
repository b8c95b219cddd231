package org.gridwarden.core;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Interval data as days of slots. Implemented in store. */
public interface Blocks {
  /**
   * Merges days slot by slot: the first raw value of a slot wins, a different later one becomes a
   * revision.
   */
  void merge(Tx tx, List<IntervalBlock> blocks);

  /**
   * Reads a meter's days that touch a range, oldest first, lazily.
   *
   * @param from inclusive
   * @param to exclusive
   * @return to be closed by the caller
   */
  Stream<IntervalBlock> read(MeterId meter, Layer layer, Instant from, Instant to);
}
