package org.gridwarden.mdm.estimation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.RegisterSpan;

/**
 * Holds estimates to what the register moved: what two readings leave for the slots between them
 * that were not measured is their sum.
 */
final class RegisterScale {
  private final Known known;
  private final Context context;

  RegisterScale(Known known, Context context) {
    this.known = known;
    this.context = context;
  }

  /** Scales those that lie between two readings; the others stay as they are. */
  List<Estimate> scale(List<Estimate> estimates) {
    List<Estimate> out = new ArrayList<>(estimates);
    for (RegisterSpan span : RegisterSpan.of(known.time(), context)) {
      List<Integer> inside = new ArrayList<>();
      double unscaled = 0;
      int covered = 0;
      for (int i = 0; i < out.size(); i++) {
        Estimate one = out.get(i);
        if (one.from() >= span.from() && one.to() <= span.to()) {
          covered += one.to() - one.from();
          if (one.method() != Method.OUTAGE) {
            inside.add(i);
            unscaled += Arrays.stream(one.values()).sum();
          }
        }
      }
      Rest rest = rest(span);
      // a gap that reaches over a reading, or that nothing filled, leaves the sum unknown
      if (inside.isEmpty() || rest.unknown() != covered || rest.raw() < 0) {
        continue;
      }
      for (int i : inside) {
        Estimate one = out.get(i);
        out.set(i, scaled(one, rest.raw(), unscaled, inside.size()));
      }
    }
    return out;
  }

  private Estimate scaled(Estimate one, double rest, double unscaled, int parts) {
    double[] figures = new double[one.values().length];
    double total = 0;
    for (int i = 0; i < figures.length; i++) {
      figures[i] =
          unscaled > 0 ? one.values()[i] * (rest / unscaled) : rest / parts / figures.length;
      total += figures[i];
    }
    return new Estimate(
        one.from(),
        one.to(),
        one.cause(),
        one.method(),
        total * known.curve().kiloHours(),
        Estimator.rounded(figures));
  }

  /**
   * What is left between two readings, evenly spread.
   *
   * @return empty where no two readings stand around the gap, or another gap lies between them
   */
  static Optional<double[]> flat(Known known, Context context, int from, int to) {
    for (RegisterSpan span : RegisterSpan.of(known.time(), context)) {
      if (span.from() <= from && to <= span.to()) {
        Rest rest = new RegisterScale(known, context).rest(span);
        if (rest.unknown() == to - from && rest.raw() >= 0) {
          double[] out = new double[to - from];
          Arrays.fill(out, rest.raw() / out.length);
          return Optional.of(out);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * @param raw what the known slots leave of what the register moved, as raw values
   * @param unknown how many slots are not known
   */
  private record Rest(double raw, int unknown) {}

  private Rest rest(RegisterSpan span) {
    double raw = span.kwh() / known.curve().kiloHours();
    int unknown = 0;
    for (int i = span.from(); i < span.to(); i++) {
      if (known.at(i)) {
        raw -= known.value(i);
      } else {
        unknown++;
      }
    }
    return new Rest(raw, unknown);
  }
}
