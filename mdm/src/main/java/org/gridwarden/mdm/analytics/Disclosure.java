package org.gridwarden.mdm.analytics;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/**
 * When a group's figures tell nothing of one of its households: there are enough of them, and none
 * outweighs the others.
 *
 * @param leastGroup how many households a group has at least, 5 or more
 * @param largestShare which part of a group's use one household may be at most, in percent, 10 to
 *     50; of any hour of the group's mean day it may be twice that
 */
public record Disclosure(int leastGroup, int largestShare) {
  /** Fewer are never told, whatever is configured. */
  public static final int LEAST = 5;

  /** What is in force where nobody says otherwise. */
  public static final Disclosure USUAL = new Disclosure(10, 25);

  /**
   * @throws IllegalArgumentException where a figure is out of its range
   */
  public Disclosure {
    if (leastGroup < LEAST) {
      throw new IllegalArgumentException("a group has at least " + LEAST + " households");
    }
    if (largestShare < 10 || largestShare > 50) {
      throw new IllegalArgumentException("one household's largest share is 10 to 50 percent");
    }
  }

  /** Whether these households' figures may be told together. */
  boolean tellable(Collection<Household> group) {
    return group.size() >= leastGroup && !dominated(group);
  }

  private boolean dominated(Collection<Household> group) {
    if (outweighs(group, Household::dailyKwh, largestShare)) {
      return true;
    }
    for (int h = 0; h < Household.HOURS; h++) {
      int hour = h;
      if (outweighs(group, one -> one.workday()[hour], 2 * largestShare)
          || outweighs(group, one -> one.weekend()[hour], 2 * largestShare)) {
        return true;
      }
    }
    return false;
  }

  private static boolean outweighs(
      Collection<Household> group, ToDoubleFunction<Household> what, int percent) {
    double sum = 0;
    double most = 0;
    for (Household one : group) {
      double value = Math.abs(what.applyAsDouble(one));
      sum += value;
      most = Math.max(most, value);
    }
    // where nobody uses anything nobody stands out
    return sum > 0 && most * 100 > sum * percent;
  }
}
