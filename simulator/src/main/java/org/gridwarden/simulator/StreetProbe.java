package org.gridwarden.simulator;

/**
 * What watches the meters of a street at their work, for measurements. Its ways are called by the
 * meters' own threads, many at once, and hold them up.
 */
public interface StreetProbe {
  /** Watches nothing. */
  StreetProbe NONE = new StreetProbe() {};

  /** A meter's way to the office is open; the meter goes on once this returns. */
  default void opened(String serial) throws InterruptedException {}

  /**
   * A message is about to go, for the first time or again.
   *
   * @param counter tells it from the meter's others
   * @param plain what it says, in bytes
   * @param sealed the same ciphered and authenticated, as it is handed to the channel
   */
  default void sending(String serial, long counter, int plain, int sealed) {}

  /** The office has acknowledged it; over ways without acknowledgement: it is gone. */
  default void confirmed(String serial, long counter) {}

  /** An order has reached the meter's desk. */
  default void ordered(String serial) {}
}
