package org.gridwarden.mdm.vee;

import java.util.List;
import org.gridwarden.mdm.estimation.Estimator;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Finding;
import org.gridwarden.mdm.validation.Validator;

/**
 * Validation, then estimation, by a class's rules. A pure function of curve and context: run again
 * on the same it makes the same. Thread-safe.
 */
public final class Vee {
  private final Validator validator;
  private final Estimator estimator;

  /** With a class's rules. */
  public Vee(RuleBook.ClassRules rules) {
    validator = new Validator(rules.validation());
    estimator = new Estimator(rules.estimation());
  }

  /** The whole curve. */
  public MeterResult run(String meter, Curve raw, Context context) {
    return run(meter, raw, 0, raw.time().days(), context);
  }

  /** Some days of a curve; the other days are what is known of the meter. */
  public MeterResult run(String meter, Curve raw, int fromDay, int toDay, Context context) {
    List<Finding> findings = validator.validate(raw, fromDay, toDay, context);
    return new MeterResult(meter, raw, findings, estimator.estimate(raw, findings, context));
  }
}
