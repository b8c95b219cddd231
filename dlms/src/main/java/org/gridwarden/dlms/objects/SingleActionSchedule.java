package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * Single action schedule (class 22, version 0, IEC 62056-6-2 clause 4.5.7): one script at one or
 * more times, such as the end of billing. What the clock skips when it is set is not made up for.
 * Thread-safe: one immutable state.
 */
public final class SingleActionSchedule extends InterfaceObject implements Timed {
  private static final int MOST = 1_000;

  private static final InterfaceClass<SingleActionSchedule> CLASS =
      new InterfaceClass<SingleActionSchedule>(22, 0, 4, 0)
          .attribute(2, s -> s.state.script.data(), (s, v) -> s.script(ScriptRef.of(v)))
          .attribute(
              3,
              s -> new DlmsData.Enumerated(s.state.type),
              (s, v) -> s.type(Values.enumerated(v, 1, 5)))
          .attribute(
              4,
              s -> DlmsData.Array.of(s.state.times.stream().map(ExecutionTime::data).toList()),
              (s, v) -> s.times(v));

  /** When; both may leave fields open. */
  public record ExecutionTime(CosemTime time, CosemDate date) {
    private DlmsData data() {
      return DlmsData.Structure.of(time.data(), date.data());
    }
  }

  private record State(ScriptRef script, int type, List<ExecutionTime> times) {
    /**
     * Type 1: one time, dates with wildcards; 2 and 3: one time on several dates, without and with
     * wildcards; 4 and 5: several times likewise.
     */
    State checked() throws Refusal {
      boolean wildcards = type == 1 || type == 3 || type == 5;
      boolean oneTime = type <= 3;
      if (type == 1 && times.size() > 1) {
        throw Refusal.value();
      }
      for (ExecutionTime t : times) {
        if ((!wildcards && !t.date.isOneDay())
            || (oneTime && !t.time.equals(times.getFirst().time))) {
          throw Refusal.value();
        }
      }
      return this;
    }
  }

  private final Clock clock;
  private final DeviceObjects objects;
  private volatile State state;

  /**
   * @param type 1 to 5, see execution_time
   * @throws IllegalArgumentException where the times are not of the type
   */
  public SingleActionSchedule(
      ObisCode logicalName,
      Clock clock,
      DeviceObjects objects,
      ScriptRef script,
      int type,
      List<ExecutionTime> times) {
    super(CLASS, logicalName);
    this.clock = clock;
    this.objects = objects;
    try {
      this.state = new State(script, type, List.copyOf(times)).checked();
    } catch (Refusal e) {
      throw new IllegalArgumentException("execution times are not of type " + type, e);
    }
  }

  private synchronized void script(ScriptRef script) {
    state = new State(script, state.type, state.times);
  }

  private synchronized void type(int type) throws Refusal {
    state = new State(state.script, type, state.times).checked();
  }

  private synchronized void times(DlmsData value) throws Refusal {
    List<ExecutionTime> times = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      DlmsData.Structure s = Values.structure(element, 2);
      times.add(new ExecutionTime(CosemTime.of(s.get(0)), CosemDate.of(s.get(1))));
    }
    state = new State(state.script, state.type, List.copyOf(times)).checked();
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return state.times.stream()
        .flatMap(t -> Recurrence.next(t.date, t.time, after, clock.rules()).stream())
        .min(Comparator.naturalOrder());
  }

  @Override
  public void tick(Instant now) {
    state.script.execute(objects);
  }
}
