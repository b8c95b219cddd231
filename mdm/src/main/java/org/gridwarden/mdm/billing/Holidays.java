package org.gridwarden.mdm.billing;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Set;

/**
 * Which days are holidays: dates, and rules that say it of every year. Immutable, thread-safe.
 *
 * @param dates single days
 * @param rules days of every year
 * @param observed whether a rule's day that falls on a Saturday is the Friday before, and one on a
 *     Sunday the Monday behind, in place of itself; dates stay where they are
 */
public record Holidays(Set<LocalDate> dates, List<Rule> rules, boolean observed) {
  /** None. */
  public static final Holidays NONE = new Holidays(Set.of(), List.of(), false);

  public Holidays {
    dates = Set.copyOf(dates);
    rules = List.copyOf(rules);
  }

  /** A day of every year. */
  public sealed interface Rule {
    /** The day in a year; 29 February only where there is one: a year without it has none. */
    List<LocalDate> in(int year);
  }

  /** The same date each year. */
  public record Fixed(MonthDay day) implements Rule {
    @Override
    public List<LocalDate> in(int year) {
      return day.isValidYear(year) ? List.of(day.atYear(year)) : List.of();
    }
  }

  /**
   * So many days from Easter Sunday of the western churches.
   *
   * @param days below zero: before it
   */
  public record Easter(int days) implements Rule {
    @Override
    public List<LocalDate> in(int year) {
      return year < 1583 ? List.of() : List.of(sunday(year).plusDays(days));
    }

    /** By the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8). */
    static LocalDate sunday(int year) {
      int a = year % 19;
      int b = year / 100;
      int c = year % 100;
      int d = b / 4;
      int e = b % 4;
      int f = (b + 8) / 25;
      int g = (b - f + 1) / 3;
      int h = (19 * a + b - d - g + 15) % 30;
      int i = c / 4;
      int k = c % 4;
      int l = (32 + 2 * e + 2 * i - h - k) % 7;
      int m = (a + 11 * h + 22 * l) / 451;
      int n = h + l - 7 * m + 114;
      return LocalDate.of(year, n / 31, n % 31 + 1);
    }
  }

  /**
   * A weekday of a month, counted.
   *
   * @param nth 1 to 5; -1: the last. A month without a fifth has none
   * @param month 1 to 12
   */
  public record Counted(int nth, DayOfWeek day, int month) implements Rule {
    @Override
    public List<LocalDate> in(int year) {
      LocalDate first = LocalDate.of(year, month, 1);
      LocalDate found =
          nth < 0
              ? first.with(TemporalAdjusters.lastInMonth(day))
              : first.with(TemporalAdjusters.dayOfWeekInMonth(nth, day));
      return found.getMonthValue() == month ? List.of(found) : List.of();
    }
  }

  /** Whether a day is one. */
  public boolean on(LocalDate day) {
    if (dates.contains(day)) {
      return true;
    }
    // New Year's Day of the year to come may be observed on this year's last day
    for (int year = day.getYear() - 1; year <= day.getYear() + 1; year++) {
      for (Rule rule : rules) {
        for (LocalDate its : rule.in(year)) {
          if (moved(its).equals(day)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private LocalDate moved(LocalDate day) {
    if (!observed) {
      return day;
    }
    return switch (day.getDayOfWeek()) {
      case SATURDAY -> day.minusDays(1);
      case SUNDAY -> day.plusDays(1);
      default -> day;
    };
  }
}
