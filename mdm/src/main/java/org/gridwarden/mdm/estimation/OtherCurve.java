package org.gridwarden.mdm.estimation;

import java.util.Optional;
import org.gridwarden.mdm.validation.Curve;

/** A feeder's or a sibling's curve times the usual ratio between the two. */
final class OtherCurve {
  /** No slot further off than this is looked at for the ratio. */
  private static final int DAYS = 28;

  private OtherCurve() {}

  static Optional<double[]> scaled(Known known, Curve other, int from, int to) {
    if (other.time().slots() != known.time().slots()
        || other.time().epochSecondOf(0) != known.time().epochSecondOf(0)
        || other.missing(from, to) > 0) {
      return Optional.empty();
    }
    int reach = DAYS * known.time().slotsADay();
    double mine = 0;
    double its = 0;
    for (int i = Math.max(0, from - reach); i < Math.min(known.time().slots(), to + reach); i++) {
      if (known.at(i) && !other.missing(i)) {
        mine += known.value(i);
        its += other.values()[i];
      }
    }
    if (its <= 0) {
      return Optional.empty();
    }
    double[] out = new double[to - from];
    for (int i = from; i < to; i++) {
      out[i - from] = other.values()[i] * (mine / its);
    }
    return Optional.of(out);
  }
}
