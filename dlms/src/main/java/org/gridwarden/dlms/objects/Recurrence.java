package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * When local dates and times with wildcards come true. What falls into the hour that daylight
 * saving skips is due when the hour is skipped; what falls into the hour that comes twice is due
 * the first time only, unless it comes every hour (IEC 62056-6-2, clause 4.5.3, says so of
 * schedules). Pure functions.
 */
final class Recurrence {
  /** Far enough for a 29th of February. */
  static final int FOUR_YEARS = 1_462;

  private static final int MOST_CHANGES = 12;
  private static final int ANY = 0xFF;
  private static final int HOUR = 3_600;

  private Recurrence() {}

  /** The first moment after another on the days of a pattern. */
  static Optional<Instant> next(CosemDate date, CosemTime time, Instant after, ZoneRules rules) {
    if (date.isOneDay()) {
      LocalDate today = LocalDateTime.ofInstant(after, rules.getOffset(after)).toLocalDate();
      if (date.year() < today.getYear()) {
        return Optional.empty();
      }
    }
    return next(day -> date.matches(day, rules), time, after, rules, FOUR_YEARS);
  }

  /**
   * The first moment after another.
   *
   * @param days how many days from then on are looked at
   */
  static Optional<Instant> next(
      Predicate<LocalDate> date, CosemTime time, Instant after, ZoneRules rules, int days) {
    Instant base = after.truncatedTo(ChronoUnit.SECONDS);
    ZoneOffset offset = rules.getOffset(base);
    LocalDateTime from = LocalDateTime.ofInstant(base, offset).plusSeconds(1);
    LocalDate end = from.toLocalDate().plusDays(days);
    for (int changes = 0; changes < MOST_CHANGES; changes++) {
      LocalDateTime local = first(date, time, from, end);
      if (local == null) {
        return Optional.empty();
      }
      Instant at = local.toInstant(offset);
      ZoneOffsetTransition change = rules.nextTransition(base);
      if (change != null && !at.isBefore(change.getInstant())) {
        if (change.isGap() && !everyHour(time) && local.isBefore(change.getDateTimeAfter())) {
          return Optional.of(change.getInstant());
        }
        base = change.getInstant();
        offset = change.getOffsetAfter();
        from = change.getDateTimeAfter();
      } else if (!everyHour(time) && isSecondTime(local, offset, rules)) {
        from = rules.getTransition(local).getDateTimeBefore();
      } else {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private static boolean everyHour(CosemTime time) {
    return time.hour() == ANY;
  }

  private static boolean isSecondTime(LocalDateTime local, ZoneOffset offset, ZoneRules rules) {
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    return offsets.size() == 2 && offsets.get(1).equals(offset);
  }

  private static @Nullable LocalDateTime first(
      Predicate<LocalDate> date, CosemTime time, LocalDateTime from, LocalDate end) {
    int second = from.toLocalTime().toSecondOfDay();
    for (LocalDate day = from.toLocalDate(); !day.isAfter(end); day = day.plusDays(1)) {
      if (date.test(day)) {
        int at = time.firstFrom(second);
        if (at >= 0) {
          return day.atStartOfDay().plusSeconds(at);
        }
      }
      second = 0;
    }
    return null;
  }

  /**
   * The first end of a period after a moment. Periods of up to an hour run through daylight saving;
   * longer ones begin at the local midnight, so that a day's has 23 or 25 hours twice a year.
   *
   * @param period in seconds, from 1
   */
  static Instant nextPeriod(long period, Instant after, ZoneRules rules) {
    long second = after.getEpochSecond();
    if (period <= HOUR) {
      long offset = rules.getOffset(after).getTotalSeconds();
      long local = second + offset;
      return Instant.ofEpochSecond(local - Math.floorMod(local, period) + period - offset);
    }
    long local = second + rules.getOffset(after).getTotalSeconds();
    long at = local - Math.floorMod(local, period);
    Instant next;
    do {
      at += period;
      next = earliest(LocalDateTime.ofEpochSecond(at, 0, ZoneOffset.UTC), rules);
    } while (!next.isAfter(after));
    return next;
  }

  /** The first moment that shows a local time, or would where it is skipped. */
  static Instant earliest(LocalDateTime local, ZoneRules rules) {
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    return offsets.isEmpty()
        ? rules.getTransition(local).getInstant()
        : local.toInstant(offsets.get(0));
  }
}
