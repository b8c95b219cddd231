package org.gridwarden.mdm.analytics;

import java.util.Collection;

/**
 * How many households there are, what they use together, and what the one that uses most of it
 * does: in all, and in each hour of a workday and of a weekend's day. Adds up part by part.
 */
final class Weights {
  /** Where the hours begin; before them stands the whole. */
  private static final int HOURS = 1;

  private static final int WIDTH = HOURS + 2 * Household.HOURS;

  private final double[] sums = new double[WIDTH];
  private final double[] most = new double[WIDTH];
  private int count;

  static Weights of(Collection<Household> group) {
    Weights all = new Weights();
    for (Household one : group) {
      all.count++;
      all.note(0, one.dailyKwh());
      for (int h = 0; h < Household.HOURS; h++) {
        all.note(HOURS + h, one.workday()[h]);
        all.note(HOURS + Household.HOURS + h, one.weekend()[h]);
      }
    }
    return all;
  }

  private void note(int place, double value) {
    double size = Math.abs(value);
    sums[place] += size;
    most[place] = Math.max(most[place], size);
  }

  /** Others, none of which are here yet, come in. */
  void add(Weights other) {
    count += other.count;
    for (int i = 0; i < WIDTH; i++) {
      sums[i] += other.sums[i];
      most[i] = Math.max(most[i], other.most[i]);
    }
  }

  int count() {
    return count;
  }

  /**
   * Whether one of them outweighs the others; where nobody uses anything nobody does.
   *
   * @param percent which part of all one may be; of an hour it may be twice that
   */
  boolean dominated(int percent) {
    for (int i = 0; i < WIDTH; i++) {
      int limit = i < HOURS ? percent : 2 * percent;
      if (sums[i] > 0 && most[i] * 100 > sums[i] * limit) {
        return true;
      }
    }
    return false;
  }
}
