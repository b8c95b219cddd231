package org.gridwarden.mdm.validation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Runs a class's rules over days of a curve. The same curve, rules and context always give the same
 * findings; nothing is changed. Thread-safe.
 */
public final class Validator {
  private final RuleSet rules;

  /** With a class's rules. */
  public Validator(RuleSet rules) {
    this.rules = rules;
  }

  /** The whole curve. */
  public List<Finding> validate(Curve curve, Context context) {
    return validate(curve, 0, curve.time().days(), context);
  }

  /**
   * Some days of a curve; the other days are its history where the context brings none.
   *
   * @param fromDay the first day, as the timeline counts them
   * @param toDay the day after the last
   * @return by slot
   */
  public List<Finding> validate(Curve curve, int fromDay, int toDay, Context context) {
    List<Finding> findings = new ArrayList<>(0);
    DayFigures figures = Checks.figures(curve, rules);
    int from = curve.time().firstSlot(fromDay);
    int to = curve.time().firstSlot(toDay);
    SlotChecks slots = new SlotChecks(rules, curve, context, findings);
    slots.run(from, to);
    History.Others others =
        context.history().isPresent() ? null : new History.Others(curve, figures);
    DayChecks days = new DayChecks(rules, curve, context, figures, findings);
    for (int day = fromDay; day < toDay; day++) {
      if (figures.came[day] > 0) {
        days.run(day, others == null ? context.history().orElseThrow() : others.without(day));
      }
    }
    new RegisterChecks(rules, curve, context, findings).run(from, to);
    if (findings.size() > 1) {
      findings.sort(
          Comparator.comparingInt(Finding::from)
              .thenComparing(Finding::rule)
              .thenComparingInt(Finding::to));
    }
    return findings;
  }
}
