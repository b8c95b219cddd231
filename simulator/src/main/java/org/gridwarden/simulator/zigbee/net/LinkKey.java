package org.gridwarden.simulator.zigbee.net;

/** A key that a device shares with the trust centre, and the counters under it. */
public final class LinkKey {
  private final byte[] key;
  private long out;
  private long in = -1;

  /**
   * @param key 16 bytes
   * @param out the next counter to be sent
   * @param in the greatest one that was heard; -1 for none
   */
  public LinkKey(byte[] key, long out, long in) {
    this.key = key.clone();
    this.out = out;
    this.in = in;
  }

  byte[] key() {
    return key;
  }

  /** The key's bytes, for who keeps it. */
  public byte[] copy() {
    return key.clone();
  }

  long next() {
    return out++;
  }

  /** Whether a counter is new; from then on it is old. */
  boolean fresh(long counter) {
    if (counter <= in) {
      return false;
    }
    in = counter;
    return true;
  }

  /** The next counter to be sent. */
  public long out() {
    return out;
  }

  /** The greatest counter that was heard. */
  public long in() {
    return in;
  }
}
