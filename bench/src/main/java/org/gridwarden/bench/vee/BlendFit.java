package org.gridwarden.bench.vee;

import java.util.List;
import java.util.function.DoubleFunction;
import org.gridwarden.mdm.estimation.BlendShape;
import org.gridwarden.mdm.estimation.EstimationRules;
import org.gridwarden.mdm.estimation.Method;

/**
 * Finds the blend's figures for one gap length: one figure after the other is set to what makes the
 * least error over the fitting halves' gaps, until none gets better. An overall bias beyond one per
 * cent counts as error, so that no money is won by guessing low.
 */
final class BlendFit {
  private static final double BIAS_FREE = 1.0;

  /** What a per cent of bias beyond the free one costs, in per cent of the error. */
  private static final double BIAS_COST = 1.0;

  private final EstimationRules base;
  private final List<List<GapSchedule.Gap>> sets;
  private final double[] straight;
  private BlendShape best;
  private double cost;

  BlendFit(EstimationRules base, List<List<GapSchedule.Gap>> sets, BlendShape start) {
    this.base = base;
    this.sets = sets;
    straight = new double[sets.size()];
    for (int i = 0; i < straight.length; i++) {
      straight[i] = new EstimationStudy(base).of(Method.LINEAR, sets.get(i)).maeKw();
    }
    best = start;
    cost = cost(start);
  }

  /**
   * Fits.
   *
   * @param level whether the level of the days beside the gap is looked at: costly, and of no use
   *     where the gap is short
   */
  BlendShape fit(int rounds, boolean level) {
    for (int round = 0; round < rounds; round++) {
      double before = cost;
      tune(x -> with(x, 0), 0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1);
      tune(x -> with(x, 1), 0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 16, 50, 200);
      if (level) {
        tune(x -> with(x, 2), 0, 0.2, 0.4, 0.6, 0.8);
      }
      tune(x -> with(x, 3), 2, 3, 5, 7, 10, 15, 25, 60);
      tune(x -> with(x, 4), 0, 0.15, 0.3, 0.45, 0.6, 0.8, 1);
      tune(x -> with(x, 5), 0, 15, 30, 45, 60, 90, 120);
      tune(x -> with(x, 6), 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
      if (cost > before * 0.9995) {
        break;
      }
    }
    return best;
  }

  private void tune(DoubleFunction<BlendShape> make, double... figures) {
    for (double figure : figures) {
      BlendShape one = make.apply(figure);
      if (!one.equals(best)) {
        double its = cost(one);
        if (its < cost) {
          cost = its;
          best = one;
        }
      }
    }
  }

  private BlendShape with(double x, int which) {
    return new BlendShape(
        which == 0 ? x : best.edge(),
        which == 1 ? x : best.memoryHours(),
        which == 2 ? x : best.level(),
        which == 3 ? x : best.recencyDays(),
        which == 4 ? x : best.unlike(),
        which == 5 ? x : best.spreadMinutes(),
        which == 6 ? x : best.median(),
        best.trials());
  }

  private double cost(BlendShape shape) {
    EstimationRules rules =
        new EstimationRules(
            base.likeDays(),
            List.of(new EstimationRules.Step(1, List.of(Method.BLEND), shape)),
            false,
            false,
            base.negative(),
            base.typicalDay(),
            base.typicalDayKwh());
    double sum = 0;
    for (int i = 0; i < straight.length; i++) {
      EstimationStudy.Score score = new EstimationStudy(rules).of(Method.BLEND, sets.get(i));
      double over = Math.max(0, Math.abs(score.biasPercent()) - BIAS_FREE);
      // each set counts alike: its error in parts of the straight line's
      sum += score.maeKw() / straight[i] * (1 + BIAS_COST * over / 100);
    }
    return sum;
  }
}
