package org.gridwarden.dlms.objects;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * A date of five bytes with wildcards (IEC 62056-6-2, clause 4.1.6.1): which days it means.
 * Immutable.
 *
 * @param year 0xFFFF any
 * @param month 1 to 12; 0xFD the month in which daylight saving ends, 0xFE begins, 0xFF any
 * @param day of month, 1 to 31; 0xFD second last, 0xFE last, 0xFF any
 * @param dayOfWeek 1 Monday to 7 Sunday, 0xFF any. With a day of month and no year it is the first
 *     such weekday from that day on; with the last day the last one of the month
 */
public record CosemDate(int year, int month, int day, int dayOfWeek) {
  private static final int ANY = 0xFF;
  private static final int ANY_YEAR = 0xFFFF;
  private static final int LAST = 0xFE;
  private static final int SECOND_LAST = 0xFD;
  private static final int DST_BEGIN = 0xFE;
  private static final int DST_END = 0xFD;
  private static final int WEEK = 7;

  /** Every day. */
  public static final CosemDate EVERY_DAY = new CosemDate(ANY_YEAR, ANY, ANY, ANY);

  /** One day of the calendar. */
  public static CosemDate of(LocalDate date) {
    return new CosemDate(
        date.getYear(), date.getMonthValue(), date.getDayOfMonth(), date.getDayOfWeek().getValue());
  }

  /** The date of a date-time. */
  static CosemDate of(CosemDateTime time) throws Refusal {
    return checked(time.year(), time.month(), time.day(), time.dayOfWeek());
  }

  /** From an octet-string of five bytes, or a value of the type date. */
  static CosemDate of(DlmsData data) throws Refusal {
    return switch (data) {
      case DlmsData.OctetString s when s.length() == 5 ->
          checked(s.at(0) << 8 | s.at(1), s.at(2), s.at(3), s.at(4));
      case DlmsData.Date d -> checked(d.year(), d.month(), d.day(), d.dayOfWeek());
      default -> throw Refusal.type();
    };
  }

  private static CosemDate checked(int year, int month, int day, int dayOfWeek) throws Refusal {
    if (month != ANY && month != DST_BEGIN && month != DST_END) {
      Values.within(month, 1, 12);
    }
    if (day != ANY && day != LAST && day != SECOND_LAST) {
      Values.within(day, 1, 31);
    }
    if (dayOfWeek != ANY) {
      Values.within(dayOfWeek, 1, WEEK);
    }
    return new CosemDate(year, month, day, dayOfWeek);
  }

  /** The five bytes. */
  public DlmsData.OctetString data() {
    return DlmsData.OctetString.of(
        (byte) (year >> 8), (byte) year, (byte) month, (byte) day, (byte) dayOfWeek);
  }

  /** Whether nothing is left open. */
  public boolean isOneDay() {
    return year != ANY_YEAR && month <= 12 && day <= 31;
  }

  /**
   * Whether it means the day.
   *
   * @param rules of the meter's clock, which say when daylight saving begins and ends
   */
  public boolean matches(LocalDate date, ZoneRules rules) {
    return (year == ANY_YEAR || year == date.getYear())
        && switch (month) {
          case ANY -> true;
          case DST_BEGIN, DST_END -> changes(date, rules);
          default -> month == date.getMonthValue();
        }
        && matchesDay(date);
  }

  private boolean matchesDay(LocalDate date) {
    boolean weekday = dayOfWeek == ANY || dayOfWeek == date.getDayOfWeek().getValue();
    int left = date.lengthOfMonth() - date.getDayOfMonth();
    return weekday
        && switch (day) {
          case ANY -> true;
          case LAST -> dayOfWeek == ANY ? left == 0 : left < WEEK;
          case SECOND_LAST -> dayOfWeek == ANY ? left == 1 : left >= WEEK && left < 2 * WEEK;
          default -> {
            int later = date.getDayOfMonth() - day;
            boolean orLater = dayOfWeek != ANY && year == ANY_YEAR;
            yield orLater ? later >= 0 && later < WEEK : later == 0;
          }
        };
  }

  /** Whether daylight saving begins (or ends) in the date's month. */
  private boolean changes(LocalDate date, ZoneRules rules) {
    LocalDateTime start = date.withDayOfMonth(1).atStartOfDay();
    ZoneOffsetTransition next =
        rules.nextTransition(start.toInstant(rules.getOffset(start)).minusSeconds(1));
    return next != null
        && next.isGap() == (month == DST_BEGIN)
        && next.getDateTimeBefore().getMonthValue() == date.getMonthValue()
        && next.getDateTimeBefore().getYear() == date.getYear();
  }

  /** The first day of a year that it means, whatever year it names itself; empty for none. */
  Optional<LocalDate> first(int inYear, ZoneRules rules) {
    CosemDate any = new CosemDate(ANY_YEAR, month, day, dayOfWeek);
    int from = month <= 12 ? month : 1;
    int to = month <= 12 ? month : 12;
    LocalDate date = LocalDate.of(inYear, from, 1);
    for (; date.getYear() == inYear && date.getMonthValue() <= to; date = date.plusDays(1)) {
      if (any.matches(date, rules)) {
        return Optional.of(date);
      }
    }
    return Optional.empty();
  }
}
