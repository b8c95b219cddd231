package org.gridwarden.mdm.validation;

import java.util.Arrays;

/**
 * What is known of how a meter usually behaves, from days that were measured well.
 *
 * @param days how many whole days stand behind it
 * @param peakKw the highest average power of a slot
 * @param stepKw the greatest change from one slot to the next
 * @param highestDayKwh the day with the most energy
 * @param lowestDayKwh the day with the least
 * @param medianDayKwh the day in the middle
 * @param zeroPercent how many of the slots are zero
 */
public record History(
    int days,
    double peakKw,
    double stepKw,
    double highestDayKwh,
    double lowestDayKwh,
    double medianDayKwh,
    double zeroPercent) {
  /** With fewer days than this, rules that compare with the history are not run. */
  public static final int LEAST_DAYS = 7;

  /** Nothing is known. */
  public static final History NONE = new History(0, 0, 0, 0, 0, 0, 0);

  /**
   * Of a whole curve, as a nightly run keeps it for the next night.
   *
   * @param rules whose limits say which values are not believed
   */
  public static History of(Curve curve, RuleSet rules) {
    return new Others(curve, Checks.figures(curve, rules)).without(-1);
  }

  /** Each day's history out of the other days of the same curve. */
  static final class Others {
    private final Curve curve;
    private final DayFigures figures;
    private final int[] whole;
    private final int[] bySum;
    private final int[] byPeak;
    private final int[] byStep;
    private long zeros;
    private long known;

    Others(Curve curve, DayFigures figures) {
      this.curve = curve;
      this.figures = figures;
      int count = 0;
      int[] days = new int[figures.days];
      for (int day = 0; day < figures.days; day++) {
        if (figures.known[day] > 0) {
          zeros += figures.zeros[day];
          known += figures.known[day];
        }
        // a day with a few holes still tells its peak and, nearly, its sum
        if (figures.known[day] * 10L >= curve.time().slotsADay() * 9L) {
          days[count++] = day;
        }
      }
      whole = Arrays.copyOf(days, count);
      bySum = sorted(whole, figures.sum);
      byPeak = topTwo(whole, figures.highest);
      byStep = topTwo(whole, figures.step);
    }

    /** Without a day; of -1, with all. */
    History without(int day) {
      int at = indexOf(day);
      int count = whole.length - (at < 0 ? 0 : 1);
      if (count == 0) {
        return NONE;
      }
      double kilos = curve.kilos();
      double kiloHours = curve.kiloHours();
      long othersZeros = zeros - (day < 0 ? 0 : figures.zeros[day]);
      long othersKnown = known - (day < 0 ? 0 : figures.known[day]);
      int last = bySum.length - 1;
      int top = bySum[last] == day ? bySum[last - 1] : bySum[last];
      int low = bySum[0] == day ? bySum[1] : bySum[0];
      return new History(
          count,
          figures.highest[byPeak[0] == day ? byPeak[1] : byPeak[0]] * kilos,
          figures.step[byStep[0] == day ? byStep[1] : byStep[0]] * kilos,
          figures.sum[top] * kiloHours,
          figures.sum[low] * kiloHours,
          figures.sum[bySum[bySum.length / 2]] * kiloHours,
          othersKnown == 0 ? 0 : 100.0 * othersZeros / othersKnown);
    }

    private int indexOf(int day) {
      return Arrays.binarySearch(whole, day);
    }

    private static int[] sorted(int[] days, long[] by) {
      long[][] pairs = new long[days.length][];
      for (int i = 0; i < days.length; i++) {
        pairs[i] = new long[] {by[days[i]], days[i]};
      }
      Arrays.sort(pairs, (x, y) -> Long.compare(x[0], y[0]));
      int[] sorted = new int[days.length];
      for (int i = 0; i < days.length; i++) {
        sorted[i] = (int) pairs[i][1];
      }
      return sorted;
    }

    private static int[] topTwo(int[] days, long[] by) {
      int first = -1;
      int second = -1;
      for (int day : days) {
        if (first < 0 || by[day] > by[first]) {
          second = first;
          first = day;
        } else if (second < 0 || by[day] > by[second]) {
          second = day;
        }
      }
      return new int[] {first, second};
    }
  }
}
