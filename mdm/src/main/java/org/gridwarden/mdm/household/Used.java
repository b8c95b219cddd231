package org.gridwarden.mdm.household;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What some days used.
 *
 * @param taken in kWh, quarter-hour by quarter-hour (or whatever the interval is) what was taken
 *     beyond what was fed in
 * @param fedIn in kWh, the other way round
 * @param cost of what is known; empty where nothing is known, or no tariff holds
 * @param slots how many intervals the days have
 * @param due how many of them are over, and the consumer's
 * @param missing how many of these have no value
 * @param estimated how many values the meter did not tell
 * @param held whether some of it is held back from billing, since the meter may have been tampered
 *     with
 */
public record Used(
    BigDecimal taken,
    BigDecimal fedIn,
    Optional<BigDecimal> cost,
    int slots,
    int due,
    int missing,
    int estimated,
    boolean held) {
  /** Whether any value is known. */
  public boolean any() {
    return due > missing;
  }

  /** Whether all that could be known is, and the days are over. */
  public boolean whole() {
    return missing == 0 && due == slots;
  }

  Used costing(Optional<BigDecimal> amount) {
    return new Used(taken, fedIn, amount, slots, due, missing, estimated, held);
  }
}
