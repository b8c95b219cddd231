package org.gridwarden.exchange.greenbutton;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.YearMonth;
import java.time.format.TextStyle;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransitionRule;
import java.util.Locale;
import java.util.Optional;

/**
 * When summer time begins or ends, as 32 bits (the schema's DstRuleType): from the highest, month
 * (4), operator (3), day of the month (5), day of the week (3; Monday is 1), hour (5) and second of
 * the hour (12), by the local time that is left. All ones: the clock is not changed.
 */
public record DstRule(int bits) {
  /** The clock is not changed. */
  public static final DstRule NONE = new DstRule(-1);

  private static final int ON_OR_AFTER = 1;
  private static final int FIRST = 2;
  private static final int LAST = 7;

  /**
   * Of eight hexadecimal digits.
   *
   * @throws IllegalArgumentException where they are not
   */
  public static DstRule parse(String hex) {
    if (!hex.matches("[0-9A-Fa-f]{1,8}")) {
      throw new IllegalArgumentException("no rule: " + hex.length() + " characters");
    }
    return new DstRule(Integer.parseUnsignedInt(hex, 16));
  }

  /**
   * The rule of a zone's changes; empty where it cannot be said so.
   *
   * @param rule one of the zone's two
   */
  public static Optional<DstRule> of(ZoneOffsetTransitionRule rule) {
    LocalDateTime at =
        LocalDateTime.of(
            LocalDate.EPOCH, rule.isMidnightEndOfDay() ? LocalTime.MIN : rule.getLocalTime());
    // the wall clock's time just before the change
    LocalDateTime wall =
        switch (rule.getTimeDefinition()) {
          case WALL -> at;
          case STANDARD ->
              at.plusSeconds(
                  (long) rule.getOffsetBefore().getTotalSeconds()
                      - rule.getStandardOffset().getTotalSeconds());
          case UTC -> at.plusSeconds(rule.getOffsetBefore().getTotalSeconds());
        };
    if (rule.isMidnightEndOfDay() || !wall.toLocalDate().equals(LocalDate.EPOCH)) {
      return Optional.empty();
    }
    DayOfWeek week = rule.getDayOfWeek();
    // of a month with 31 days, the week from the 25th on is the last one
    int day = rule.getDayOfMonthIndicator();
    int operator;
    int dayOfMonth = 0;
    if (week == null) {
      operator = 0;
      dayOfMonth = day;
    } else if (day == -1 || day == rule.getMonth().minLength() - 6 && day > 22) {
      operator = LAST;
    } else if (day > 0 && day % 7 == 1) {
      operator = FIRST + day / 7;
    } else {
      operator = ON_OR_AFTER;
      dayOfMonth = day;
    }
    if (dayOfMonth < 0) {
      return Optional.empty();
    }
    int second = wall.getMinute() * 60 + wall.getSecond();
    return Optional.of(
        new DstRule(
            rule.getMonth().getValue() << 28
                | operator << 25
                | dayOfMonth << 20
                | (week == null ? 0 : week.getValue()) << 17
                | wall.getHour() << 12
                | second));
  }

  /** Whether the clock is not changed. */
  public boolean none() {
    return bits == -1;
  }

  int month() {
    return bits >>> 28;
  }

  int operator() {
    return bits >>> 25 & 7;
  }

  int dayOfMonth() {
    return bits >>> 20 & 31;
  }

  int dayOfWeek() {
    return bits >>> 17 & 7;
  }

  int hour() {
    return bits >>> 12 & 31;
  }

  int second() {
    return bits & 0xFFF;
  }

  /** What is wrong with it; empty where nothing is. */
  public Optional<String> fault() {
    if (none()) {
      return Optional.empty();
    }
    String what = null;
    if (month() < 1 || month() > 12) {
      what = "its month is " + month();
    } else if (hour() > 23 || second() > 3599) {
      what = "its time of day is " + hour() + " hours and " + second() + " seconds";
    } else if (operator() <= ON_OR_AFTER && (dayOfMonth() < 1 || dayOfMonth() > 28)) {
      what = "its day of the month is " + dayOfMonth() + ", which not every year has";
    } else if (operator() >= ON_OR_AFTER && dayOfWeek() == 0) {
      what = "it names no day of the week";
    }
    return Optional.ofNullable(what);
  }

  /**
   * When it is, by the local time that is left.
   *
   * @throws IllegalStateException where the clock is not changed, or the rule has a fault
   */
  public LocalDateTime in(int year) {
    if (none() || fault().isPresent()) {
      throw new IllegalStateException("no change of the clock");
    }
    YearMonth month = YearMonth.of(year, month());
    LocalDate day;
    if (operator() == 0) {
      day = month.atDay(dayOfMonth());
    } else {
      DayOfWeek week = DayOfWeek.of(dayOfWeek());
      day =
          switch (operator()) {
            case ON_OR_AFTER -> month.atDay(dayOfMonth()).with(TemporalAdjusters.nextOrSame(week));
            case LAST -> month.atEndOfMonth().with(TemporalAdjusters.previousOrSame(week));
            default ->
                month.atDay(1).with(TemporalAdjusters.dayOfWeekInMonth(operator() - 1, week));
          };
    }
    return day.atTime(hour(), 0).plusSeconds(second());
  }

  /** As the schema writes it. */
  public String hex() {
    return String.format(Locale.ROOT, "%08X", bits);
  }

  /** As people say it. */
  public String words() {
    if (none()) {
      return "never";
    }
    if (fault().isPresent()) {
      return hex();
    }
    String week =
        dayOfWeek() == 0
            ? ""
            : DayOfWeek.of(dayOfWeek()).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    String month = Month.of(month()).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    String[] which = {"first", "second", "third", "fourth", "fifth", "last"};
    String day =
        switch (operator()) {
          case 0 -> dayOfMonth() + " " + month;
          case ON_OR_AFTER -> week + " on or after " + dayOfMonth() + " " + month;
          default -> which[operator() - FIRST] + " " + week + " in " + month;
        };
    return day
        + String.format(Locale.ROOT, " at %02d:%02d", hour() + second() / 3600, second() / 60 % 60);
  }
}
