package org.gridwarden.mdm.analytics;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/**
 * What is told of the groups of a month.
 *
 * @param month which
 * @param by how they were grouped
 * @param leastGroup with how many households a group is told at least
 * @param groups each group, the hidden ones by their name alone
 * @param <T> what is told of one
 */
public record Figures<T>(YearMonth month, Dimension by, int leastGroup, List<Group<T>> groups) {
  public Figures {
    groups = List.copyOf(groups);
  }

  /**
   * A group.
   *
   * @param name empty where the office does not know it, and for all together
   * @param told its figures; empty where they would tell of a single household, or let one of those
   *     be reckoned
   */
  public record Group<T>(String name, Optional<T> told) {}

  /**
   * A group in a few figures, which are rounded: counts down to fives, others to three digits.
   *
   * @param households how many at least
   * @param dailyKwh what one of them takes in a day, the mean
   * @param baseW the least hour of their own days, the mean
   * @param peakW the highest hour of the group's mean workday or weekend, by household
   * @param peakHour which hour that is, 0 to 23
   * @param ownPeakW the highest hour of their own days, the mean: they do not peak together
   */
  public record Summary(
      int households,
      BigDecimal dailyKwh,
      BigDecimal baseW,
      BigDecimal peakW,
      int peakHour,
      BigDecimal ownPeakW) {}

  /**
   * A group's mean day, by household.
   *
   * @param workday 24 means in W, Monday to Friday, by the meters' own clock
   * @param weekend the same, Saturday and Sunday
   */
  public record Profile(int households, List<BigDecimal> workday, List<BigDecimal> weekend) {
    public Profile {
      workday = List.copyOf(workday);
      weekend = List.copyOf(weekend);
    }
  }

  /** How a group's households spread over what they take in a day. */
  public record Distribution(int households, List<Bin> bins) {
    public Distribution {
      bins = List.copyOf(bins);
    }
  }

  /**
   * Households that take so much a day.
   *
   * @param fromKwh inclusive
   * @param toKwh exclusive; empty where it is open
   * @param households rounded down to fives
   */
  public record Bin(int fromKwh, Optional<Integer> toKwh, int households) {}

  static int fives(int count) {
    return count / 5 * 5;
  }

  static BigDecimal three(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3, RoundingMode.HALF_EVEN));
    return (rounded.scale() > 2 ? rounded.setScale(2, RoundingMode.HALF_EVEN) : rounded)
        .stripTrailingZeros();
  }
}
