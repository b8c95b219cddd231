package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;

/**
 * What a meter measured, interval by interval without a break. Holds its array without copying:
 * whoever hands one over gives it up.
 *
 * @param meter whose
 * @param start when the first interval began
 * @param seconds an interval's length, 1 to 86,400
 * @param values one for each interval, in {@code 10^-scale} kWh or kW; {@link #MISSING} where none
 *     is known; below zero where energy was fed in
 * @param scale digits behind the point, 0 to 12
 * @param power whether values are average kW, and not kWh
 */
@SuppressWarnings("ArrayRecordComponent") // stated above: ownership passes
public record Load(
    String meter, Instant start, int seconds, long[] values, int scale, boolean power) {
  /** What stands where no value is known. */
  public static final long MISSING = Long.MIN_VALUE;

  private static final BigDecimal HOUR = BigDecimal.valueOf(3_600);

  /** When an interval began. */
  public Instant startOf(int index) {
    return start.plusSeconds((long) index * seconds);
  }

  /** When the last interval ended. */
  public Instant end() {
    return startOf(values.length);
  }

  /** A sum of values as energy, in kWh. */
  BigDecimal kilowattHours(BigInteger sum) {
    BigDecimal raw = new BigDecimal(sum, scale);
    return power ? Sums.divide(raw.multiply(BigDecimal.valueOf(seconds)), HOUR) : Sums.plain(raw);
  }

  /**
   * A sum of values as their mean power, in kW.
   *
   * @param count over how many intervals it was summed, 1 or more
   */
  BigDecimal kilowatts(long sum, int count) {
    BigDecimal raw = BigDecimal.valueOf(sum, scale);
    return power
        ? Sums.divide(raw, BigDecimal.valueOf(count))
        : Sums.divide(raw.multiply(HOUR), BigDecimal.valueOf((long) count * seconds));
  }
}
