package org.gridwarden.mdm.billing;

import java.time.Instant;

/** An interval without a value, or without the price that it needs, is to be billed. */
public final class IncompleteLoadException extends Exception {
  private static final long serialVersionUID = 1L;

  private IncompleteLoadException(String message) {
    super(message);
  }

  IncompleteLoadException(String meter, Instant at) {
    this(
        "meter "
            + meter
            + " has no value for the interval that starts "
            + at
            + ": estimate it first, with 'gridwarden vee --in FILE --out FILE'");
  }

  /** The tariff has prices by the interval, and none for this one. */
  static IncompleteLoadException withoutPrice(String meter, Instant at, int seconds) {
    return new IncompleteLoadException(
        "the tariff has no price for the interval of meter "
            + meter
            + " that starts "
            + at
            + " and lasts "
            + seconds
            + " s: its price files must cover the time, in steps no shorter than the interval");
  }
}
