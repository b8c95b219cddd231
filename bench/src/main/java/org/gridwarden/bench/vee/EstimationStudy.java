package org.gridwarden.bench.vee;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.bench.vee.GapSchedule.Gap;
import org.gridwarden.mdm.estimation.Estimate;
import org.gridwarden.mdm.estimation.EstimationRules;
import org.gridwarden.mdm.estimation.Estimator;
import org.gridwarden.mdm.estimation.Method;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Finding;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.validation.Then;

/** Punches gaps into curves, lets methods fill them, and holds what they make against the truth. */
public final class EstimationStudy {
  /** What the default is held against. */
  public static final List<Method> BASELINES =
      List.of(Method.LINEAR, Method.LIKE_DAYS, Method.PREVIOUS_WEEK);

  /** Further methods that are measured. */
  public static final List<Method> OTHERS =
      List.of(Method.LIKE_DAY, Method.PROFILE, Method.PREVIOUS_DAY, Method.FINAL);

  /** The shipped default's name in the figures. */
  public static final String DEFAULT = "default";

  private final Estimator estimator;

  /** With the rules that make the default. */
  public EstimationStudy(EstimationRules rules) {
    estimator = new Estimator(rules);
  }

  /**
   * How a method did.
   *
   * @param method its name
   * @param gaps how many gaps
   * @param maeKw mean absolute error of a slot, in kW
   * @param biasPercent by how much the energy of all gaps was over- or underestimated
   */
  public record Score(String method, int gaps, double maeKw, double biasPercent) {}

  /** The default. */
  public Score ofDefault(List<Gap> gaps) {
    return score(DEFAULT, gaps, this::byDefault);
  }

  /** One method. */
  public Score of(Method method, List<Gap> gaps) {
    return score(
        method.id(),
        gaps,
        gap -> estimator.by(method, gap.curve(), gap.from(), gap.to(), Context.NONE));
  }

  /** All methods, the default first. */
  public List<Score> all(List<Gap> gaps) {
    List<Score> scores = new ArrayList<>();
    scores.add(ofDefault(gaps));
    BASELINES.forEach(m -> scores.add(of(m, gaps)));
    OTHERS.forEach(m -> scores.add(of(m, gaps)));
    return scores;
  }

  private Optional<double[]> byDefault(Gap gap) {
    Finding found =
        new Finding(Rule.GAP, Then.ESTIMATE, gap.from(), gap.to(), gap.to() - gap.from(), 0);
    List<Estimate> made = estimator.estimate(gap.curve(), List.of(found), Context.NONE);
    if (made.isEmpty()) {
      return Optional.empty();
    }
    long[] values = made.getFirst().values();
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return Optional.of(out);
  }

  /** What fills a gap. */
  private interface Filler {
    Optional<double[]> fill(Gap gap);
  }

  private static Score score(String name, List<Gap> gaps, Filler filler) {
    double error = 0;
    double sum = 0;
    double truth = 0;
    long slots = 0;
    int filled = 0;
    for (Gap gap : gaps) {
      Optional<double[]> made = filler.fill(gap);
      if (made.isEmpty()) {
        continue;
      }
      filled++;
      Curve curve = gap.curve();
      for (int i = gap.from(); i < gap.to(); i++) {
        if (!curve.missing(i)) {
          double is = curve.values()[i] * curve.kilos();
          double said = made.get()[i - gap.from()] * curve.kilos();
          error += Math.abs(said - is);
          sum += said;
          truth += is;
          slots++;
        }
      }
    }
    return new Score(name, filled, error / slots, truth == 0 ? 0 : 100 * (sum - truth) / truth);
  }
}
