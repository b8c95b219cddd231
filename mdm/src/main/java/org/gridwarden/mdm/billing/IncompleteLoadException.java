package org.gridwarden.mdm.billing;

import java.time.Instant;

/** An interval without a value lies in what should be billed. */
public final class IncompleteLoadException extends Exception {
  private static final long serialVersionUID = 1L;

  IncompleteLoadException(String meter, Instant at) {
    super(
        "meter "
            + meter
            + " has no value for the interval that starts "
            + at
            + ": estimate it first, with 'gridwarden vee --in FILE --out FILE'");
  }
}
