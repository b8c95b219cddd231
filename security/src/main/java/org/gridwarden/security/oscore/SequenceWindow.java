package org.gridwarden.security.oscore;

/**
 * Which sequence numbers came (RFC 8613, clause 7.4): a window of 64 below the greatest.
 * Thread-safe.
 */
public final class SequenceWindow {
  private static final int SIZE = 64;

  private long greatest = -1;
  private long seen; // bit i: greatest - i came

  /** Begins at a number that is known to be fresh: nothing up to it is taken from now on. */
  public synchronized void begin(long sequence) {
    greatest = sequence;
    seen = -1;
  }

  /** Takes a number, once. */
  public synchronized boolean take(long sequence) {
    if (sequence > greatest) {
      long by = sequence - greatest;
      seen = by >= SIZE ? 0 : seen << by;
      seen |= 1;
      greatest = sequence;
      return true;
    }
    long back = greatest - sequence;
    if (back >= SIZE || (seen >>> back & 1) != 0) {
      return false;
    }
    seen |= 1L << back;
    return true;
  }
}
