package org.gridwarden.mdm.estimation;

/**
 * How {@link Method#BLEND} weighs what it knows. The shipped figures were fitted; see
 * docs/validation.md.
 *
 * @param edge how much of the difference between the known slots beside the gap and their usual
 *     values is carried into it, 0 to 1
 * @param memoryHours in how many hours that difference fades to 1/e
 * @param level how much of the last and the next day's mean difference is carried into it, 0 to 1
 * @param recencyDays in how many days a day's weight fades to 1/e
 * @param unlike the weight of a day that is not like the gap's by the like-day table, 0 to 1
 * @param spreadMinutes how far in time of day around the slot values still count
 * @param median how much of the weighted median is mixed into the weighted mean, 0 to 1
 * @param trials on how many of the nearest days the same gap is tried out, to see how much of the
 *     straight line belongs into it for this meter at this time; 0 to 60, 0 for none of it
 */
public record BlendShape(
    double edge,
    double memoryHours,
    double level,
    double recencyDays,
    double unlike,
    double spreadMinutes,
    double median,
    int trials) {
  /**
   * @throws IllegalArgumentException outside the ranges
   */
  public BlendShape {
    if (outside(edge, 0, 1)
        || outside(memoryHours, 0.01, 1000)
        || outside(level, 0, 1)
        || outside(recencyDays, 0.1, 10_000)
        || outside(unlike, 0, 1)
        || outside(spreadMinutes, 0, 720)
        || outside(median, 0, 1)
        || outside(trials, 0, 60)) {
      throw new IllegalArgumentException(
          "edge, level, unlike and median are 0 to 1, memory-hours 0.01 to 1000, recency-days 0.1"
              + " to 10000, spread-minutes 0 to 720, trials 0 to 60");
    }
  }

  private static boolean outside(double figure, double least, double most) {
    return !(figure >= least && figure <= most);
  }
}
