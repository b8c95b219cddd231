package org.gridwarden.simulator;

/**
 * What goes wrong with meters that are read. All are shares, 0 to 1.
 *
 * @param lost of the answers that never come
 * @param damaged of the answers in which a byte is another
 * @param dead of the meters that take a connection and say nothing
 * @param clocksOff of the meters whose clock is off: half of them by up to a minute, half by ten
 */
public record LinkFaults(double lost, double damaged, double dead, double clocksOff) {
  /** Nothing goes wrong. */
  public static final LinkFaults NONE = new LinkFaults(0, 0, 0, 0);

  /**
   * @throws IllegalArgumentException where one is no share
   */
  public LinkFaults {
    for (double share : new double[] {lost, damaged, dead, clocksOff}) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("a share is 0 to 1, not " + share);
      }
    }
  }
}
