package org.gridwarden.mdm.validation;

import java.util.List;

/** The rules that hold intervals against the register's readings. */
final class RegisterChecks {
  private final RuleSet rules;
  private final Curve curve;
  private final Context context;
  private final List<Finding> findings;

  RegisterChecks(RuleSet rules, Curve curve, Context context, List<Finding> findings) {
    this.rules = rules;
    this.curve = curve;
    this.context = context;
    this.findings = findings;
  }

  void run(int from, int to) {
    List<Context.Register> registers = context.registers();
    for (int i = 1; i < registers.size(); i++) {
      Context.Register one = registers.get(i - 1);
      Context.Register two = registers.get(i);
      int first = Math.max(0, curve.time().slotOf(one.at()));
      int end = Math.min(curve.time().slots(), curve.time().slotOf(two.at()));
      if (end <= from || first >= to || end <= first) {
        continue;
      }
      Moved moved = moved(one, two, context.registerCapacity());
      double least = rules.then(Rule.REGISTER) == Then.OFF ? 0 : rules.figure(Rule.REGISTER, 0);
      if (moved.fell() && !moved.rolledOver(least)) {
        if (rules.then(Rule.REGISTER) != Then.OFF) {
          add(Rule.REGISTER, first, end, two.kwh() - one.kwh(), 0);
        }
      } else if (rules.then(Rule.SUM) != Then.OFF && curve.missing(first, end) == 0) {
        sum(one, two, first, end, moved.kwh());
      }
    }
  }

  private void sum(Context.Register one, Context.Register two, int first, int end, double moved) {
    long total = 0;
    for (int i = first; i < end; i++) {
      total += curve.values()[i];
    }
    double energy = total * curve.kiloHours();
    double permitted =
        rules.figure(Rule.SUM, 0) * context.registerUnit()
            + rules.figure(Rule.SUM, 1) / 100 * moved;
    // a reading within a slot cuts it: what of its energy came before is not known
    permitted += cut(one, first) + cut(two, end);
    double off = energy - moved;
    if (Math.abs(off) > permitted) {
      add(Rule.SUM, first, end, off, permitted);
    }
  }

  private double cut(Context.Register reading, int slot) {
    if (slot < 0
        || slot >= curve.time().slots()
        || curve.time().epochSecondOf(slot) == reading.at().getEpochSecond()) {
      return 0;
    }
    return Math.abs(curve.values()[slot] * curve.kiloHours());
  }

  /**
   * By how much a register moved from one reading to the next.
   *
   * @param kwh roll-over already reckoned in
   * @param fell whether the second reading is below the first
   * @param leftPercent how much of its range was left before the roll-over, in per cent
   */
  record Moved(double kwh, boolean fell, double leftPercent) {
    boolean rolledOver(double atMostLeft) {
      return fell && leftPercent <= atMostLeft;
    }
  }

  static Moved moved(Context.Register one, Context.Register two, double capacity) {
    boolean fell = two.kwh() < one.kwh();
    if (!fell) {
      return new Moved(two.kwh() - one.kwh(), false, 100);
    }
    return capacity <= one.kwh()
        ? new Moved(two.kwh() - one.kwh(), true, 100)
        : new Moved(
            two.kwh() - one.kwh() + capacity, true, 100 * (capacity - one.kwh()) / capacity);
  }

  private void add(Rule rule, int from, int to, double measured, double permitted) {
    findings.add(new Finding(rule, rules.then(rule), from, to, measured, permitted));
  }
}
