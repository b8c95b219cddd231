package org.gridwarden.simulator.zigbee.radio;

/**
 * How time is parted where a coordinator sends beacons (IEEE 802.15.4-2006, clause 7.5.1.1), at 2.4
 * GHz. An option of 802.15.4 that Zigbee PRO does not have: its networks send no beacons.
 *
 * @param beaconOrder 0 to 14: beacons are 15.36 ms apart, and twice that for each step
 * @param superframeOrder 0 to the beacon order: for so long devices may send after each
 */
public record Superframe(int beaconOrder, int superframeOrder) {
  /** aNumSuperframeSlots. */
  public static final int SLOTS = 16;

  /** How many devices may have slots of their own (clause 7.5.7). */
  public static final int MOST_RESERVED = 7;

  /** aMinCAPLength, 440 symbols: so much stays for all. */
  public static final long LEAST_FOR_ALL = 7_040;

  /** aBaseSlotDuration, 60 symbols. */
  private static final long BASE_SLOT = 960;

  /** How many bytes a frame may have that is followed by the short pause (aMaxSIFSFrameSize). */
  private static final int SHORT_FRAME = 18;

  private static final long SHORT_PAUSE = 192;
  private static final long LONG_PAUSE = 640;

  /**
   * @throws IllegalArgumentException where the orders are none
   */
  public Superframe {
    if (superframeOrder < 0 || superframeOrder > beaconOrder || beaconOrder > 14) {
      throw new IllegalArgumentException("0 <= superframe order <= beacon order <= 14");
    }
  }

  /** From beacon to beacon, in microseconds. */
  public long interval() {
    return SLOTS * BASE_SLOT << beaconOrder;
  }

  /** A slot, in microseconds. */
  public long slot() {
    return BASE_SLOT << superframeOrder;
  }

  /** How many slots may be reserved in all. */
  public int reservable() {
    return (int) (SLOTS - (LEAST_FOR_ALL + slot() - 1) / slot());
  }

  /** What a frame takes that is acknowledged, with the pause after it, in microseconds. */
  public static long exchange(int bytes) {
    return Air.airtime(bytes)
        + Mac.TURNAROUND
        + Air.airtime(MacFrame.ACK_LENGTH)
        + (bytes > SHORT_FRAME ? LONG_PAUSE : SHORT_PAUSE);
  }

  /** How many slots one such frame needs. */
  public int slotsFor(int bytes) {
    return (int) ((exchange(bytes) + slot() - 1) / slot());
  }
}
