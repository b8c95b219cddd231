package org.gridwarden.mdm.estimation;

import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.mdm.validation.Timeline;

/**
 * {@link Method#BLEND}: what the meter usually does at that time (near and like days count more,
 * values a little earlier or later count, too), drawn to the known slots beside the gap as an
 * autoregressive bridge is, so that a short gap is nearly interpolated and a long one nearly usual.
 * Not thread-safe.
 */
final class Blend {
  /** No day further off than this is looked at. */
  private static final int FURTHEST = 42;

  /** How clearly the better of line and blend is preferred. */
  private static final double SHARPNESS = 5;

  private final Known known;
  private final LikeDays likeDays;
  private final BlendShape shape;
  private final int spread;
  private double[] values = new double[64];
  private double[] weights = new double[64];
  private int count;

  Blend(Known known, LikeDays likeDays, BlendShape shape) {
    this.known = known;
    this.likeDays = likeDays;
    this.shape = shape;
    spread = (int) (shape.spreadMinutes() * 60 / known.time().stepSeconds());
  }

  Optional<double[]> estimate(int from, int to) {
    Optional<double[]> blended = blended(from, to);
    if (shape.trials() == 0 || blended.isEmpty() || !known.at(from - 1) || !known.at(to)) {
      return blended;
    }
    double part = straightPart(from, to);
    double[] out = blended.get();
    for (int i = 0; i < out.length; i++) {
      out[i] += part * (Estimator.straight(known, from, to, i) - out[i]);
    }
    return blended;
  }

  /**
   * How much of the straight line belongs into a gap, by how the line and the blend would have done
   * in the same gap on the nearest days: 1 where only the line was any good, a half where both were
   * alike, and nothing where no day could tell.
   */
  private double straightPart(int from, int to) {
    int day = known.time().dayOf(from);
    double line = 0;
    double blend = 0;
    int tried = 0;
    for (int off = 1; off <= FURTHEST && tried < shape.trials(); off++) {
      for (int side = -1; side <= 1; side += 2) {
        int other = day + side * off;
        int first =
            other < 0 || other >= known.time().days()
                ? -1
                : known.time().slotAt(other, known.time().timeOfDay(from));
        int end = first + to - from;
        if (first < 0 || first < to && end > from || !whole(first - 1, end + 1)) {
          continue;
        }
        Optional<double[]> made = blended(first, end);
        if (made.isPresent()) {
          tried++;
          for (int i = 0; i < to - from; i++) {
            double is = known.value(first + i);
            blend += Math.abs(made.get()[i] - is);
            line += Math.abs(Estimator.straight(known, first, end, i) - is);
          }
        }
      }
    }
    if (tried == 0 || blend == 0) {
      return 0;
    }
    return 1 / (1 + Math.pow(line / blend, SHARPNESS));
  }

  private boolean whole(int from, int to) {
    for (int i = from; i < to; i++) {
      if (!known.at(i)) {
        return false;
      }
    }
    return true;
  }

  private Optional<double[]> blended(int from, int to) {
    double[] usual = new double[to - from];
    for (int i = from; i < to; i++) {
      usual[i - from] = usual(i);
      if (Double.isNaN(usual[i - from])) {
        return Optional.empty();
      }
    }
    double left = difference(from - 1);
    double right = difference(to);
    double level = shape.level() == 0 ? 0 : shape.level() * level(from, to);
    double fade = Math.exp(-known.time().stepSeconds() / 3600.0 / shape.memoryHours());
    int length = to - from;
    for (int i = 0; i < length; i++) {
      double fromLeft = Double.isNaN(left) ? 0 : weight(fade, i + 1, length, right);
      double fromRight = Double.isNaN(right) ? 0 : weight(fade, length - i, length, left);
      double carried = 0;
      carried += fromLeft == 0 ? 0 : fromLeft * (left - level);
      carried += fromRight == 0 ? 0 : fromRight * (right - level);
      usual[i] += level + shape.edge() * carried;
    }
    return Optional.of(usual);
  }

  /** An autoregressive bridge's weight of one end; of an end alone where the other is not known. */
  private static double weight(double fade, int distance, int length, double other) {
    if (Double.isNaN(other)) {
      return Math.pow(fade, distance);
    }
    int whole = 2 * (length + 1);
    return (Math.pow(fade, distance) - Math.pow(fade, whole - distance))
        / (1 - Math.pow(fade, whole));
  }

  private double difference(int slot) {
    return known.at(slot) ? known.value(slot) - usual(slot) : Double.NaN;
  }

  /** The mean difference from the usual over the day before and the day after. */
  private double level(int from, int to) {
    int day = known.time().slotsADay();
    double sum = 0;
    int slots = 0;
    for (int i = from - day; i < from; i++) {
      double off = difference(i);
      if (!Double.isNaN(off)) {
        sum += off;
        slots++;
      }
    }
    for (int i = to; i < to + day; i++) {
      double off = difference(i);
      if (!Double.isNaN(off)) {
        sum += off;
        slots++;
      }
    }
    return slots == 0 ? 0 : sum / slots;
  }

  /** What the meter usually does at a slot, by other days; NaN where no other day knows. */
  private double usual(int slot) {
    Timeline time = known.time();
    int day = time.dayOf(slot);
    int kind = time.kindOf(day);
    count = 0;
    double sum = 0;
    double all = 0;
    for (int other = Math.max(0, day - FURTHEST);
        other < Math.min(time.days(), day + FURTHEST + 1);
        other++) {
      if (other == day) {
        continue;
      }
      double weight = Math.exp(-Math.abs(other - day) / shape.recencyDays());
      if (likeDays.rank(kind, time.kindOf(other)) < 0) {
        weight *= shape.unlike();
      }
      int at = weight == 0 ? -1 : time.slotAt(other, time.timeOfDay(slot));
      if (at < 0) {
        continue;
      }
      for (int near = -spread; near <= spread; near++) {
        if (known.at(at + near)) {
          double its = weight * (1 - Math.abs(near) / (spread + 1.0));
          keep(known.value(at + near), its);
          sum += its * known.value(at + near);
          all += its;
        }
      }
    }
    if (all <= 0) {
      return Double.NaN;
    }
    double mean = sum / all;
    return shape.median() == 0 ? mean : mean + shape.median() * (median(all) - mean);
  }

  private void keep(double value, double weight) {
    if (count == values.length) {
      values = Arrays.copyOf(values, count * 2);
      weights = Arrays.copyOf(weights, count * 2);
    }
    values[count] = value;
    weights[count] = weight;
    count++;
  }

  /** The weighted median, by quickselect: the part that holds half of the weight is kept. */
  private double median(double all) {
    int low = 0;
    int high = count - 1;
    double before = 0;
    while (low < high) {
      double pivot = values[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] < pivot) {
          i++;
        }
        while (values[j] > pivot) {
          j--;
        }
        if (i <= j) {
          swap(i++, j--);
        }
      }
      double left = before;
      for (int k = low; k <= j; k++) {
        left += weights[k];
      }
      if (j >= low && left >= all / 2) {
        high = j;
        continue;
      }
      for (int k = j + 1; k < i; k++) {
        left += weights[k];
      }
      if (left >= all / 2) {
        return pivot;
      }
      before = left;
      low = i;
    }
    return values[Math.min(low, count - 1)];
  }

  private void swap(int i, int j) {
    double value = values[i];
    values[i] = values[j];
    values[j] = value;
    double weight = weights[i];
    weights[i] = weights[j];
    weights[j] = weight;
  }
}
