package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/**
 * How amounts are rounded: each line to the currency's smallest unit, and a month's total, where
 * that is said, to what can be paid in coins. Immutable.
 *
 * @param lines halves up (away from zero) or halves to even
 * @param totalTo what a month's total is a multiple of, 0.05 say; halves up; null where the sum of
 *     the lines is the total
 */
public record Rounding(RoundingMode lines, @Nullable BigDecimal totalTo) {
  /** Lines halves up, and the total as it comes. */
  public static final Rounding USUAL = new Rounding(RoundingMode.HALF_UP, null);

  /**
   * @throws IllegalArgumentException where the lines are rounded otherwise, or the total to nothing
   */
  public Rounding {
    if (lines != RoundingMode.HALF_UP && lines != RoundingMode.HALF_EVEN) {
      throw new IllegalArgumentException("lines are rounded half-up or half-even");
    }
    if (totalTo != null && totalTo.signum() <= 0) {
      throw new IllegalArgumentException("a total is rounded to more than zero");
    }
  }

  /** An amount as a line has it. */
  BigDecimal line(BigDecimal amount, Currency currency) {
    return amount.setScale(Math.max(0, currency.getDefaultFractionDigits()), lines);
  }

  /** What is added to a sum of lines to make it a total; zero where it is one. */
  BigDecimal missing(BigDecimal sum) {
    if (totalTo == null) {
      return BigDecimal.ZERO;
    }
    return sum.divide(totalTo, 0, RoundingMode.HALF_UP).multiply(totalTo).subtract(sum);
  }
}
