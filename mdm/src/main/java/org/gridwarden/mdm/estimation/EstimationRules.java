package org.gridwarden.mdm.estimation;

import java.util.List;

/**
 * How a class of meters is estimated. Immutable, thread-safe.
 *
 * @param likeDays which days stand in for which
 * @param steps by the gap's length, in rising order; the last serves all longer ones
 * @param scaleToRegister whether estimates are scaled to what the register moved, where it is known
 * @param outageAsZero whether slots without power are true zeros
 * @param negative whether values below zero can be: a channel of net flow
 * @param typicalDay 24 weights for {@link Method#FINAL}, one an hour
 * @param typicalDayKwh a day's energy for it, where nothing is known of the meter itself
 */
public record EstimationRules(
    LikeDays likeDays,
    List<Step> steps,
    boolean scaleToRegister,
    boolean outageAsZero,
    boolean negative,
    List<Double> typicalDay,
    double typicalDayKwh) {
  /**
   * @throws IllegalArgumentException where the steps are none or do not rise, or the typical day
   *     has not 24 weights
   */
  public EstimationRules {
    steps = List.copyOf(steps);
    typicalDay = List.copyOf(typicalDay);
    if (steps.isEmpty() || typicalDay.size() != 24) {
      throw new IllegalArgumentException(
          "there are one or more steps, and 24 weights of a typical day");
    }
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i).upToSeconds() <= steps.get(i - 1).upToSeconds()) {
        throw new IllegalArgumentException("the steps' lengths must rise");
      }
    }
  }

  /**
   * What is done with gaps up to a length.
   *
   * @param upToSeconds the length
   * @param methods tried in this order until one has what it needs
   * @param blend how {@link Method#BLEND} weighs here
   */
  public record Step(long upToSeconds, List<Method> methods, BlendShape blend) {
    /** Copies the list. */
    public Step {
      methods = List.copyOf(methods);
    }
  }

  /** The step for a gap. */
  public Step stepFor(long seconds) {
    for (Step step : steps) {
      if (seconds <= step.upToSeconds()) {
        return step;
      }
    }
    return steps.getLast();
  }
}
