package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * Seasons, weeks and days of an activity calendar, active or passive (IEC 62056-6-2, clause 4.5.5).
 * Immutable.
 *
 * @param name up to 64 bytes
 */
public record TariffCalendar(
    DlmsData.OctetString name, List<Season> seasons, List<Week> weeks, List<Day> days) {
  private static final int LONGEST_NAME = 64;
  private static final int MOST = 255;
  private static final int WEEK = 7;
  private static final int LOOK = 8;

  public TariffCalendar {
    seasons = List.copyOf(seasons);
    weeks = List.copyOf(weeks);
    days = List.copyOf(days);
  }

  /**
   * A season.
   *
   * @param start its first day, whose year may be open; with all open the season is always. The
   *     time of day is kept and not looked at: a season begins with its day
   * @param week the name of its week
   */
  public record Season(DlmsData.OctetString name, CosemDateTime start, DlmsData.OctetString week) {}

  /**
   * A week.
   *
   * @param dayIds seven, Monday first
   */
  public record Week(DlmsData.OctetString name, List<Integer> dayIds) {
    public Week {
      dayIds = List.copyOf(dayIds);
    }
  }

  /** A day. */
  public record Day(int id, List<Action> actions) {
    public Day {
      actions = List.copyOf(actions);
    }
  }

  /** What is executed at a time of a day. */
  public record Action(CosemTime time, ScriptRef script) {}

  /** An action at its moment. */
  record Due(Instant at, ScriptRef script) {}

  // --- values

  TariffCalendar name(DlmsData value) throws Refusal {
    return new TariffCalendar(Values.octets(value, LONGEST_NAME), seasons, weeks, days);
  }

  DlmsData seasonData() {
    return DlmsData.Array.of(
        seasons.stream()
            .map(s -> DlmsData.Structure.of(s.name, DlmsData.OctetString.of(s.start), s.week))
            .toList());
  }

  TariffCalendar seasons(DlmsData value) throws Refusal {
    List<Season> list = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      DlmsData.Structure s = Values.structure(element, 3);
      list.add(
          new Season(
              Values.octets(s.get(0), LONGEST_NAME),
              Values.dateTime(s.get(1)),
              Values.octets(s.get(2), LONGEST_NAME)));
    }
    return new TariffCalendar(name, list, weeks, days);
  }

  DlmsData weekData() {
    return DlmsData.Array.of(
        weeks.stream()
            .map(w -> {
              List<DlmsData> fields = new ArrayList<>();
              fields.add(w.name);
              w.dayIds.forEach(id -> fields.add(new DlmsData.Unsigned8(id)));
              return DlmsData.Structure.of(fields);
            })
            .toList());
  }

  TariffCalendar weeks(DlmsData value) throws Refusal {
    List<Week> list = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      DlmsData.Structure s = Values.structure(element, 1 + WEEK);
      List<Integer> ids = new ArrayList<>();
      for (int i = 1; i <= WEEK; i++) {
        ids.add(Values.unsigned8(s.get(i)));
      }
      list.add(new Week(Values.octets(s.get(0), LONGEST_NAME), ids));
    }
    return new TariffCalendar(name, seasons, list, days);
  }

  DlmsData dayData() {
    return DlmsData.Array.of(
        days.stream()
            .map(d ->
                DlmsData.Structure.of(
                    new DlmsData.Unsigned8(d.id),
                    DlmsData.Array.of(
                        d.actions.stream()
                            .map(a ->
                                DlmsData.Structure.of(
                                    a.time.data(),
                                    DlmsData.OctetString.of(a.script.table()),
                                    new DlmsData.LongUnsigned(a.script.selector())))
                            .toList())))
            .toList());
  }

  TariffCalendar days(DlmsData value) throws Refusal {
    List<Day> list = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      DlmsData.Structure s = Values.structure(element, 2);
      List<Action> actions = new ArrayList<>();
      for (DlmsData action : Values.array(s.get(1), MOST)) {
        DlmsData.Structure a = Values.structure(action, 3);
        CosemTime time = CosemTime.of(a.get(0));
        if (!time.isOneTime()) {
          throw Refusal.value();
        }
        actions.add(new Action(time, ScriptRef.of(a.get(1), a.get(2))));
      }
      int id = Values.unsigned8(s.get(0));
      if (list.stream().anyMatch(d -> d.id == id)) {
        throw Refusal.value();
      }
      list.add(new Day(id, actions));
    }
    return new TariffCalendar(name, seasons, weeks, list);
  }

  // --- time

  /** What a day executes, by its moments. */
  List<Due> actions(LocalDate date, ZoneRules rules, SpecialDaysTable special) {
    int id = special.dayId(date, rules).orElseGet(() -> dayId(date, rules));
    for (Day day : days) {
      if (day.id == id) {
        return day.actions.stream()
            .sorted(Comparator.comparing(a -> a.time.time()))
            .map(a -> new Due(Recurrence.earliest(date.atTime(a.time.time()), rules), a.script))
            .toList();
      }
    }
    return List.of();
  }

  private int dayId(LocalDate date, ZoneRules rules) {
    Optional<Season> season = Optional.empty();
    LocalDate began = LocalDate.MIN;
    for (Season candidate : seasons) {
      Optional<LocalDate> start = start(candidate, date, rules);
      if (start.isPresent() && !start.get().isBefore(began)) {
        season = Optional.of(candidate);
        began = start.get();
      }
    }
    if (season.isPresent()) {
      for (Week week : weeks) {
        if (week.name.equals(season.get().week)) {
          return week.dayIds.get(date.getDayOfWeek().getValue() - 1);
        }
      }
    }
    return -1;
  }

  /** When a season began last, seen from a day. */
  private static Optional<LocalDate> start(Season season, LocalDate date, ZoneRules rules) {
    CosemDateTime t = season.start;
    if (t.year() == 0xFFFF && t.month() == 0xFF && t.day() == 0xFF) {
      return Optional.of(LocalDate.MIN);
    }
    CosemDate start = new CosemDate(t.year(), t.month(), t.day(), t.dayOfWeek());
    boolean yearly = t.year() == 0xFFFF;
    Optional<LocalDate> first = start.first(yearly ? date.getYear() : t.year(), rules);
    if (first.isPresent() && first.get().isAfter(date)) {
      return yearly ? start.first(date.getYear() - 1, rules) : Optional.empty();
    }
    return first;
  }

  /** The next action after a moment. Where none comes within a week, that is when to ask again. */
  Optional<Instant> next(Instant after, ZoneRules rules, SpecialDaysTable special) {
    if (days.isEmpty()) {
      return Optional.empty();
    }
    LocalDate today = LocalDateTime.ofInstant(after, rules.getOffset(after)).toLocalDate();
    for (int i = 0; i < LOOK; i++) {
      for (Due due : actions(today.plusDays(i), rules, special)) {
        if (due.at.isAfter(after)) {
          return Optional.of(due.at);
        }
      }
    }
    return Optional.of(Recurrence.earliest(today.plusDays(LOOK).atStartOfDay(), rules));
  }

  /** The last action up to a moment, at most a week back. */
  Optional<Due> last(Instant at, ZoneRules rules, SpecialDaysTable special) {
    LocalDate today = LocalDateTime.ofInstant(at, rules.getOffset(at)).toLocalDate();
    for (int i = 0; i < LOOK; i++) {
      List<Due> actions = actions(today.minusDays(i), rules, special);
      for (Due due : actions.reversed()) {
        if (!due.at.isAfter(at)) {
          return Optional.of(due);
        }
      }
    }
    return Optional.empty();
  }
}
