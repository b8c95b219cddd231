package org.gridwarden.dlms.objects;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * Limiter (class 71, version 0, IEC 62056-6-2 clause 4.5.9): a script is executed when a value has
 * been over a threshold for long enough, another one when it has been under it again for long
 * enough. An emergency profile whose group is one of the limiter's replaces the threshold from its
 * activation time for its duration.
 *
 * <p>The value is looked at every so often; durations are counted from look to look, by the clock.
 * Thread-safe: one lock guards the state; scripts are executed without it.
 */
public final class Limiter extends InterfaceObject implements Timed {
  private static final int MOST_GROUPS = 255;
  private static final DlmsData.Whole UNLIMITED = new DlmsData.DoubleLongUnsigned(0xFFFF_FFFFL);

  private static final InterfaceClass<Limiter> CLASS =
      new InterfaceClass<Limiter>(71, 0, 11, 0)
          .attribute(
              2,
              l -> l.settings().monitored.data(),
              (l, v) -> l.change(s -> s.monitored(MonitoredValue.of(v))))
          .attribute(3, l -> l.threshold(l.clock.instant()))
          .attribute(
              4, l -> l.settings().normal, (l, v) -> l.change(s -> s.normal(l.threshold(s, v))))
          .attribute(
              5,
              l -> l.settings().emergency,
              (l, v) -> l.change(s -> s.emergency(l.threshold(s, v))))
          .attribute(
              6,
              l -> new DlmsData.DoubleLongUnsigned(l.settings().minOver),
              (l, v) -> l.change(s -> s.minOver(Values.doubleLongUnsigned(v))))
          .attribute(
              7,
              l -> new DlmsData.DoubleLongUnsigned(l.settings().minUnder),
              (l, v) -> l.change(s -> s.minUnder(Values.doubleLongUnsigned(v))))
          .attribute(
              8,
              l -> l.settings().profile.data(),
              (l, v) -> l.change(s -> s.profile(EmergencyProfile.of(v, l.clock))))
          .attribute(
              9,
              l ->
                  DlmsData.Array.of(
                      l.settings().groups.stream().map(DlmsData.LongUnsigned::new).toList()),
              (l, v) -> l.change(s -> s.groups(groups(v))))
          .attribute(10, l -> new DlmsData.Bool(l.isEmergency(l.clock.instant())))
          .attribute(
              11,
              l -> DlmsData.Structure.of(l.settings().over.data(), l.settings().under.data()),
              (l, v) -> l.change(s -> s.actions(v)));

  /**
   * When another threshold holds.
   *
   * @param id the group that it is meant for
   * @param activation unspecified for never
   * @param duration in seconds
   */
  private record EmergencyProfile(int id, CosemDateTime activation, long duration) {
    static EmergencyProfile of(DlmsData data, Clock clock) throws Refusal {
      DlmsData.Structure s = Values.structure(data, 3);
      CosemDateTime activation = Values.dateTime(s.get(1));
      if (!activation.isUnspecified() && clock.moment(activation).isEmpty()) {
        throw Refusal.value();
      }
      return new EmergencyProfile(
          Values.longUnsigned(s.get(0)), activation, Values.doubleLongUnsigned(s.get(2)));
    }

    DlmsData data() {
      return DlmsData.Structure.of(
          new DlmsData.LongUnsigned(id),
          DlmsData.OctetString.of(activation),
          new DlmsData.DoubleLongUnsigned(duration));
    }
  }

