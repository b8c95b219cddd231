package org.gridwarden.simulator;

/**
 * How a meter goes on metering while somebody tampers with it: of phase and neutral current the
 * larger one is billed, and a reversed one counts as forward; a magnet does not stop it, since its
 * shunt has no core to saturate. Whatever is done to it, it bills what flows. Stateless.
 */
final class TamperRule {
  /** So much of the current still flows through the phase where most is led past, in percent. */
  private static final int PAST_THE_BYPASS = 20;

  private TamperRule() {}

  /**
   * What its two sensors see.
   *
   * @param phase in W, negative where reversed
   * @param neutral in W, negative where reversed
   */
  record Seen(long phase, long neutral) {
    /** What is billed, in W. */
    long billed() {
      return Math.max(Math.abs(phase), Math.abs(neutral));
    }

    /** Whether the two differ by more than a tenth, as no honest wiring lets them. */
    boolean unequal() {
      long more = Math.max(Math.abs(phase), Math.abs(neutral));
      return Math.abs(Math.abs(phase) - Math.abs(neutral)) * 10 > more;
    }
  }

  /** What the sensors see of a household that draws so much. */
  static Seen seen(long watts, Senses senses) {
    int sign = senses.senses("reversed") ? -1 : 1;
    long phase = senses.senses("bypass") ? watts * PAST_THE_BYPASS / 100 : watts;
    long neutral = senses.senses("neutral") ? 0 : watts;
    return new Seen(sign * phase, sign * neutral);
  }

  /** The voltage, in tenths of a volt. */
  static long volts(long usual, Senses senses) {
    if (senses.senses("under-voltage")) {
      return usual * 80 / 100;
    }
    return senses.senses("over-voltage") ? usual * 120 / 100 : usual;
  }
}
