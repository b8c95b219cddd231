package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * Register monitor (class 21, version 0, IEC 62056-6-2 clause 4.5.6): scripts that are executed
 * when a value crosses one of its thresholds, up or down. The value is looked at every so often;
 * the first look, and the first after a threshold changed, only finds out where it stands.
 *
 * <p>Thread-safe: one immutable state, and one look at a time; scripts are executed without a lock.
 */
public final class RegisterMonitor extends InterfaceObject implements Timed {
  private static final int MOST = 100;

  private static final InterfaceClass<RegisterMonitor> CLASS =
      new InterfaceClass<RegisterMonitor>(21, 0, 4, 0)
          .attribute(2, m -> DlmsData.Array.of(m.state.thresholds), (m, v) -> m.thresholds(v))
          .attribute(3, m -> m.state.monitored.data(), (m, v) -> m.monitored(MonitoredValue.of(v)))
          .attribute(
              4,
              m -> DlmsData.Array.of(m.state.actions.stream().map(ActionSet::data).toList()),
              (m, v) -> m.actions(v));

  /** What is executed at a threshold: action_set. */
  public record ActionSet(ScriptRef up, ScriptRef down) {
    private DlmsData data() {
      return DlmsData.Structure.of(up.data(), down.data());
    }
  }

  private record State(
      MonitoredValue monitored, List<DlmsData.Whole> thresholds, List<ActionSet> actions) {}

  private final Clock clock;
  private final DeviceObjects objects;
  private final int seconds;
  private volatile State state = new State(MonitoredValue.NONE, List.of(), List.of());
  // where the value stood at the last look, by threshold; empty before the first
  private List<Boolean> over = List.of();

  /**
   * Watches nothing until it is told what.
   *
   * @param seconds between two looks
   */
  public RegisterMonitor(ObisCode logicalName, Clock clock, DeviceObjects objects, int seconds) {
    super(CLASS, logicalName);
    this.clock = clock;
    this.objects = objects;
    this.seconds = seconds;
  }

  private void thresholds(DlmsData value) throws Refusal {
    List<DlmsData.Whole> thresholds = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      thresholds.add(state.monitored.threshold(element, objects));
    }
    synchronized (this) {
      state = new State(state.monitored, List.copyOf(thresholds), state.actions);
      over = List.of();
    }
  }

  private synchronized void monitored(MonitoredValue monitored) {
    state = new State(monitored, state.thresholds, state.actions);
    over = List.of();
  }

  private synchronized void actions(DlmsData value) throws Refusal {
    List<ActionSet> actions = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      DlmsData.Structure s = Values.structure(element, 2);
      actions.add(new ActionSet(ScriptRef.of(s.get(0)), ScriptRef.of(s.get(1))));
    }
    state = new State(state.monitored, state.thresholds, List.copyOf(actions));
  }

  /** Looks at the value now. */
  public void look() {
    State now = state;
    Optional<DlmsData.Whole> value = now.monitored.read(objects);
    if (value.isEmpty()) {
      return;
    }
    List<Boolean> standing =
        now.thresholds.stream().map(t -> MonitoredValue.over(value.get(), t)).toList();
    List<ScriptRef> crossed = new ArrayList<>();
    synchronized (this) {
      if (!now.equals(state)) { // changed meanwhile: the next look begins anew
        return;
      }
      for (int i = 0; i < Math.min(over.size(), now.actions.size()); i++) {
        if (!over.get(i).equals(standing.get(i))) {
          ActionSet set = now.actions.get(i);
          crossed.add(standing.get(i) ? set.up : set.down);
        }
      }
      over = standing;
    }
    crossed.forEach(script -> script.execute(objects));
  }

  @Override
  public Optional<Instant> next(Instant after) {
    State now = state;
    return now.monitored.isNone() || now.thresholds.isEmpty()
        ? Optional.empty()
        : Optional.of(Recurrence.nextPeriod(seconds, after, clock.rules()));
  }

  @Override
  public void tick(Instant now) {
    look();
  }
}
