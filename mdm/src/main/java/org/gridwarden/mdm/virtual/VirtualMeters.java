package org.gridwarden.mdm.virtual;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.gridwarden.mdm.billing.Load;

/**
 * The loads of virtual meters, exact to the last digit. Where one of its meters has no value, a
 * virtual meter has none. Not thread-safe.
 */
public final class VirtualMeters {
  private static final int MOST_SCALE = 12;
  private static final int DEEPEST = 16;

  private final Map<String, Formula> formulas;
  private final Map<String, Load> loads;

  /**
   * @param formulas by virtual meter; they may name each other, but not in a circle
   * @param loads by meter
   */
  public VirtualMeters(Map<String, Formula> formulas, Map<String, Load> loads) {
    this.formulas = Map.copyOf(formulas);
    this.loads = new HashMap<>(loads);
  }

  /**
   * A meter's load, virtual or not.
   *
   * @throws FormulaException where a meter is not known, formulas go in a circle, intervals differ,
   *     or the figures would not fit
   */
  public Load load(String meter) throws FormulaException {
    return load(meter, new LinkedHashSet<>());
  }

  private Load load(String meter, Set<String> way) throws FormulaException {
    Load known = loads.get(meter);
    if (known != null) {
      return known;
    }
    Formula formula = formulas.get(meter);
    if (formula == null) {
      throw new FormulaException(
          "there is no meter " + meter + (way.isEmpty() ? "" : ", which " + way + " is made of"));
    }
    if (!way.add(meter) || way.size() > DEEPEST) {
      throw new FormulaException(
          way.size() > DEEPEST
              ? "more than " + DEEPEST + " virtual meters are made of each other: " + way
              : meter + " is made of itself: " + way);
    }
    Load made = sum(meter, formula, way);
    way.remove(meter);
    loads.put(meter, made);
    return made;
  }

  private Load sum(String meter, Formula formula, Set<String> way) throws FormulaException {
    Map<Formula.Term, Load> parts = new HashMap<>();
    Load first = null;
    Instant start = Instant.MAX;
    Instant end = Instant.MIN;
    int scale = 0;
    for (Formula.Term term : formula.terms()) {
      Load part = load(term.meter(), way);
      parts.put(term, part);
      first = first == null ? part : first;
      if (part.seconds() != first.seconds()
          || part.power() != first.power()
          || (part.start().getEpochSecond() - first.start().getEpochSecond()) % first.seconds()
              != 0) {
        throw new FormulaException(
            meter
                + ": the intervals of "
                + part.meter()
                + " are not those of "
                + first.meter()
                + ": bring them to the same length and unit first");
      }
      start = part.start().isBefore(start) ? part.start() : start;
      end = part.end().isAfter(end) ? part.end() : end;
      scale = Math.max(scale, part.scale() + term.factor().scale());
    }
    if (first == null) {
      throw new FormulaException(meter + " is made of nothing");
    }
    if (scale > MOST_SCALE) {
      throw new FormulaException(
          meter
              + " would have "
              + scale
              + " digits behind the point: give its factors fewer, "
              + MOST_SCALE
              + " are kept");
    }
    long[] values =
        new long[(int) ((end.getEpochSecond() - start.getEpochSecond()) / first.seconds())];
    boolean[] unknown = new boolean[values.length];
    for (Formula.Term term : formula.terms()) {
      try {
        add(term, parts.getOrDefault(term, first), values, unknown, start, scale);
      } catch (ArithmeticException e) {
        throw new FormulaException(
            meter + ": the values of " + term.meter() + " are too large to be added");
      }
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = unknown[i] ? Load.MISSING : values[i];
    }
    return new Load(meter, start, first.seconds(), values, scale, first.power());
  }

  private static void add(
      Formula.Term term, Load part, long[] values, boolean[] unknown, Instant start, int scale) {
    long factor = term.factor().movePointRight(scale - part.scale()).longValueExact();
    int at = (int) ((part.start().getEpochSecond() - start.getEpochSecond()) / part.seconds());
    Arrays.fill(unknown, 0, at, true);
    Arrays.fill(unknown, at + part.values().length, unknown.length, true);
    for (int i = 0; i < part.values().length; i++) {
      long value = part.values()[i];
      if (value == Load.MISSING) {
        unknown[at + i] = true;
      } else {
        values[at + i] = Math.addExact(values[at + i], Math.multiplyExact(value, factor));
      }
    }
  }
}
