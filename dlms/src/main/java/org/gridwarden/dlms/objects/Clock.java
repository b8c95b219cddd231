package org.gridwarden.dlms.objects;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Service;

/**
 * Clock (class 8, version 0, IEC 62056-6-2 clause 4.5.1): the meter's time, which may be off the
 * true one, its zone and its daylight saving.
 *
 * <p>time_zone and the deviation of a date-time lead from local time to UTC (central Europe: -60);
 * daylight_savings_deviation says by how many minutes local time is put forward (60).
 *
 * <p>Thread-safe: what it shows is one immutable state, replaced as a whole; a change is told to
 * its {@link Watcher}s before and after, without a lock held.
 */
public final class Clock extends InterfaceObject implements InstantSource {
  /** Told when the clock is set; on the thread that sets it. */
  public interface Watcher {
    /** The clock is about to be set. */
    void changing();

    /** The clock was set from one moment to another, both of the clock. */
    void changed(Instant from, Instant to);
  }

  private static final int INVALID = 0x01;
  private static final int DOUBTFUL = 0x02;
  private static final int QUARTER = 900;
  private static final int MINUTE = 60;
  private static final int FIRST_YEAR = 1970;
  private static final int LAST_YEAR = 9999;
  private static final int INTERNAL_CRYSTAL = 1;

  private static final InterfaceClass<Clock> CLASS =
      new InterfaceClass<Clock>(8, 0, 9, 6)
          .attribute(
              2, c -> DlmsData.OctetString.of(c.time(c.instant())), (c, v) -> c.set(c.moment(v)))
          .attribute(
              3,
              c -> new DlmsData.Long16(c.state.settings.timeZone()),
              (c, v) -> c.settings(s -> s.timeZone(Values.long16(v))))
          .attribute(4, c -> new DlmsData.Unsigned8(c.time(c.instant()).clockStatus()))
          .attribute(
              5,
              c -> DlmsData.OctetString.of(c.state.settings.begin()),
              (c, v) -> c.settings(s -> s.begin(Values.dateTime(v))))
          .attribute(
              6,
              c -> DlmsData.OctetString.of(c.state.settings.end()),
              (c, v) -> c.settings(s -> s.end(Values.dateTime(v))))
          .attribute(
              7,
              c -> new DlmsData.Integer8(c.state.settings.deviation()),
              (c, v) -> c.settings(s -> s.deviation(Values.integer8(v))))
          .attribute(
              8,
              c -> new DlmsData.Bool(c.state.settings.enabled()),
              (c, v) -> c.settings(s -> s.enabled(Values.bool(v))))
          .attribute(9, c -> new DlmsData.Enumerated(INTERNAL_CRYSTAL))
          .plainMethod(1, c -> c.adjustTo(QUARTER))
          .plainMethod(2, c -> c.adjustTo(c.measuringPeriod.getAsInt()))
          .plainMethod(3, c -> c.adjustTo(MINUTE))
          .plainMethod(4, Clock::adjustToPreset)
          .method(5, Clock::preset)
          .method(6, Clock::shift);

  // the true instant that is being played, of this clock, on this thread
  private static final ScopedValue<Playing> PLAYING = ScopedValue.newInstance();

  private record Playing(Clock clock, Instant trueTime) {}

  private record State(ClockSettings settings, Duration shift, int status) {}

  private record Preset(Instant time, Instant start, Instant end) {}

  private final InstantSource base;
  private final IntSupplier measuringPeriod;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private volatile State state;
  private volatile Optional<Preset> preset = Optional.empty();

  /**
   * A clock that is right, with measuring periods of a quarter of an hour.
   *
   * @param base the true time
   * @param zone whose local time and daylight saving it shows until somebody sets others
   */
  public Clock(ObisCode logicalName, InstantSource base, ZoneId zone) {
    this(logicalName, base, zone, () -> QUARTER);
  }

  /**
   * A clock that is right.
   *
   * @param measuringPeriod in seconds, to which adjust_to_measuring_period rounds; 0 for none
   */
  public Clock(ObisCode logicalName, InstantSource base, ZoneId zone, IntSupplier measuringPeriod) {
    super(CLASS, logicalName);
    this.base = base;
    this.measuringPeriod = measuringPeriod;
    this.state = new State(ClockSettings.of(zone, base.instant()), Duration.ZERO, 0);
  }

  /** What the clock takes for the time: the true one unless it was set otherwise. */
  @Override
  public Instant instant() {
    return trueTime().plus(state.shift);
  }

