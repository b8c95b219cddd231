package org.gridwarden.dlms.objects;

import java.time.Instant;

/**
 * What flows through a meter, by true time. Pure functions of the instant, so that a meter need not
 * remember what it measured; thread-safe.
 */
@FunctionalInterface
public interface EnergySource {
  /** Active energy imported until an instant, in Wh; never less later. */
  long imported(Instant at);

  /** Active energy exported until an instant, in Wh; never less later. */
  default long exported(Instant at) {
    return 0;
  }

  /** Active power imported at an instant, in W, from 0. */
  default long power(Instant at) {
    // of the last minute
    return Math.max(0, imported(at) - imported(at.minusSeconds(60))) * 60;
  }

  /**
   * A steady load.
   *
   * @param since when the meter showed 0
   * @param watts from 0
   */
  static EnergySource steady(Instant since, long watts) {
    return new EnergySource() {
      @Override
      public long imported(Instant at) {
        return Math.max(0, at.getEpochSecond() - since.getEpochSecond()) * watts / 3_600;
      }

      @Override
      public long power(Instant at) {
        return watts;
      }
    };
  }
}
