package org.gridwarden.dlms.objects;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneOffsetTransitionRule;
import java.time.zone.ZoneOffsetTransitionRule.TimeDefinition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.dlms.CosemDateTime;

/**
 * How a clock shows an instant: zone and daylight saving (IEC 62056-6-2, clause 4.5.1, attributes 3
 * and 5 to 8). Immutable; those of a zone are shared by all its meters.
 *
 * @param timeZone minutes from local normal time to UTC, -720 to 840; central Europe has -60
 * @param begin when daylight saving begins, in local normal time; unspecified for never
 * @param end when it ends, in local daylight saving time
 * @param deviation minutes that local time is ahead then, -120 to 120
 * @param enabled whether the clock follows begin and end
 * @param rules what all this comes to
 */
record ClockSettings(
    int timeZone,
    CosemDateTime begin,
    CosemDateTime end,
    int deviation,
    boolean enabled,
    ZoneRules rules) {
  private static final Map<ZoneId, ClockSettings> OF_ZONE = new ConcurrentHashMap<>();
  private static final int ANY = 0xFF;
  private static final int ANY_YEAR = 0xFFFF;
  private static final int LAST = 0xFE;
  private static final int SECOND_LAST = 0xFD;
  private static final int FIRST_YEAR = 1990;

  /**
   * Of a zone as it stands at an instant. The rules are the zone's own, past and future; the
   * attributes say them as well as they can.
   */
  static ClockSettings of(ZoneId zone, Instant now) {
    return OF_ZONE.computeIfAbsent(zone, z -> derive(z.getRules(), now));
  }

  private static ClockSettings derive(ZoneRules rules, Instant now) {
    int timeZone = -rules.getStandardOffset(now).getTotalSeconds() / 60;
    CosemDateTime begin = CosemDateTime.UNSPECIFIED;
    CosemDateTime end = CosemDateTime.UNSPECIFIED;
    int deviation = 0;
    List<ZoneOffsetTransitionRule> yearly = rules.getTransitionRules();
    if (yearly.size() == 2) {
      int year = LocalDateTime.ofInstant(now, ZoneOffset.UTC).getYear();
      for (ZoneOffsetTransitionRule rule : yearly) {
        ZoneOffsetTransition change = rule.createTransition(year);
        if (change.isGap()) {
          begin = pattern(rule, change);
          deviation = Math.toIntExact(change.getDuration().toMinutes());
        } else {
          end = pattern(rule, change);
        }
      }
    }
    return new ClockSettings(timeZone, begin, end, deviation, deviation != 0, rules);
  }

  private static CosemDateTime pattern(ZoneOffsetTransitionRule rule, ZoneOffsetTransition change) {
    DayOfWeek weekday = rule.getDayOfWeek();
    int indicator = rule.getDayOfMonthIndicator();
    // zone tables write the last Sunday of March as the first one from the 25th on
    boolean lastWeek = weekday != null && indicator == rule.getMonth().maxLength() - 6;
    int day =
        switch (indicator) {
          case -1 -> LAST;
          case -2 -> SECOND_LAST;
          default ->
              indicator < 0
                  ? change.getDateTimeBefore().getDayOfMonth()
                  : lastWeek ? LAST : indicator;
        };
    return new CosemDateTime(
        ANY_YEAR,
        rule.getMonth().getValue(),
        day,
        weekday == null ? ANY : weekday.getValue(),
        change.getDateTimeBefore().getHour(),
        change.getDateTimeBefore().getMinute(),
        change.getDateTimeBefore().getSecond(),
        0,
        CosemDateTime.NO_DEVIATION,
        0);
  }

  /**
   * As written.
   *
   * @throws Refusal where a beginning or end comes true in no year, or leaves open when
   */
  static ClockSettings of(
      int timeZone, CosemDateTime begin, CosemDateTime end, int deviation, boolean enabled)
      throws Refusal {
    Values.within(timeZone, -720, 840);
    Values.within(deviation, -120, 120);
    ZoneOffset normal = ZoneOffset.ofTotalSeconds(-timeZone * 60);
    // both are looked at even while disabled: what is refused must not depend on another attribute
    Optional<ZoneOffsetTransitionRule> begins = Optional.empty();
    Optional<ZoneOffsetTransitionRule> ends = Optional.empty();
    // any deviation makes a rule that can be looked at
    ZoneOffset saving =
        ZoneOffset.ofTotalSeconds(
            normal.getTotalSeconds() + (deviation == 0 ? 60 : deviation) * 60);
    if (!begin.isUnspecified()) {
      begins = Optional.of(rule(begin, normal, normal, saving));
    }
    if (!end.isUnspecified()) {
      ends = Optional.of(rule(end, normal, saving, normal));
    }
    ZoneRules rules =
        enabled && deviation != 0 && begins.isPresent() && ends.isPresent()
            ? rules(normal, begins.get(), begin.year(), ends.get(), end.year())
            : ZoneRules.of(normal);
    return new ClockSettings(timeZone, begin, end, deviation, enabled, rules);
  }

  ClockSettings timeZone(int changed) throws Refusal {
    return of(changed, begin, end, deviation, enabled);
  }

  ClockSettings begin(CosemDateTime changed) throws Refusal {
    return of(timeZone, changed, end, deviation, enabled);
  }

  ClockSettings end(CosemDateTime changed) throws Refusal {
    return of(timeZone, begin, changed, deviation, enabled);
  }

  ClockSettings deviation(int changed) throws Refusal {
    return of(timeZone, begin, end, changed, enabled);
  }

  ClockSettings enabled(boolean changed) throws Refusal {
    return of(timeZone, begin, end, deviation, changed);
  }

  private static ZoneOffsetTransitionRule rule(
      CosemDateTime when, ZoneOffset normal, ZoneOffset before, ZoneOffset after) throws Refusal {
    CosemDate date = CosemDate.of(when);
    CosemTime time = CosemTime.of(when);
    if (date.month() > 12 || date.day() == ANY || !time.isOneTime()) {
      throw Refusal.value();
    }
    DayOfWeek weekday = date.dayOfWeek() == ANY ? null : DayOfWeek.of(date.dayOfWeek());
    int day =
        switch (date.day()) {
          case LAST -> -1;
          // the second last Sunday is the last one that a week or more follows
          case SECOND_LAST -> weekday == null ? -2 : -8;
          default -> date.day();
        };
    try {
      ZoneOffsetTransitionRule rule =
          ZoneOffsetTransitionRule.of(
              Month.of(date.month()),
              day,
              weekday,
              time.time(),
              false,
              TimeDefinition.WALL,
              normal,
              before,
              after);
      // a day that a month lacks shows in a common or in a leap year
      if (rule.createTransition(FIRST_YEAR).isGap()
          != rule.createTransition(FIRST_YEAR + 2).isGap()) {
        throw Refusal.value();
      }
      return rule;
    } catch (DateTimeException | IllegalArgumentException _) {
      throw Refusal.value();
    }
  }

  /**
   * Where both name a year, once; else every year, and a year that only one of them names is not
   * looked at.
   */
  private static ZoneRules rules(
      ZoneOffset normal,
      ZoneOffsetTransitionRule begin,
      int beginYear,
      ZoneOffsetTransitionRule end,
      int endYear) {
    boolean once = beginYear != ANY_YEAR && endYear != ANY_YEAR;
    List<ZoneOffsetTransitionRule> yearly = new ArrayList<>(List.of(begin, end));
    yearly.sort(Comparator.comparing(r -> r.createTransition(FIRST_YEAR)));
    List<ZoneOffsetTransition> changes = new ArrayList<>();
    if (once) {
      changes.add(begin.createTransition(beginYear));
      changes.add(end.createTransition(endYear));
    } else {
      yearly.forEach(r -> changes.add(r.createTransition(FIRST_YEAR)));
    }
    changes.sort(Comparator.naturalOrder());
    return ZoneRules.of(
        normal,
        changes.getFirst().getOffsetBefore(),
        List.of(),
        changes,
        once ? List.of() : yearly);
  }
}
