package org.gridwarden.mdm.validation;

import java.util.List;

/** The rules that look at a day as a whole. */
final class DayChecks {
  private final RuleSet rules;
  private final Curve curve;
  private final Context context;
  private final DayFigures figures;
  private final List<Finding> findings;

  DayChecks(
      RuleSet rules, Curve curve, Context context, DayFigures figures, List<Finding> findings) {
    this.rules = rules;
    this.curve = curve;
    this.context = context;
    this.figures = figures;
    this.findings = findings;
  }

  void run(int day, History history) {
    if (history.days() >= History.LEAST_DAYS) {
      spike(day, history);
      step(day, history);
      if (!thousandfold(day, history)) {
        history(day, history);
      }
    }
    loadFactor(day);
    context.sibling().ifPresent(other -> sibling(day, other));
    context.checkMeter().ifPresent(other -> checkMeter(day, other));
    context.reactive().ifPresent(other -> kvar(day, other));
  }

  private void spike(int day, History history) {
    if (rules.then(Rule.SPIKE) == Then.OFF) {
      return;
    }
    double power = figures.highest[day] * curve.kilos();
    double percent = Checks.over(figures.highest[day], figures.third[day]);
    if (percent > rules.figure(Rule.SPIKE, 0)
        && power > history.peakKw() * (1 + rules.figure(Rule.SPIKE, 1) / 100)
        && power > rules.figure(Rule.SPIKE, 2)) {
      int at = figures.highestAt[day];
      add(Rule.SPIKE, at, at + 1, percent, rules.figure(Rule.SPIKE, 0));
    }
  }

  private void step(int day, History history) {
    if (rules.then(Rule.STEP) == Then.OFF) {
      return;
    }
    double permitted =
        Math.max(
            history.stepKw() * (1 + rules.figure(Rule.STEP, 0) / 100), rules.figure(Rule.STEP, 1));
    double step = figures.step[day] * curve.kilos();
    if (step > permitted) {
      int at = figures.stepAt[day];
      add(Rule.STEP, at, at + 1, step, permitted);
    }
  }

  /** Whether the day looks as if its values had another unit. */
  private boolean thousandfold(int day, History history) {
    if (rules.then(Rule.UNIT) == Then.OFF
        || !enough(figures.came[day], day)
        || history.medianDayKwh() <= 0
        || figures.cameSum[day] <= 0) {
      return false;
    }
    double factor = figures.cameSum[day] * curve.kiloHours() / history.medianDayKwh();
    double from = rules.figure(Rule.UNIT, 0);
    if (factor <= from && factor >= 1 / from) {
      return false;
    }
    day(Rule.UNIT, day, factor, from);
    return true;
  }

  private void history(int day, History history) {
    if (!whole(day)) {
      return;
    }
    if (rules.then(Rule.HISTORY) == Then.OFF) {
      return;
    }
    double energy = figures.sum[day] * curve.kiloHours();
    double most = history.highestDayKwh() * (1 + rules.figure(Rule.HISTORY, 0) / 100);
    double fewest = history.lowestDayKwh() * (1 - rules.figure(Rule.HISTORY, 1) / 100);
    double least = rules.figure(Rule.HISTORY, 2);
    if (energy > most && energy - history.highestDayKwh() > least) {
      day(
          Rule.HISTORY,
          day,
          Checks.over(energy, history.highestDayKwh()),
          rules.figure(Rule.HISTORY, 0));
    } else if (energy < fewest && history.lowestDayKwh() - energy > least) {
      day(
          Rule.HISTORY,
          day,
          Checks.over(energy, history.lowestDayKwh()),
          -rules.figure(Rule.HISTORY, 1));
    }
  }

  private void loadFactor(int day) {
    if (rules.then(Rule.LOAD_FACTOR) == Then.OFF || !whole(day) || figures.highest[day] == 0) {
      return;
    }
    double percent = 100.0 * figures.sum[day] / figures.known[day] / figures.highest[day];
    if (percent > rules.figure(Rule.LOAD_FACTOR, 0)
        && figures.sum[day] * curve.kiloHours() >= rules.figure(Rule.LOAD_FACTOR, 1)) {
      day(Rule.LOAD_FACTOR, day, percent, rules.figure(Rule.LOAD_FACTOR, 0));
    }
  }

  private void sibling(int day, Curve other) {
    if (rules.then(Rule.SIBLING) == Then.OFF) {
      return;
    }
    Timeline time = curve.time();
    Both here = Both.of(curve, other, time.firstSlot(day), time.firstSlot(day + 1));
    Both all = Both.of(curve, other, 0, time.slots());
    Both usual = new Both(all.mine() - here.mine(), all.its() - here.its());
    if (usual.its() <= 0 || usual.mine() <= 0 || here.its() <= 0) {
      return;
    }
    double expected = here.its() * usual.mine() / usual.its();
    double percent = Checks.over(here.mine(), expected);
    if (Math.abs(percent) > rules.figure(Rule.SIBLING, 0)
        && Math.abs(here.mine() - expected) >= rules.figure(Rule.SIBLING, 1)) {
      day(Rule.SIBLING, day, percent, rules.figure(Rule.SIBLING, 0));
    }
  }

  private void checkMeter(int day, Curve other) {
    if (rules.then(Rule.CHECK_METER) == Then.OFF) {
      return;
    }
    Timeline time = curve.time();
    Both here = Both.of(curve, other, time.firstSlot(day), time.firstSlot(day + 1));
    double percent = Checks.over(here.mine(), here.its());
    if (Math.abs(percent) > rules.figure(Rule.CHECK_METER, 0)
        && Math.abs(here.mine() - here.its()) >= rules.figure(Rule.CHECK_METER, 1)) {
      day(Rule.CHECK_METER, day, percent, rules.figure(Rule.CHECK_METER, 0));
    }
  }

  private void kvar(int day, Curve reactive) {
    if (rules.then(Rule.KVAR) == Then.OFF) {
      return;
    }
    Timeline time = curve.time();
    Both here = Both.of(curve, reactive, time.firstSlot(day), time.firstSlot(day + 1));
    double percent = 100 * here.mine() / Math.hypot(here.mine(), here.its());
    if (here.mine() >= rules.figure(Rule.KVAR, 1) && percent < rules.figure(Rule.KVAR, 0)) {
      day(Rule.KVAR, day, percent, rules.figure(Rule.KVAR, 0));
    }
  }

  private boolean whole(int day) {
    return enough(figures.known[day], day);
  }

  private boolean enough(int known, int day) {
    int slots = curve.time().slotsOf(day);
    return known * 10L >= slots * 9L && slots * 10L >= curve.time().slotsADay() * 9L;
  }

  private void day(Rule rule, int day, double measured, double permitted) {
    add(rule, curve.time().firstSlot(day), curve.time().firstSlot(day + 1), measured, permitted);
  }

  private void add(Rule rule, int from, int to, double measured, double permitted) {
    findings.add(new Finding(rule, rules.then(rule), from, to, measured, permitted));
  }

  /**
   * Two curves' energy over the slots that both know, in kWh.
   *
   * @param mine the curve's own
   * @param its the other's
   */
  private record Both(double mine, double its) {
    static Both of(Curve curve, Curve other, int from, int to) {
      long mine = 0;
      long its = 0;
      for (int i = from; i < to; i++) {
        if (curve.quality()[i] >= 0 && other.quality()[i] >= 0) {
          mine += curve.values()[i];
          its += other.values()[i];
        }
      }
      return new Both(mine * curve.kiloHours(), its * other.kiloHours());
    }
  }
}
