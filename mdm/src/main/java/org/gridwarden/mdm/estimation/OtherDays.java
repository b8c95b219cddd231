package org.gridwarden.mdm.estimation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gridwarden.mdm.validation.Timeline;

/** Methods that take a slot from the same time on other days. */
final class OtherDays {
  private static final int NEAREST = 3;

  private final Known known;
  private final LikeDays likeDays;
  private final int[] found = new int[NEAREST];

  OtherDays(Known known, LikeDays likeDays) {
    this.known = known;
    this.likeDays = likeDays;
  }

  /** The same time so many days before; where that is not known, as many days after. */
  Optional<double[]> daysBefore(int from, int to, int days) {
    double[] out = new double[to - from];
    for (int i = from; i < to; i++) {
      int other = known.sameTime(i, -days);
      for (int times = 1; other < 0 && times <= 4; times++) {
        other = known.sameTime(i, days * times);
        if (other < 0) {
          other = known.sameTime(i, -days * (times + 1));
        }
      }
      if (other < 0) {
        return Optional.empty();
      }
      out[i - from] = known.value(other);
    }
    return Optional.of(out);
  }

  /** The nearest day of the kind that the table names first; else of the next that it names. */
  Optional<double[]> likeDay(int from, int to) {
    Timeline time = known.time();
    double[] out = new double[to - from];
    for (int i = from; i < to; i++) {
      int best = -1;
      List<Integer> kinds = likeDays.table().get(time.kindOf(time.dayOf(i)));
      for (int k = 0; best < 0 && k < kinds.size(); k++) {
        int kind = kinds.get(k);
        best = nearest(i, kind, 1) > 0 ? found[0] : -1;
      }
      if (best < 0) {
        return Optional.empty();
      }
      out[i - from] = known.value(best);
    }
    return Optional.of(out);
  }

  /** Mean of the three nearest days that the table names; fewer where there are no three. */
  Optional<double[]> likeDays(int from, int to) {
    double[] out = new double[to - from];
    for (int i = from; i < to; i++) {
      int count = nearest(i, -1, NEAREST);
      if (count == 0) {
        return Optional.empty();
      }
      double sum = 0;
      for (int k = 0; k < count; k++) {
        sum += known.value(found[k]);
      }
      out[i - from] = sum / count;
    }
    return Optional.of(out);
  }

  /** The meter's own mean at that time on all days of that kind: working days, or days off. */
  Optional<double[]> profile(int from, int to) {
    Timeline time = known.time();
    double[][] means = new double[2][time.slotsADay()];
    int[][] counts = new int[2][time.slotsADay()];
    for (int day = 0; day < time.days(); day++) {
      int off = time.kindOf(day) >= 5 ? 1 : 0;
      for (int i = time.firstSlot(day); i < time.firstSlot(day + 1); i++) {
        if (known.at(i)) {
          means[off][time.timeOfDay(i)] += known.value(i);
          counts[off][time.timeOfDay(i)]++;
        }
      }
    }
    double[] out = new double[to - from];
    for (int i = from; i < to; i++) {
      int off = time.kindOf(time.dayOf(i)) >= 5 ? 1 : 0;
      int at = time.timeOfDay(i);
      int group = counts[off][at] > 0 ? off : 1 - off;
      if (counts[group][at] == 0) {
        return Optional.empty();
      }
      out[i - from] = means[group][at] / counts[group][at];
    }
    return Optional.of(out);
  }

  /**
   * Looks up known slots at the same time on near days, the nearest first and of two the earlier.
   *
   * @param kind of this kind only; of -1, of any that the table names
   */
  private int nearest(int slot, int kind, int most) {
    Timeline time = known.time();
    int day = time.dayOf(slot);
    int its = time.kindOf(day);
    int count = 0;
    Arrays.fill(found, -1);
    for (int off = 1; off <= time.days() && count < most; off++) {
      for (int side = -1; side <= 1 && count < most; side += 2) {
        int other = day + side * off;
        if (other < 0 || other >= time.days()) {
          continue;
        }
        int otherKind = time.kindOf(other);
        boolean like = kind < 0 ? likeDays.rank(its, otherKind) >= 0 : otherKind == kind;
        int at = like ? known.sameTime(slot, side * off) : -1;
        if (at >= 0) {
          found[count++] = at;
        }
      }
    }
    return count;
  }
}
