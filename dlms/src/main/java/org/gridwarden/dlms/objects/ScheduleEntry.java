package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.time.LocalDate;
import java.time.zone.ZoneRules;
import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.dlms.DlmsData;

/**
 * An entry of a schedule: schedule_table_entry (IEC 62056-6-2, clause 4.5.3). Immutable.
 *
 * @param index 1 to 9,999
 * @param enabled whether it is executed at all
 * @param script what is executed
 * @param time when on its days
 * @param validityWindow minutes within which it is made up for when it was missed; 0xFFFF always
 * @param weekdays seven bits, Monday first
 * @param specialDays bit n stands for special days of day_id n
 * @param begin the first day; its year or all of it may be open
 * @param end the last day, as begin
 */
public record ScheduleEntry(
    int index,
    boolean enabled,
    ScriptRef script,
    CosemTime time,
    int validityWindow,
    DlmsData.BitString weekdays,
    DlmsData.BitString specialDays,
    CosemDate begin,
    CosemDate end) {
  static final int LAST_INDEX = 9_999;
  static final int ALWAYS = 0xFFFF;

  private static final int WEEK = 7;
  private static final int ANY = 0xFF;
  private static final int ANY_YEAR = 0xFFFF;
  private static final int LOOK_AHEAD = 400;

  static ScheduleEntry of(DlmsData data) throws Refusal {
    DlmsData.Structure s = Values.structure(data, 10);
    if (!(s.get(6) instanceof DlmsData.BitString weekdays)
        || weekdays.length() != WEEK
        || !(s.get(7) instanceof DlmsData.BitString specialDays)
        || specialDays.length() > 256) {
      throw Refusal.type();
    }
    CosemTime time = CosemTime.of(s.get(4));
    CosemDate begin = CosemDate.of(s.get(8));
    CosemDate end = CosemDate.of(s.get(9));
    if ((begin.month() > 12 && begin.month() != ANY) || (end.month() > 12 && end.month() != ANY)) {
      throw Refusal.value();
    }
    return new ScheduleEntry(
        Values.within(Values.longUnsigned(s.get(0)), 1, LAST_INDEX),
        Values.bool(s.get(1)),
        ScriptRef.of(s.get(2), s.get(3)),
        time,
        Values.longUnsigned(s.get(5)),
        weekdays,
        specialDays,
        begin,
        end);
  }

  DlmsData data() {
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(index),
        new DlmsData.Bool(enabled),
        DlmsData.OctetString.of(script.table()),
        new DlmsData.LongUnsigned(script.selector()),
        time.data(),
        new DlmsData.LongUnsigned(validityWindow),
        weekdays,
        specialDays,
        begin.data(),
        end.data());
  }

  ScheduleEntry enabled(boolean changed) {
    return new ScheduleEntry(
        index, changed, script, time, validityWindow, weekdays, specialDays, begin, end);
  }

  /** When it is executed next after a moment. */
  Optional<Instant> next(Instant after, ZoneRules rules, SpecialDaysTable days) {
    return enabled
        ? Recurrence.next(day -> isDue(day, rules, days), time, after, rules, LOOK_AHEAD)
        : Optional.empty();
  }

  /** On a special day its day_id decides, on others the day of the week. */
  private boolean isDue(LocalDate day, ZoneRules rules, SpecialDaysTable days) {
    if (!within(day)) {
      return false;
    }
    OptionalInt special = days.dayId(day, rules);
    return special.isPresent()
        ? special.getAsInt() < specialDays.length() && specialDays.bit(special.getAsInt())
        : weekdays.bit(day.getDayOfWeek().getValue() - 1);
  }

  private boolean within(LocalDate day) {
    if (begin.year() == ANY_YEAR && end.year() == ANY_YEAR) {
      int at = day.getMonthValue() * 100 + day.getDayOfMonth();
      int from = first(begin);
      int to = last(end);
      // every year; one that ends before it begins goes over New Year
      return from <= to ? at >= from && at <= to : at >= from || at <= to;
    }
    long at = number(day.getYear(), day.getMonthValue() * 100 + day.getDayOfMonth());
    return (begin.year() == ANY_YEAR || at >= number(begin.year(), first(begin)))
        && (end.year() == ANY_YEAR || at <= number(end.year(), last(end)));
  }

  private static long number(int year, int monthAndDay) {
    return year * 10_000L + monthAndDay;
  }

  private static int first(CosemDate date) {
    return (date.month() == ANY ? 1 : date.month()) * 100 + (date.day() > 31 ? 1 : date.day());
  }

  private static int last(CosemDate date) {
    return (date.month() == ANY ? 12 : date.month()) * 100 + (date.day() > 31 ? 31 : date.day());
  }
}
