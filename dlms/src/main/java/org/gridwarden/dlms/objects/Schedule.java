package org.gridwarden.dlms.objects;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Service;

/**
 * Schedule (class 10, version 0, IEC 62056-6-2 clause 4.5.3): scripts at times of the day, on
 * weekdays and special days. Of entries at one moment the lowest index comes first, and a script is
 * executed once however many of them name it.
 *
 * <p>What was missed because the clock was set forward or there was no power is made up for in its
 * order, as far as the entries' validity windows reach back, at most {@value #LONGEST_DAYS} days.
 * When the clock is set back, entries come again. What daylight saving skips is executed when it
 * begins, what it repeats is executed once.
 *
 * <p>Thread-safe: one immutable list of entries; scripts are executed without a lock.
 */
public final class Schedule extends InterfaceObject implements Timed {
  private static final int MOST = 1_000;
  private static final int LONGEST_DAYS = 60;

  private static final InterfaceClass<Schedule> CLASS =
      new InterfaceClass<Schedule>(10, 0, 2, 3)
          .attribute(
              2,
              s -> DlmsData.Array.of(s.entries.stream().map(ScheduleEntry::data).toList()),
              (s, v) -> s.replace(v))
          .method(1, Schedule::enableDisable)
          .method(2, Schedule::insert)
          .method(3, Schedule::delete);

  private final Clock clock;
  private final DeviceObjects objects;
  private final SpecialDaysTable days;
  // by index
  private volatile List<ScheduleEntry> entries;

  /**
   * @param days which days are special
   */
  public Schedule(
      ObisCode logicalName,
      Clock clock,
      DeviceObjects objects,
      SpecialDaysTable days,
      List<ScheduleEntry> entries) {
    super(CLASS, logicalName);
    this.clock = clock;
    this.objects = objects;
    this.days = days;
    this.entries = sorted(entries);
  }

  private static List<ScheduleEntry> sorted(List<ScheduleEntry> entries) {
    return entries.stream().sorted(Comparator.comparingInt(ScheduleEntry::index)).toList();
  }

  // --- time

  @Override
  public Optional<Instant> next(Instant after) {
    return entries.stream()
        .flatMap(e -> e.next(after, clock.rules(), days).stream())
        .min(Comparator.naturalOrder());
  }

  private record Due(Instant at, ScheduleEntry entry) {}

  @Override
  public void tick(Instant now) {
    List<Due> due = new ArrayList<>();
    for (ScheduleEntry entry : entries) {
      if (entry.next(now.minusSeconds(1), clock.rules(), days).filter(now::equals).isPresent()) {
        due.add(new Due(now, entry));
      }
    }
    execute(due);
  }

  @Override
  public void skipped(Instant from, Instant to) {
    List<Due> missed = new ArrayList<>();
    Instant longest = to.minus(Duration.ofDays(LONGEST_DAYS));
    for (ScheduleEntry entry : entries) {
      Instant reach =
          entry.validityWindow() == ScheduleEntry.ALWAYS
              ? longest
              // one second earlier: what is due at the window's edge still is
              : to.minusSeconds(entry.validityWindow() * 60L + 1);
      Instant after = reach.isBefore(longest) ? longest : reach;
      after = after.isBefore(from) ? from : after;
      Optional<Instant> at = entry.next(after, clock.rules(), days);
      while (at.isPresent() && !at.get().isAfter(to) && missed.size() < MOST) {
        missed.add(new Due(at.get(), entry));
        at = entry.next(at.get(), clock.rules(), days);
      }
    }
    execute(missed);
  }

  private void execute(List<Due> due) {
    // in the skipped hour of daylight saving all have one moment, so the time of day decides
    due.sort(
        Comparator.comparing(Due::at)
            .thenComparingInt(d -> d.entry.time().hour() * 60 + d.entry.time().minute())
            .thenComparingInt(d -> d.entry.index()));
    Set<List<Object>> done = new HashSet<>();
    for (Due one : due) {
      if (done.add(List.of(one.at, one.entry.script()))) {
        one.entry.script().execute(objects);
      }
    }
  }

  // --- the table

  private synchronized void replace(DlmsData value) throws Refusal {
    List<ScheduleEntry> replaced = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      ScheduleEntry entry = ScheduleEntry.of(element);
      if (replaced.stream().anyMatch(e -> e.index() == entry.index())) {
        throw Refusal.value();
      }
      replaced.add(entry);
    }
    entries = sorted(replaced);
  }

  /** A range of indexes; one that ends before it begins, or lies beyond 9,999, has none. */
  private record Range(int first, int last) {
    boolean has(ScheduleEntry entry) {
      return entry.index() >= first && entry.index() <= last && first <= ScheduleEntry.LAST_INDEX;
    }
  }

  private static Range range(DlmsData.Structure s, int at) throws Refusal {
    return new Range(Values.longUnsigned(s.get(at)), Values.longUnsigned(s.get(at + 1)));
  }

  /** The first range is disabled, then the second enabled. */
  private synchronized Service.Invoked enableDisable(Optional<DlmsData> parameters) throws Refusal {
    DlmsData.Structure s = Values.structure(Values.parameter(parameters), 4);
    Range disabled = range(s, 0);
    Range enabled = range(s, 2);
    entries =
        entries.stream()
            .map(e -> enabled.has(e) ? e.enabled(true) : disabled.has(e) ? e.enabled(false) : e)
            .toList();
    return done();
  }

  /** An entry of the same index is replaced. */
  private synchronized Service.Invoked insert(Optional<DlmsData> parameters) throws Refusal {
    ScheduleEntry entry = ScheduleEntry.of(Values.parameter(parameters));
    List<ScheduleEntry> changed = new ArrayList<>(entries);
    changed.removeIf(e -> e.index() == entry.index());
    if (changed.size() == MOST) {
      throw Refusal.value();
    }
    changed.add(entry);
    entries = sorted(changed);
    return done();
  }

  private synchronized Service.Invoked delete(Optional<DlmsData> parameters) throws Refusal {
    Range range = range(Values.structure(Values.parameter(parameters), 2), 0);
    entries = entries.stream().filter(e -> !range.has(e)).toList();
    return done();
  }
}
