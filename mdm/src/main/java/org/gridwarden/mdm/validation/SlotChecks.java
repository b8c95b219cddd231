package org.gridwarden.mdm.validation;

import java.util.List;
import org.gridwarden.core.Quality;

/** The rules that look at slots and runs of slots. */
final class SlotChecks {
  private static final byte CLOCK = Quality.CLOCK_ADJUSTED | Quality.CLOCK_INVALID;

  private final RuleSet rules;
  private final Curve curve;
  private final Context context;
  private final List<Finding> findings;

  SlotChecks(RuleSet rules, Curve curve, Context context, List<Finding> findings) {
    this.rules = rules;
    this.curve = curve;
    this.context = context;
    this.findings = findings;
  }

  void run(int from, int to) {
    values(from, to);
    if (rules.then(Rule.ZERO_RUN) != Then.OFF) {
      zeroRuns(from, to);
    }
    duplicates(from, to);
    clock(from, to);
    outages(from, to);
    if (rules.then(Rule.UNIT) != Then.OFF
        && context.expected().isPresent()
        && context.expected().get() != curve.unit()) {
      findings.add(
          new Finding(
              Rule.UNIT,
              rules.then(Rule.UNIT),
              from,
              to,
              curve.unit().code(),
              context.expected().get().code()));
    }
  }

  private void values(int from, int to) {
    long most = Checks.limit(curve, rules);
    long least = rules.then(Rule.NEGATIVE) == Then.OFF ? Long.MIN_VALUE : 0;
    long[] values = curve.values();
    byte[] quality = curve.quality();
    boolean gaps = rules.then(Rule.GAP) != Then.OFF;
    int i = from;
    while (i < to) {
      if (quality[i] < 0) {
        int end = i + 1;
        while (end < to && quality[end] < 0) {
          end++;
        }
        if (gaps) {
          add(Rule.GAP, i, end, end - i, 0);
        }
        i = end;
        continue;
      }
      if (values[i] < least) {
        add(Rule.NEGATIVE, i, i + 1, values[i] * curve.kilos(), 0);
      } else if (values[i] > most) {
        add(Rule.HIGH, i, i + 1, values[i] * curve.kilos(), rules.figure(Rule.HIGH, 0));
      }
      i++;
    }
  }

  private void zeroRuns(int from, int to) {
    double hours = rules.figure(Rule.ZERO_RUN, 0);
    int least = (int) Math.ceil(hours * 3600 / curve.time().stepSeconds());
    double always = rules.figure(Rule.ZERO_RUN, 2) * 3600 / curve.time().stepSeconds();
    long[] values = curve.values();
    byte[] quality = curve.quality();
    int i = from;
    while (i < to) {
      if (values[i] != 0 || quality[i] < 0) {
        i++;
        continue;
      }
      int begin = i == from ? before(i) : i;
      int end = i + 1;
      while (end < to && values[end] == 0 && quality[end] >= 0) {
        end++;
      }
      if (end - begin > least
          && (end - begin >= always || usualZeros(begin, end) <= rules.figure(Rule.ZERO_RUN, 1))) {
        add(
            Rule.ZERO_RUN,
            i,
            end,
            (end - begin) * (double) curve.time().stepSeconds() / 3600,
            hours);
      }
      i = end;
    }
  }

  private int before(int slot) {
    int begin = slot;
    while (begin > 0 && curve.values()[begin - 1] == 0 && curve.quality()[begin - 1] >= 0) {
      begin--;
    }
    return begin;
  }

  /** How many per cent of the slots outside of a run are zero: an empty flat's zeros are usual. */
  private double usualZeros(int from, int to) {
    if (context.history().isPresent()) {
      return context.history().get().zeroPercent();
    }
    long zeros = 0;
    long known = 0;
    for (int i = 0; i < curve.values().length; i++) {
      if ((i < from || i >= to) && curve.quality()[i] >= 0) {
        known++;
        zeros += curve.values()[i] == 0 ? 1 : 0;
      }
    }
    return known == 0 ? 0 : 100.0 * zeros / known;
  }

  private void duplicates(int from, int to) {
    if (rules.then(Rule.DUPLICATE) == Then.OFF) {
      return;
    }
    for (Context.Duplicate twice : context.duplicates()) {
      int slot = twice.slot();
      if (slot >= from && slot < to && twice.second() != curve.values()[slot]) {
        add(
            Rule.DUPLICATE,
            slot,
            slot + 1,
            twice.second() * curve.kilos(),
            curve.values()[slot] * curve.kilos());
      }
    }
  }

  private void clock(int from, int to) {
    if (rules.then(Rule.CLOCK) == Then.OFF) {
      return;
    }
    double permitted = rules.figure(Rule.CLOCK, 0);
    if (Math.abs(context.clockSeconds()) > permitted) {
      add(Rule.CLOCK, from, to, context.clockSeconds(), permitted);
      return;
    }
    for (int i = from; i < to; i++) {
      byte flags = curve.quality()[i];
      if (flags > 0 && (flags & CLOCK) != 0) {
        int end = i + 1;
        while (end < to && curve.quality()[end] > 0 && (curve.quality()[end] & CLOCK) != 0) {
          end++;
        }
        // by how much is not known; the meter only says that it was
        add(Rule.CLOCK, i, end, Double.NaN, permitted);
        i = end;
      }
    }
  }

  private void outages(int from, int to) {
    if (rules.then(Rule.OUTAGE) == Then.OFF) {
      return;
    }
    double permitted = rules.figure(Rule.OUTAGE, 0);
    for (Context.Outage outage : context.outages()) {
      int first = Math.max(from, curve.time().slotOf(outage.from().minusNanos(1)) + 1);
      int end = Math.min(to, curve.time().slotOf(outage.to()));
      for (int i = first; i < end; i++) {
        double power = curve.values()[i] * curve.kilos();
        if (!curve.missing(i) && power > permitted) {
          add(Rule.OUTAGE, i, i + 1, power, permitted);
        }
      }
    }
  }

  private void add(Rule rule, int from, int to, double measured, double permitted) {
    findings.add(new Finding(rule, rules.then(rule), from, to, measured, permitted));
  }
}
