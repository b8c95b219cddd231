package org.gridwarden.mdm.estimation;

import org.gridwarden.mdm.validation.Timeline;

/** {@link Method#FINAL}: the class's typical day, sized by what is known of the meter. */
final class TypicalDay {
  private TypicalDay() {}

  static double[] of(Known known, EstimationRules rules, int from, int to) {
    Timeline time = known.time();
    double weights = 0;
    double energy = 0;
    for (int i = 0; i < time.slots(); i++) {
      if (known.at(i)) {
        weights += weight(time, rules, i);
        energy += known.value(i);
      }
    }
    if (weights == 0) {
      // nothing at all is known of it: the class's usual day
      energy = rules.typicalDayKwh() / known.curve().kiloHours();
      for (double hour : rules.typicalDay()) {
        weights += hour * 3600 / time.stepSeconds();
      }
    }
    double[] out = new double[to - from];
    for (int i = from; i < to; i++) {
      out[i - from] = energy / weights * weight(time, rules, i);
    }
    return out;
  }

  private static double weight(Timeline time, EstimationRules rules, int slot) {
    int hour = (int) ((long) time.timeOfDay(slot) * time.stepSeconds() / 3600);
    return rules.typicalDay().get(Math.min(23, hour));
  }
}
