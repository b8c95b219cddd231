package org.gridwarden.mdm.validation;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Set;

/**
 * A stretch of time cut into equal slots and into civil days: which day, time of day and kind of
 * day each slot has. Days have 92, 96 or 100 quarter-hours as the clocks go; the first and the last
 * day may be cut short. One timeline serves all meters of a run. Immutable, thread-safe.
 */
public final class Timeline {
  /** A holiday counts as this day of the week. */
  public static final DayOfWeek HOLIDAY_AS = DayOfWeek.SUNDAY;

  /** No more slots than this in one timeline: 40 years of quarter-hours. */
  public static final int MAX_SLOTS = 1_500_000;

  private final long start;
  private final int step;
  private final short[] timeOfDay;
  private final int[] firstOfDay;
  private final byte[] kindOfDay;
  private final LocalDate firstDate;

  private Timeline(
      long start,
      int step,
      short[] timeOfDay,
      int[] firstOfDay,
      byte[] kindOfDay,
      LocalDate firstDate) {
    this.start = start;
    this.step = step;
    this.timeOfDay = timeOfDay;
    this.firstOfDay = firstOfDay;
    this.kindOfDay = kindOfDay;
    this.firstDate = firstDate;
  }

  /**
   * Whole civil days.
   *
   * @param days how many, 1 or more
   * @param stepSeconds a slot's length
   */
  public static Timeline ofDays(
      LocalDate first, int days, int stepSeconds, ZoneId zone, Set<LocalDate> holidays) {
    long from = first.atStartOfDay(zone).toEpochSecond();
    long to = first.plusDays(days).atStartOfDay(zone).toEpochSecond();
    return of(
        from,
        Math.toIntExact((to - from) / stepSeconds),
        stepSeconds,
        CivilTime.of(zone),
        holidays);
  }

  /**
   * Any stretch.
   *
   * @param start the epoch second at which the first slot begins
   * @param slots how many, 1 to {@link #MAX_SLOTS}
   * @param stepSeconds a slot's length, 60 to 86,400
   * @throws IllegalArgumentException outside these ranges
   */
  public static Timeline of(
      long start, int slots, int stepSeconds, CivilTime civil, Set<LocalDate> holidays) {
    if (slots < 1 || slots > MAX_SLOTS || stepSeconds < 60 || stepSeconds > 86_400) {
      throw new IllegalArgumentException(
          slots
              + " slots of "
              + stepSeconds
              + " s: a timeline has 1 to "
              + MAX_SLOTS
              + " slots of 60 to 86400 s");
    }
    short[] timeOfDay = new short[slots];
    int[] firsts = new int[16];
    byte[] kinds = new byte[16];
    int days = 0;
    long day = Long.MIN_VALUE;
    LocalDate firstDate = LocalDate.EPOCH;
    for (int i = 0; i < slots; i++) {
      long at = start + (long) i * stepSeconds;
      long local = at + civil.offsetAt(at);
      long its = Math.floorDiv(local, 86_400L);
      // a slot that begins before midnight of a day that went back is still counted forwards
      if (its > day) {
        day = its;
        if (days + 1 >= firsts.length) {
          firsts = Arrays.copyOf(firsts, days * 2 + 2);
          kinds = Arrays.copyOf(kinds, days * 2 + 2);
        }
        LocalDate date = LocalDate.ofEpochDay(its);
        if (days == 0) {
          firstDate = date;
        }
        firsts[days] = i;
        kinds[days] =
            (byte) ((holidays.contains(date) ? HOLIDAY_AS : date.getDayOfWeek()).getValue() - 1);
        days++;
      }
      timeOfDay[i] = (short) (Math.floorMod(local, 86_400L) / stepSeconds);
    }
    firsts = Arrays.copyOf(firsts, days + 1);
    firsts[days] = slots;
    return new Timeline(
        start, stepSeconds, timeOfDay, firsts, Arrays.copyOf(kinds, days), firstDate);
  }

  /** How many slots it has. */
  public int slots() {
    return timeOfDay.length;
  }

  /** A slot's length in seconds. */
  public int stepSeconds() {
    return step;
  }

  /** When a slot begins, as epoch second. */
  public long epochSecondOf(int slot) {
    return start + (long) slot * step;
  }

  /** When a slot begins. */
  public Instant startOf(int slot) {
    return Instant.ofEpochSecond(epochSecondOf(slot));
  }

  /**
   * The slot in which an instant lies.
   *
   * @return below 0, or {@link #slots} and above, where it lies outside
   */
  public int slotOf(Instant at) {
    return (int)
        Math.clamp(Math.floorDiv(at.getEpochSecond() - start, (long) step), -1L, (long) slots());
  }

  /** How many civil days it touches. */
  public int days() {
    return kindOfDay.length;
  }

  /** The first slot of a day; of {@link #days()}, the end. */
  public int firstSlot(int day) {
    return firstOfDay[day];
  }

  /** How many slots a day has here. */
  public int slotsOf(int day) {
    return firstOfDay[day + 1] - firstOfDay[day];
  }

  /** The day in which a slot lies. */
  public int dayOf(int slot) {
    int at = Arrays.binarySearch(firstOfDay, slot);
    return at >= 0 ? at : -at - 2;
  }

  /** A day's date. */
  public LocalDate dateOf(int day) {
    // days follow each other without a hole: each has at least one slot of at most a day
    return firstDate.plusDays(day);
  }

  /** A day's kind: 0 for Monday to 6 for Sunday and holidays. */
  public int kindOf(int day) {
    return kindOfDay[day];
  }

  /** A slot's place in its day by the wall clock, 0 to {@link #slotsADay()} - 1. */
  public int timeOfDay(int slot) {
    return timeOfDay[slot];
  }

  /** How many slots an ordinary day has. */
  public int slotsADay() {
    return Math.max(1, 86_400 / step);
  }

  /**
   * The slot of a day at a time of day; where the hour comes twice, its first.
   *
   * @return -1 where the day has no such time: the hour that spring leaves out, or a cut day
   */
  public int slotAt(int day, int time) {
    int low = firstOfDay[day];
    int end = firstOfDay[day + 1];
    int at = low;
    for (int tries = 0; tries < 3; tries++) {
      int off = time - timeOfDay[at];
      if (off == 0) {
        return at;
      }
      // a day that lacks an hour is shorter than its last time of day says
      at = Math.min(at + off, end - 1);
      if (at < low) {
        return -1;
      }
    }
    return -1;
  }
}
