package org.gridwarden.mdm.validation;

/**
 * What the rules want to know of each day of a curve, gathered in one pass: its sum, its highest
 * values, its steps. Values outside the believable range are passed over. Not thread-safe.
 */
final class DayFigures {
  final int days;
  final int[] known;
  final int[] zeros;

  /** All values that came, believed or not. */
  final int[] came;

  final long[] cameSum;
  final long[] sum;
  final long[] highest;
  final long[] third;
  final int[] highestAt;
  final long[] step;
  final int[] stepAt;

  private DayFigures(int days) {
    this.days = days;
    known = new int[days];
    zeros = new int[days];
    came = new int[days];
    cameSum = new long[days];
    sum = new long[days];
    highest = new long[days];
    third = new long[days];
    highestAt = new int[days];
    step = new long[days];
    stepAt = new int[days];
  }

  /**
   * Gathers.
   *
   * @param least values below are passed over
   * @param most values above are passed over
   */
  static DayFigures of(Curve curve, long least, long most) {
    Timeline time = curve.time();
    DayFigures figures = new DayFigures(time.days());
    long before = Long.MIN_VALUE;
    for (int day = 0; day < figures.days; day++) {
      before = figures.gather(curve, day, least, most, before);
    }
    return figures;
  }

  private long gather(Curve curve, int day, long least, long most, long beforeDay) {
    long[] values = curve.values();
    byte[] quality = curve.quality();
    int from = curve.time().firstSlot(day);
    int to = curve.time().firstSlot(day + 1);
    long before = beforeDay;
    long a = -1;
    long b = -1;
    long c = -1;
    long total = 0;
    long leap = 0;
    int count = 0;
    int nothing = 0;
    int present = 0;
    long everything = 0;
    int at = from;
    int leapAt = from;
    for (int i = from; i < to; i++) {
      long value = values[i];
      if (quality[i] < 0) {
        before = Long.MIN_VALUE;
        continue;
      }
      present++;
      everything += value;
      if (value < least || value > most) {
        before = Long.MIN_VALUE;
        continue;
      }
      count++;
      total += value;
      if (value == 0) {
        nothing++;
      }
      if (value > c) {
        if (value > a) {
          c = b;
          b = a;
          a = value;
          at = i;
        } else if (value > b) {
          c = b;
          b = value;
        } else {
          c = value;
        }
      }
      if (before != Long.MIN_VALUE) {
        long by = Math.abs(value - before);
        if (by > leap) {
          leap = by;
          leapAt = i;
        }
      }
      before = value;
    }
    known[day] = count;
    zeros[day] = nothing;
    came[day] = present;
    cameSum[day] = everything;
    sum[day] = total;
    highest[day] = Math.max(a, 0);
    third[day] = Math.max(c, 0);
    highestAt[day] = at;
    step[day] = leap;
    stepAt[day] = leapAt;
    return before;
  }
}