  private record Settings(
      MonitoredValue monitored,
      DlmsData.Whole normal,
      DlmsData.Whole emergency,
      long minOver,
      long minUnder,
      EmergencyProfile profile,
      List<Integer> groups,
      ScriptRef over,
      ScriptRef under) {
    Settings monitored(MonitoredValue changed) {
      return new Settings(
          changed, normal, emergency, minOver, minUnder, profile, groups, over, under);
    }

    Settings normal(DlmsData.Whole changed) {
      return new Settings(
          monitored, changed, emergency, minOver, minUnder, profile, groups, over, under);
    }

    Settings emergency(DlmsData.Whole changed) {
      return new Settings(
          monitored, normal, changed, minOver, minUnder, profile, groups, over, under);
    }

    Settings minOver(long changed) {
      return new Settings(
          monitored, normal, emergency, changed, minUnder, profile, groups, over, under);
    }

    Settings minUnder(long changed) {
      return new Settings(
          monitored, normal, emergency, minOver, changed, profile, groups, over, under);
    }

    Settings profile(EmergencyProfile changed) {
      return new Settings(
          monitored, normal, emergency, minOver, minUnder, changed, groups, over, under);
    }

    Settings groups(List<Integer> changed) {
      return new Settings(
          monitored, normal, emergency, minOver, minUnder, profile, changed, over, under);
    }

    Settings actions(DlmsData value) throws Refusal {
      DlmsData.Structure s = Values.structure(value, 2);
      return new Settings(
          monitored,
          normal,
          emergency,
          minOver,
          minUnder,
          profile,
          groups,
          ScriptRef.of(s.get(0)),
          ScriptRef.of(s.get(1)));
    }
  }

  private static final Settings NOTHING =
      new Settings(
          MonitoredValue.NONE,
          UNLIMITED,
          UNLIMITED,
          0,
          0,
          new EmergencyProfile(0, CosemDateTime.UNSPECIFIED, 0),
          List.of(),
          ScriptRef.NONE,
          ScriptRef.NONE);

  private interface Change {
    Settings of(Settings old) throws Refusal;
  }

  private final Clock clock;
  private final DeviceObjects objects;
  private final int seconds;
  private Settings settings = NOTHING;
  // what was executed last: the one over, or the one under
  private boolean limited;
  // since when the value is on the other side of the threshold
  private Optional<Instant> since = Optional.empty();

  /**
   * Limits nothing until it is told what.
   *
   * @param seconds between two looks
   */
  public Limiter(ObisCode logicalName, Clock clock, DeviceObjects objects, int seconds) {
    super(CLASS, logicalName);
    this.clock = clock;
    this.objects = objects;
    this.seconds = seconds;
  }

  private synchronized Settings settings() {
    return settings;
  }

  /** Thresholds are compared with another object, so the change is made before it is kept. */
  private void change(Change change) throws Refusal {
    Settings old = settings();
    Settings changed = change.of(old);
    synchronized (this) {
      if (!settings.equals(old)) {
        throw new Refusal(AccessResult.TEMPORARY_FAILURE);
      }
      settings = changed;
    }
  }

  private static List<Integer> groups(DlmsData value) throws Refusal {
    List<Integer> groups = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST_GROUPS)) {
      groups.add(Values.longUnsigned(element));
    }
    return List.copyOf(groups);
  }

  private DlmsData.Whole threshold(Settings s, DlmsData value) throws Refusal {
    return s.monitored.threshold(value, objects);
  }

  private boolean isEmergency(Instant now) {
    Settings s = settings();
    if (s.profile.activation.isUnspecified() || !s.groups.contains(s.profile.id)) {
      return false;
    }
    Optional<Instant> from = clock.moment(s.profile.activation);
    return from.isPresent()
        && !now.isBefore(from.get())
        && now.isBefore(from.get().plusSeconds(s.profile.duration));
  }

  private DlmsData.Whole threshold(Instant now) {
    return isEmergency(now) ? settings().emergency : settings().normal;
  }

  /** Looks at the value now. */
  public void look() {
    Instant now = clock.instant();
    Settings s = settings();
    Optional<DlmsData.Whole> value = s.monitored.read(objects);
    if (value.isEmpty()) {
      return;
    }
    boolean over = MonitoredValue.over(value.get(), threshold(now));
    ScriptRef due = ScriptRef.NONE;
    synchronized (this) {
      if (over == limited) {
        since = Optional.empty();
        return;
      }
      Instant began = since.filter(at -> !at.isAfter(now)).orElse(now);
      since = Optional.of(began);
      long least = over ? s.minOver : s.minUnder;
      if (Duration.between(began, now).toSeconds() >= least) {
        limited = over;
        since = Optional.empty();
        due = over ? s.over : s.under;
      }
    }
    due.execute(objects);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return settings().monitored.isNone()
        ? Optional.empty()
        : Optional.of(Recurrence.nextPeriod(seconds, after, clock.rules()));
  }

  @Override
  public void tick(Instant now) {
    look();
  }
}
