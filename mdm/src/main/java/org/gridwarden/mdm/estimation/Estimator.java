package org.gridwarden.mdm.estimation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Finding;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.validation.Then;
import org.gridwarden.mdm.validation.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * Fills what validation found missing or did not believe. A pure function: the same curve, findings
 * and context give the same estimates, and the curve is not changed. Thread-safe.
 */
public final class Estimator {
  private final EstimationRules rules;

  /** With a class's rules. */
  public Estimator(EstimationRules rules) {
    this.rules = rules;
  }

  /**
   * Estimates each stretch that a finding asks for.
   *
   * @return by slot; a stretch for which no method had what it needs is not among them
   */
  public List<Estimate> estimate(Curve curve, List<Finding> findings, Context context) {
    List<Stretch> stretches = stretches(curve.time(), findings, context);
    if (stretches.isEmpty()) {
      return List.of();
    }
    BitSet doubted = new BitSet();
    stretches.forEach(s -> doubted.set(s.from, s.to));
    Known known = new Known(curve, doubted);
    List<Estimate> estimates = new ArrayList<>();
    for (Stretch stretch : stretches) {
      one(known, stretch, context).ifPresent(estimates::add);
    }
    return rules.scaleToRegister() ? new RegisterScale(known, context).scale(estimates) : estimates;
  }

  /**
   * What one method makes of one gap: for comparison, and for a person who chooses by hand.
   *
   * @param from the first slot of the gap
   * @param to the slot after its last
   * @return empty where the method lacks what it needs
   */
  public Optional<double[]> by(Method method, Curve curve, int from, int to, Context context) {
    BitSet doubted = new BitSet();
    doubted.set(from, to);
    return run(method, new Known(curve, doubted), from, to, context, stepOf(curve, from, to));
  }

  private EstimationRules.Step stepOf(Curve curve, int from, int to) {
    return rules.stepFor((long) (to - from) * curve.time().stepSeconds());
  }

  private Optional<Estimate> one(Known known, Stretch stretch, Context context) {
    int from = stretch.from;
    int to = stretch.to;
    if (stretch.dark) {
      return Optional.of(
          new Estimate(from, to, stretch.cause, Method.OUTAGE, Double.NaN, new long[to - from]));
    }
    EstimationRules.Step step = stepOf(known.curve(), from, to);
    for (Method method : step.methods()) {
      Optional<double[]> figures = run(method, known, from, to, context, step);
      if (figures.isPresent()) {
        return Optional.of(
            new Estimate(from, to, stretch.cause, method, Double.NaN, rounded(figures.get())));
      }
    }
    return Optional.empty();
  }

  private Optional<double[]> run(
      Method method, Known known, int from, int to, Context context, EstimationRules.Step step) {
    OtherDays days = new OtherDays(known, rules.likeDays());
    Optional<double[]> figures =
        switch (method) {
          case LINEAR -> linear(known, from, to);
          case LIKE_DAY -> days.likeDay(from, to);
          case LIKE_DAYS -> days.likeDays(from, to);
          case PROFILE -> days.profile(from, to);
          case BLEND -> new Blend(known, rules.likeDays(), step.blend()).estimate(from, to);
          case FEEDER -> context.feeder().flatMap(f -> OtherCurve.scaled(known, f, from, to));
          case SIBLING -> context.sibling().flatMap(s -> OtherCurve.scaled(known, s, from, to));
          case PREVIOUS_DAY -> days.daysBefore(from, to, 1);
          case PREVIOUS_WEEK -> days.daysBefore(from, to, 7);
          case FINAL -> Optional.of(TypicalDay.of(known, rules, from, to));
          case OUTAGE -> Optional.of(new double[to - from]);
          case REGISTER -> RegisterScale.flat(known, context, from, to);
          case MANUAL -> Optional.empty();
        };
    if (!rules.negative()) {
      figures.ifPresent(out -> {
        for (int i = 0; i < out.length; i++) {
          out[i] = Math.max(0, out[i]);
        }
      });
    }
    return figures;
  }

  private static Optional<double[]> linear(Known known, int from, int to) {
    boolean left = known.at(from - 1);
    boolean right = known.at(to);
    if (!left && !right) {
      return Optional.empty();
    }
    double[] out = new double[to - from];
    for (int i = 0; i < out.length; i++) {
      out[i] = straight(known, from, to, i);
    }
    return Optional.of(out);
  }

  /** A place on the straight line over a gap; level where only one of its ends is known. */
  static double straight(Known known, int from, int to, int place) {
    double left = known.at(from - 1) ? known.value(from - 1) : known.value(to);
    double right = known.at(to) ? known.value(to) : left;
    return left + (right - left) * (place + 1) / (to - from + 1);
  }

  /** Rounds so that the sum is kept: what one slot loses the next one gets. */
  static long[] rounded(double[] figures) {
    long[] out = new long[figures.length];
    double owed = 0;
    for (int i = 0; i < out.length; i++) {
      double with = figures[i] + owed;
      out[i] = Math.round(with);
      if (figures[i] >= 0 && out[i] < 0) {
        out[i] = 0;
      }
      owed = with - out[i];
    }
    return out;
  }

  /** A run of slots that is estimated as one. */
  private record Stretch(int from, int to, Rule cause, boolean dark) {}

  private List<Stretch> stretches(Timeline time, List<Finding> findings, Context context) {
    if (findings.stream().noneMatch(f -> f.then() == Then.ESTIMATE)) {
      return List.of();
    }
    @Nullable Rule[] causes = new Rule[time.slots()];
    for (Finding finding : findings) {
      if (finding.then() == Then.ESTIMATE) {
        for (int i = finding.from(); i < finding.to(); i++) {
          causes[i] = causes[i] == null ? finding.rule() : causes[i];
        }
      }
    }
    BitSet dark = rules.outageAsZero() ? dark(time, context) : new BitSet();
    List<Stretch> stretches = new ArrayList<>();
    int i = 0;
    while (i < causes.length) {
      Rule cause = causes[i];
      if (cause == null) {
        i++;
        continue;
      }
      int end = i + 1;
      // neighbours that are doubted for different reasons are still one gap to fill
      while (end < causes.length && causes[end] != null && dark.get(end) == dark.get(i)) {
        end++;
      }
      stretches.add(new Stretch(i, end, cause, dark.get(i)));
      i = end;
    }
    return stretches;
  }

  /** Slots that lie wholly in an outage. */
  private static BitSet dark(Timeline time, Context context) {
    BitSet dark = new BitSet();
    for (Context.Outage outage : context.outages()) {
      int first = Math.max(0, time.slotOf(outage.from().minusNanos(1)) + 1);
      int end = Math.min(time.slots(), time.slotOf(outage.to()));
      if (first < end) {
        dark.set(first, end);
      }
    }
    return dark;
  }
}
