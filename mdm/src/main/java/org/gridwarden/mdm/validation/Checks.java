package org.gridwarden.mdm.validation;

/** What the checks share. */
final class Checks {
  private Checks() {}

  /** A curve's figures without the values that the rules' limits do not believe. */
  static DayFigures figures(Curve curve, RuleSet rules) {
    long least = rules.then(Rule.NEGATIVE) == Then.OFF ? Long.MIN_VALUE + 1 : 0;
    return DayFigures.of(curve, least, limit(curve, rules));
  }

  /** The highest raw value that the connection can carry. */
  static long limit(Curve curve, RuleSet rules) {
    return rules.then(Rule.HIGH) == Then.OFF
        ? Long.MAX_VALUE
        : (long) Math.ceil(rules.figure(Rule.HIGH, 0) / curve.kilos());
  }

  /** By how many per cent one figure is above another. */
  static double over(double figure, double other) {
    return other == 0 ? (figure == 0 ? 0 : Double.POSITIVE_INFINITY) : 100 * (figure / other - 1);
  }
}
