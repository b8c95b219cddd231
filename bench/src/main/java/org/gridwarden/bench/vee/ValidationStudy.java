package org.gridwarden.bench.vee;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Finding;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.validation.RuleSet;
import org.gridwarden.mdm.validation.Validator;

/**
 * Runs rules over real households as they are, and over the same with defects put in, and counts
 * what is found.
 */
public final class ValidationStudy {
  private final Validator validator;
  private final List<Curve> curves;
  private final long seed;
  private final Map<Rule, Counts> counts = new EnumMap<>(Rule.class);
  private int meterDays;
  private int daysWithAlarms;

  /**
   * @param curves clean ones
   */
  public ValidationStudy(RuleSet rules, List<Curve> curves, long seed) {
    validator = new Validator(rules);
    this.curves = List.copyOf(curves);
    this.seed = seed;
    for (Rule rule : Rule.values()) {
      counts.put(rule, new Counts());
    }
  }

  /** A rule's counts. */
  private static final class Counts {
    private int put;
    private int found;
    private int hits;
    private int stray;
    private int cleanAlarms;
  }

  /**
   * How a rule did.
   *
   * @param put how many defects of its kind were put in
   * @param found how many of them it found
   * @param hits how many of its findings lay on a defect, of whatever kind
   * @param stray how many did not, in the same curves
   * @param cleanAlarms how many meter-days of the clean curves it alarmed on
   */
  public record Score(Rule rule, int put, int found, int hits, int stray, int cleanAlarms) {
    /** Found of what was put in, 0 to 1. */
    public double recall() {
      return put == 0 ? Double.NaN : (double) found / put;
    }

    /** True of what was found, 0 to 1. */
    public double precision() {
      return hits + stray == 0 ? Double.NaN : (double) hits / (hits + stray);
    }
  }

  /**
   * Runs.
   *
   * @param each how many defects of each kind
   */
  public void run(int each) {
    List<Context> contexts = new ArrayList<>();
    SplittableRandom dice = new SplittableRandom(seed);
    for (int i = 0; i < curves.size(); i++) {
      Curve sibling = curves.get((i + 1) % curves.size());
      contexts.add(Surroundings.of(curves.get(i), sibling, dice));
      clean(curves.get(i), contexts.get(i));
    }
    for (Rule rule : Rule.values()) {
      for (int i = 0; i < each; i++) {
        int which = dice.nextInt(curves.size());
        defect(Defect.put(rule, curves.get(which), contexts.get(which), dice));
      }
    }
  }

  private void clean(Curve curve, Context context) {
    List<Finding> findings = validator.validate(curve, context);
    BitSet alarmed = new BitSet();
    Map<Rule, BitSet> byRule = new EnumMap<>(Rule.class);
    for (Finding finding : findings) {
      int first = curve.time().dayOf(finding.from());
      int last = curve.time().dayOf(finding.to() - 1);
      alarmed.set(first, last + 1);
      byRule.computeIfAbsent(finding.rule(), r -> new BitSet()).set(first, last + 1);
    }
    meterDays += curve.time().days();
    daysWithAlarms += alarmed.cardinality();
    byRule.forEach((rule, days) -> of(rule).cleanAlarms += days.cardinality());
  }

  private void defect(Defect defect) {
    of(defect.rule()).put++;
    boolean found = false;
    for (Finding finding : validator.validate(defect.curve(), defect.context())) {
      boolean hit = finding.from() <= defect.to() && finding.to() >= defect.from();
      found |= hit && finding.rule() == defect.rule();
      if (hit) {
        of(finding.rule()).hits++;
      } else {
        of(finding.rule()).stray++;
      }
    }
    of(defect.rule()).found += found ? 1 : 0;
  }

  private Counts of(Rule rule) {
    return Objects.requireNonNull(counts.get(rule));
  }

  /** How each rule did. */
  public List<Score> scores() {
    List<Score> scores = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      Counts c = of(rule);
      scores.add(new Score(rule, c.put, c.found, c.hits, c.stray, c.cleanAlarms));
    }
    return scores;
  }

  /** How many meter-days of clean curves were looked at. */
  public int meterDays() {
    return meterDays;
  }

  /** Clean meter-days with any alarm, of a thousand. */
  public double falseAlarmsPerThousand() {
    return 1000.0 * daysWithAlarms / meterDays;
  }
}
