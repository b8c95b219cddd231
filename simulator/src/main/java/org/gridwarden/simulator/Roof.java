package org.gridwarden.simulator;

import java.time.Instant;

/**
 * What a household's roof feeds into the grid, as a model: a bell over the day between 06:00 and
 * 18:00 UTC, dimmed by each day's clouds, the same 28 days for ever. Every third household has one.
 * A function of its dice, of time and of the breaker.
 */
final class Roof {
  private static final int DAYS = 28;
  private static final int DAY = 86_400;
  private static final int RISE = 6 * 3_600;
  private static final int LIGHT = 12 * 3_600;

  private final Supply supply;
  private final long[] beforeDay = new long[DAYS + 1];

  /** Of a household that is never cut off. */
  Roof(Dice dice) {
    this(dice, Supply.uninterrupted());
  }

  /**
   * @param supply while the breaker is open nothing is fed back
   */
  Roof(Dice dice, Supply supply) {
    this.supply = supply;
    int peakWatts = dice.of(1).below(3) == 0 ? dice.of(2).between(2_000, 9_000) : 0;
    for (int day = 0; day < DAYS; day++) {
      int clear = dice.of(100L + day).between(15, 100);
      // the parabola's mean is two thirds of its top
      beforeDay[day + 1] = beforeDay[day] + (long) peakWatts * clear / 100 * 2 / 3 * 12;
    }
  }

  /** What the export register shows, in Wh; never falls. */
  long register(Instant at) {
    return lit(at) - supply.missed(Instant.MIN, at, this::lit);
  }

  private long lit(Instant at) {
    long day = Math.floorDiv(at.getEpochSecond(), DAY);
    int cycleDay = (int) Math.floorMod(day, (long) DAYS);
    long today = beforeDay[cycleDay + 1] - beforeDay[cycleDay];
    double x = (Math.floorMod(at.getEpochSecond(), DAY) - RISE) / (double) LIGHT;
    double lit = Math.clamp(x, 0.0, 1.0);
    // the share of a parabola's area up to x
    long sofar = (long) (today * lit * lit * (3 - 2 * lit));
    return Math.floorDiv(day, (long) DAYS) * beforeDay[DAYS] + beforeDay[cycleDay] + sofar;
  }
}
