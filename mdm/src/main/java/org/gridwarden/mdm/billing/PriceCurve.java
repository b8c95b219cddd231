package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * Prices by the quarter-hour, say, as a market made them. Holds its array without copying: whoever
 * hands one over gives it up.
 *
 * @param start when the first price began to hold
 * @param seconds how long each holds, 1 to 86,400
 * @param prices of a kWh, one for each step, in {@code 10^-scale} of the currency; {@link #MISSING}
 *     where none is known; below zero where whoever takes energy is paid
 * @param scale digits behind the point, 0 to 12
 */
@SuppressWarnings("ArrayRecordComponent") // stated above: ownership passes
public record PriceCurve(Instant start, int seconds, long[] prices, int scale) {
  /** What stands where no price is known. */
  public static final long MISSING = Long.MIN_VALUE;

  /** When the last price ceased to hold. */
  public Instant end() {
    return start.plusSeconds((long) prices.length * seconds);
  }

  /**
   * The price of an interval.
   *
   * @param epoch when it began, in seconds since 1970
   * @param length of the interval in seconds
   * @return {@link #MISSING} where none is known, or the interval does not lie within one step
   */
  long at(long epoch, int length) {
    long off = epoch - start.getEpochSecond();
    long index = Math.floorDiv(off, (long) seconds);
    if (index < 0 || index >= prices.length || off % seconds + length > seconds) {
      return MISSING;
    }
    return prices[(int) index];
  }

  /** A sum of values times prices, as money. */
  BigDecimal worth(BigDecimal kilowattHoursTimesPrices) {
    return Sums.plain(kilowattHoursTimesPrices.movePointLeft(scale));
  }
}