  /** The true time, by which energy flows; of a moment that is being played, that moment's. */
  public Instant trueTime() {
    return PLAYING.isBound() && PLAYING.get().clock == this
        ? PLAYING.get().trueTime
        : base.instant();
  }

  /** The true time at which the clock shows, or showed, a moment, as it is set now. */
  public Instant trueTime(Instant moment) {
    return moment.minus(state.shift);
  }

  /** Does something as if it were a moment of the clock. */
  void at(Instant moment, Runnable action) {
    ScopedValue.where(PLAYING, new Playing(this, trueTime(moment))).run(action);
  }

  /** Zone and daylight saving, as they are set. */
  public ZoneRules rules() {
    return state.settings.rules();
  }

  /** What the clock shows at a moment of its own, with its status. */
  public CosemDateTime time(Instant moment) {
    State now = state;
    CosemDateTime t = CosemDateTime.of(moment, now.settings.rules());
    return now.status == 0
        ? t
        : new CosemDateTime(
            t.year(),
            t.month(),
            t.day(),
            t.dayOfWeek(),
            t.hour(),
            t.minute(),
            t.second(),
            t.hundredths(),
            t.deviation(),
            t.clockStatus() | now.status);
  }

  /** The moment that a date-time names; without a deviation it is this clock's local time. */
  public Optional<Instant> moment(CosemDateTime time) {
    return time.instant(rules(), CosemDateTime.DeviationSign.STANDARD);
  }

  /** Whom to tell when the clock is set. */
  public void watch(Watcher watcher) {
    watchers.add(watcher);
  }

  /** Sets the clock to a moment; its status is good again. */
  public void set(Instant moment) {
    watchers.forEach(Watcher::changing);
    Instant from;
    synchronized (this) {
      from = instant();
      state = new State(state.settings, Duration.between(trueTime(), moment), 0);
    }
    watchers.forEach(w -> w.changed(from, moment));
  }

  /** The time may be wrong, as after a long time without power, until the clock is set. */
  public void doubt() {
    status(DOUBTFUL);
  }

  /** The time is lost, until the clock is set. */
  public void invalidate() {
    status(INVALID);
  }

  private synchronized void status(int bit) {
    state = new State(state.settings, state.shift, state.status | bit);
  }

  private Instant moment(DlmsData data) throws Refusal {
    CosemDateTime time = Values.dateTime(data);
    CosemDate date = CosemDate.of(time);
    Optional<Instant> moment = moment(time);
    if (moment.isEmpty()
        // beyond these a date-time could not say the days before or after
        || time.year() < FIRST_YEAR
        || time.year() > LAST_YEAR
        || !date.isOneDay()
        || !CosemTime.of(time).isOneTime()
        || (time.dayOfWeek() != 0xFF
            && !date.equals(CosemDate.of(LocalDate.of(time.year(), time.month(), time.day()))))) {
      throw Refusal.value();
    }
    return moment.get();
  }

  private interface Change {
    ClockSettings of(ClockSettings old) throws Refusal;
  }

  private synchronized void settings(Change change) throws Refusal {
    state = new State(change.of(state.settings), state.shift, state.status);
  }

  /** To the nearest multiple of so many seconds of the local day; half way is up. */
  private void adjustTo(int seconds) throws Refusal {
    if (seconds <= 0) {
      throw Refusal.value();
    }
    Instant now = instant();
    ZoneOffset offset = rules().getOffset(now);
    long millis = now.toEpochMilli() + offset.getTotalSeconds() * 1_000L;
    long step = seconds * 1_000L;
    set(
        Instant.ofEpochMilli(
            Math.floorDiv(millis + step / 2, step) * step - offset.getTotalSeconds() * 1_000L));
  }

  private void adjustToPreset() throws Refusal {
    Instant now = instant();
    Preset wanted = preset.orElseThrow(Refusal::value);
    if (now.isBefore(wanted.start) || now.isAfter(wanted.end)) {
      throw Refusal.value();
    }
    preset = Optional.empty();
    set(wanted.time);
  }

  private Service.Invoked preset(Optional<DlmsData> parameters) throws Refusal {
    DlmsData.Structure p = Values.structure(Values.parameter(parameters), 3);
    Preset wanted = new Preset(moment(p.get(0)), moment(p.get(1)), moment(p.get(2)));
    if (wanted.end.isBefore(wanted.start)) {
      throw Refusal.value();
    }
    preset = Optional.of(wanted);
    return done();
  }

  private Service.Invoked shift(Optional<DlmsData> parameters) throws Refusal {
    int seconds = Values.within(Values.long16(Values.parameter(parameters)), -QUARTER, QUARTER);
    set(instant().plusSeconds(seconds));
    return done();
  }
}
