package org.gridwarden.store;

/**
 * The last 1,024 counters of a meter's key: which were seen. Counters are unsigned (C4). A value;
 * changes give a new one.
 *
 * @param top the highest counter seen
 * @param seen bit {@code counter mod 1024} of each counter in (top - 1024, top]
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
record Window(long top, byte[] seen) {
  static final int SIZE = 1_024;

  /** Where a counter stands to the window. */
  enum Place {
    AHEAD,
    FREE,
    SEEN,
    BELOW
  }

  static Window startingAt(long counter) {
    byte[] seen = new byte[SIZE / 8];
    set(seen, counter);
    return new Window(counter, seen);
  }

  Place place(long counter) {
    if (Long.compareUnsigned(counter, top) > 0) {
      return Place.AHEAD;
    }
    if (Long.compareUnsigned(top - counter, SIZE) >= 0) {
      return Place.BELOW;
    }
    int bit = bit(counter);
    return (seen[bit >> 3] & 1 << (bit & 7)) != 0 ? Place.SEEN : Place.FREE;
  }

  /** With a counter that is AHEAD or FREE marked as seen. */
  Window with(long counter) {
    byte[] next = seen.clone();
    if (Long.compareUnsigned(counter, top) <= 0) {
      set(next, counter);
      return new Window(top, next);
    }
    if (Long.compareUnsigned(counter - top, SIZE) >= 0) {
      return startingAt(counter);
    }
    for (long skipped = top + 1; skipped != counter; skipped++) {
      int bit = bit(skipped);
      next[bit >> 3] &= (byte) ~(1 << (bit & 7));
    }
    set(next, counter);
    return new Window(counter, next);
  }

  private static void set(byte[] seen, long counter) {
    int bit = bit(counter);
    seen[bit >> 3] |= (byte) (1 << (bit & 7));
  }

  private static int bit(long counter) {
    return (int) (counter & SIZE - 1);
  }
}
