package org.gridwarden.simulator;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.function.Supplier;

/**
 * One meter's energy: a real household's four weeks, scaled and made a little uneven, repeated for
 * ever. Follows civil time: a day of 92 or 100 quarter-hours lacks or repeats the hour that the
 * clock skips or repeats, and the cumulative register agrees with the slots to the watt-hour. A
 * function of its dice, of time and of what it was allowed to draw, so that a street started again
 * goes on where it was. Thread-safe.
 */
final class LoadCurve {
  /** Seconds in a quarter-hour. */
  static final int QUARTER = 900;

  private static final int QUARTERS_A_DAY = 96;
  private static final Supplier<Supply> WHOLE = Supply.uninterrupted()::itself;

  /** A Monday, as the households' four weeks begin on one. */
  private static final LocalDateTime ANCHOR = LocalDateTime.of(2024, 1, 1, 0, 0);

  private final Households households;
  private final ZoneId zone;
  private final Dice noise;
  private final int household;
  private final int percent;
  private final long atAnchor;
  private final Supplier<Supply> supply;
  private final long[] beforeDay = new long[Households.QUARTERS / QUARTERS_A_DAY + 1];

  /** Of a household that is never cut off. */
  LoadCurve(Households households, ZoneId zone, Dice dice) {
    this(households, zone, dice, WHOLE);
  }

  /**
   * @param supply what it could draw when on
   */
  LoadCurve(Households households, ZoneId zone, Dice dice, Supplier<Supply> supply) {
    this.supply = supply;
    this.households = households;
    this.zone = zone;
    this.noise = dice.of(1);
    this.household = dice.of(2).below(households.count());
    this.percent = dice.of(3).between(70, 130);
    this.atAnchor = dice.of(4).between(2_000_000, 30_000_000);
    for (int day = 1; day < beforeDay.length; day++) {
      long sum = beforeDay[day - 1];
      for (int q = (day - 1) * QUARTERS_A_DAY; q < day * QUARTERS_A_DAY; q++) {
        sum += valueAt(q);
      }
      beforeDay[day] = sum;
    }
  }

  /**
   * The energy of the quarter-hour that begins then, in Wh; a time inside is taken as its begin.
   */
  int wattHours(Instant begin) {
    Supply limits = supply.get();
    if (limits.isWhole()) {
      return wanted(begin);
    }
    Instant slot =
        begin.minusSeconds(Math.floorMod(begin.getEpochSecond(), QUARTER)).truncatedTo(SECONDS);
    long lost = limits.lost(slot, slot.plusSeconds(QUARTER), this::lost);
    return (int) Math.max(0, wanted(begin) - lost);
  }

  /**
   * What it draws at a moment, in W.
   *
   * @param percent of the quarter-hour's mean
   */
  long watts(Instant at, int percent) {
    return Math.min(wanted(at) * 4L * percent / 100, supply.get().wattsAt(at));
  }

  private int wanted(Instant begin) {
    return valueAt(Math.floorMod(civilQuarter(local(begin)), Households.QUARTERS));
  }

  /** What a household does not get from one moment to another, in Wh. */
  private long lost(Instant from, Instant to, long watts) {
    if (watts == 0) {
      return unlimited(to) - unlimited(from);
    }
    long lost = 0;
    long end = to.getEpochSecond();
    for (long at = from.getEpochSecond(); at < end; ) {
      long slot = at - Math.floorMod(at, QUARTER);
      long next = Math.min(slot + QUARTER, end);
      long wanted = wanted(Instant.ofEpochSecond(slot));
      long got = Math.min(wanted, watts / 4);
      // rounded as the register rounds, so that it never falls
      lost += share(wanted, next - slot) - share(wanted, at - slot);
      lost -= share(got, next - slot) - share(got, at - slot);
      at = next;
    }
    return lost;
  }

  private static long share(long wattHours, long seconds) {
    return wattHours * seconds / QUARTER;
  }

  /** What the cumulative register shows at any instant, in Wh; never falls. */
  long register(Instant at) {
    Instant second = at.truncatedTo(SECONDS);
    return unlimited(second) - supply.get().lost(Instant.MIN, second, this::lost);
  }

  private long unlimited(Instant at) {
    LocalDateTime local = local(at);
    long quarter = civilQuarter(local);
    long energy = atAnchor + before(quarter);
    for (ZoneOffsetTransition t = zone.getRules().nextTransition(anchor());
        t != null && !t.getInstant().isAfter(at);
        t = zone.getRules().nextTransition(t.getInstant())) {
      energy +=
          before(civilQuarter(t.getDateTimeBefore())) - before(civilQuarter(t.getDateTimeAfter()));
    }
    int into = Math.floorMod(at.getEpochSecond(), QUARTER);
    return energy + (long) wanted(at) * into / QUARTER;
  }

  private Instant anchor() {
    return ANCHOR.atZone(zone).toInstant();
  }

  private LocalDateTime local(Instant at) {
    return LocalDateTime.ofInstant(at, zone);
  }

  private static long civilQuarter(LocalDateTime local) {
    return Math.floorDiv(
        local.toEpochSecond(ZoneOffset.UTC) - ANCHOR.toEpochSecond(ZoneOffset.UTC), QUARTER);
  }

  /** The energy of all civil quarter-hours from the anchor to this one, which is not counted. */
  private long before(long quarter) {
    long rounds = Math.floorDiv(quarter, Households.QUARTERS);
    int rest = Math.floorMod(quarter, Households.QUARTERS);
    int day = rest / QUARTERS_A_DAY;
    long energy = rounds * beforeDay[beforeDay.length - 1] + beforeDay[day];
    for (int q = day * QUARTERS_A_DAY; q < rest; q++) {
      energy += valueAt(q);
    }
    return energy;
  }

  private int valueAt(int quarter) {
    int wattHours = households.wattHours(household, quarter);
    int uneven = noise.of(quarter).between(92, 108);
    return (wattHours * percent * uneven + 5_000) / 10_000;
  }
}
