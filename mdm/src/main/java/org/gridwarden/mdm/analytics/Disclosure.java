package org.gridwarden.mdm.analytics;

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
  boolean tellable(Weights group) {
    return group.count() >= leastGroup && !group.dominated(largestShare);
  }
}
