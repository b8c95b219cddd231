package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * Activity calendar (class 20, version 0, IEC 62056-6-2 clause 4.5.5): scripts, in practice
 * tariffs, by season, day of the week and time; a passive calendar is prepared and becomes active
 * at a moment or by activate_passive_calendar (1).
 *
 * <p>After the clock was set, after a power failure and when a calendar becomes active the last
 * action that was due is executed, so that the right tariff is on. Thread-safe: active and passive
 * calendar are one immutable state; scripts are executed without a lock.
 */
public final class ActivityCalendar extends InterfaceObject implements Timed {
  private static final InterfaceClass<ActivityCalendar> CLASS =
      new InterfaceClass<ActivityCalendar>(20, 0, 10, 1)
          .attribute(2, c -> c.state.active.name(), (c, v) -> c.active(a -> a.name(v)))
          .attribute(3, c -> c.state.active.seasonData(), (c, v) -> c.active(a -> a.seasons(v)))
          .attribute(4, c -> c.state.active.weekData(), (c, v) -> c.active(a -> a.weeks(v)))
          .attribute(5, c -> c.state.active.dayData(), (c, v) -> c.active(a -> a.days(v)))
          .attribute(6, c -> c.state.passive.name(), (c, v) -> c.passive(p -> p.name(v)))
          .attribute(7, c -> c.state.passive.seasonData(), (c, v) -> c.passive(p -> p.seasons(v)))
          .attribute(8, c -> c.state.passive.weekData(), (c, v) -> c.passive(p -> p.weeks(v)))
          .attribute(9, c -> c.state.passive.dayData(), (c, v) -> c.passive(p -> p.days(v)))
          .attribute(
              10,
              c -> DlmsData.OctetString.of(c.state.activation),
              (c, v) -> c.activation(Values.dateTime(v)))
          .plainMethod(1, ActivityCalendar::activate);

  private record State(TariffCalendar active, TariffCalendar passive, CosemDateTime activation) {}

  private interface Change {
    TariffCalendar of(TariffCalendar old) throws Refusal;
  }

  private final Clock clock;
  private final DeviceObjects objects;
  private final SpecialDaysTable days;
  private volatile State state;

  /**
   * @param days which days are special
   */
  public ActivityCalendar(
      ObisCode logicalName,
      Clock clock,
      DeviceObjects objects,
      SpecialDaysTable days,
      TariffCalendar active,
      TariffCalendar passive) {
    super(CLASS, logicalName);
    this.clock = clock;
    this.objects = objects;
    this.days = days;
    this.state = new State(active, passive, CosemDateTime.UNSPECIFIED);
  }

  private synchronized void active(Change change) throws Refusal {
    state = new State(change.of(state.active), state.passive, state.activation);
  }

  private synchronized void passive(Change change) throws Refusal {
    state = new State(state.active, change.of(state.passive), state.activation);
  }

  /** All of it is said, or nothing. */
  private synchronized void activation(CosemDateTime at) throws Refusal {
    if (!at.isUnspecified() && clock.moment(at).isEmpty()) {
      throw Refusal.value();
    }
    state = new State(state.active, state.passive, at);
  }

  /** As the method activate_passive_calendar. */
  public void activate() {
    synchronized (this) {
      state = new State(state.passive, state.passive, state.activation);
    }
    executeLast(clock.instant());
  }

  private void executeLast(Instant at) {
    state.active.last(at, clock.rules(), days).ifPresent(due -> due.script().execute(objects));
  }

  private Optional<Instant> activation() {
    return state.activation.isUnspecified() ? Optional.empty() : clock.moment(state.activation);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    Optional<Instant> action = state.active.next(after, clock.rules(), days);
    Optional<Instant> activation = activation().filter(at -> at.isAfter(after));
    return activation.isPresent() && (action.isEmpty() || activation.get().isBefore(action.get()))
        ? activation
        : action;
  }

  @Override
  public void tick(Instant now) {
    if (activation().filter(now::equals).isPresent()) {
      activate(); // which executes what is due at this moment, too
      return;
    }
    ZoneRules rules = clock.rules();
    LocalDate today = LocalDateTime.ofInstant(now, rules.getOffset(now)).toLocalDate();
    for (TariffCalendar.Due due : state.active.actions(today, rules, days)) {
      if (due.at().equals(now)) {
        due.script().execute(objects);
      }
    }
  }

  @Override
  public void skipped(Instant from, Instant to) {
    if (activation().filter(at -> at.isAfter(from) && !at.isAfter(to)).isPresent()) {
      activate();
    } else {
      executeLast(to);
    }
  }

  @Override
  public void repeated(Instant from, Instant to) {
    executeLast(to);
  }
}
