package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;

/**
 * How earlier peaks raise a month's billed demand: it is at least a share of the highest demand of
 * the months that are looked back at, this month among them. Immutable.
 *
 * @param share by calendar month, January first: 0.35 for 35 %; zero where nothing is looked at
 * @param counts by calendar month: whether that month's peak counts for others
 * @param months how many months before this one are looked at, 0 to 11
 */
public record Lookback(List<BigDecimal> share, List<Boolean> counts, int months) {
  /** Nothing is looked back at. */
  public static final Lookback NONE =
      new Lookback(
          java.util.Collections.nCopies(12, BigDecimal.ZERO),
          java.util.Collections.nCopies(12, false),
          0);

  /**
   * @throws IllegalArgumentException where a list has not 12 entries, a share is not 0 to 1 or the
   *     months are not 0 to 11
   */
  public Lookback {
    share = List.copyOf(share);
    counts = List.copyOf(counts);
    if (share.size() != 12 || counts.size() != 12 || months < 0 || months > 11) {
      throw new IllegalArgumentException("a look-back is given for 12 months, 0 to 11 months back");
    }
    for (BigDecimal s : share) {
      if (s.signum() < 0 || s.compareTo(BigDecimal.ONE) > 0) {
        throw new IllegalArgumentException("a share looked back at is 0 to 1, not " + s);
      }
    }
  }

  /**
   * What is billed.
   *
   * @param month the month
   * @param peaks peaks in kW by month, as far as they are known; this month's among them
   */
  BigDecimal billed(YearMonth month, Map<YearMonth, BigDecimal> peaks) {
    BigDecimal own = peaks.getOrDefault(month, BigDecimal.ZERO);
    BigDecimal part = share.get(month.getMonthValue() - 1);
    if (part.signum() == 0) {
      return own;
    }
    BigDecimal highest = BigDecimal.ZERO;
    for (int back = 0; back <= months; back++) {
      YearMonth earlier = month.minusMonths(back);
      if (counts.get(earlier.getMonthValue() - 1)) {
        highest = highest.max(peaks.getOrDefault(earlier, BigDecimal.ZERO));
      }
    }
    return own.max(highest.multiply(part));
  }
}
