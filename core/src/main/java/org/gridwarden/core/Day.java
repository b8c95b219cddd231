package org.gridwarden.core;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * A civil day cut into equal slots: 96 quarter-hours as a rule, 92 and 100 where the clock changes.
 *
 * @param date the civil date
 * @param zone the meter's zone
 * @param start the instant at which the day begins there
 * @param slot a slot's length
 * @param slots how many there are, 1 to 86,400 plus the hour that autumn gives back
 */
public record Day(LocalDate date, ZoneId zone, Instant start, Duration slot, int slots) {
  /**
   * The day of a date, with slots counted from the zone's own rules.
   *
   * @throws IllegalArgumentException where the slot is not positive or does not divide the day
   */
  public static Day of(LocalDate date, ZoneId zone, Duration slot) {
    Instant start = date.atStartOfDay(zone).toInstant();
    Instant end = date.plusDays(1).atStartOfDay(zone).toInstant();
    long length = Duration.between(start, end).toSeconds();
    long step = slot.toSeconds();
    if (step <= 0 || slot.getNano() != 0 || length % step != 0) {
      throw new IllegalArgumentException("a day of " + length + " s is not cut evenly by " + slot);
    }
    return new Day(date, zone, start, slot, Math.toIntExact(length / step));
  }

  /** The day in which a slot that starts at this instant lies. */
  public static Day containing(Instant slotStart, ZoneId zone, Duration slot) {
    return of(LocalDate.ofInstant(slotStart, zone), zone, slot);
  }

  /** The instant at which slot {@code index} starts. */
  public Instant startOf(int index) {
    return start.plusSeconds(index * slot.toSeconds());
  }

  /**
   * Which slot starts at this instant.
   *
   * @return 0 to {@code slots - 1}, or -1 where no slot of this day starts then
   */
  public int indexOf(Instant slotStart) {
    long off = Duration.between(start, slotStart).toSeconds();
    long step = slot.toSeconds();
    if (off < 0 || slotStart.getNano() != 0 || off % step != 0 || off / step >= slots) {
      return -1;
    }
    return (int) (off / step);
  }
}
