package org.gridwarden.simulator.zigbee.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * What can be switched off in a household for a while, a water heater and the like: the client of
 * demand response and load control. Begins and ends an event at moments by chance where it says so,
 * lets its consumer opt out and in again, and reports each step. On the model's thread only.
 */
public final class LoadControl implements MeterCluster {
  static final int LOAD_CONTROL = 0x0701;
  static final int GET_SCHEDULED = 0x01;
  static final int REPORT_STATUS = 0x00;
  static final int EVENT = 0x00;
  static final int CANCEL = 0x01;
  static final int CANCEL_ALL = 0x02;

  /** Water heater and simple loads. */
  static final int OWN_CLASS = 0x0084;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int EVENT_LENGTH = 23;
  private static final int LONGEST = 1_440;
  private static final int MANDATORY = 7;
  private static final int LAST_MANDATORY = 9;

  /** Attributes 1 and 2: within so many minutes an event begins and ends by chance. */
  private static final int RANDOM_MINUTES = 5;

  private static final int RECEIVED = 0x01;
  private static final int STARTED = 0x02;
  private static final int COMPLETED = 0x03;
  private static final int OPTED_OUT = 0x04;
  private static final int OPTED_IN = 0x05;
  private static final int CANCELLED = 0x06;
  private static final int SUPERSEDED = 0x07;
  private static final int PARTLY_OUT = 0x08;
  private static final int PARTLY_IN = 0x09;
  private static final int NOT_TAKEN_PART = 0x0A;
  private static final int WAS_OVER = 0xFB;
  private static final int NO_SUCH_EVENT = 0xFD;
  private static final int REJECTED = 0xFE;

  private final Timeline time;
  private final Supplier<Instant> clock;
  private final Random chance;
  private final EnergyServices.Line line;
  private final Consumer<Boolean> shed;
  private final List<Event> events = new ArrayList<>();
  private boolean off;

  private static final class Event {
    private final long id;
    private final int criticality;
    private final int control;
    private Timeline.@Nullable Due next;
    private boolean running;
    private boolean out;
    private boolean tookPart;
    private boolean wasOut;

    private Event(long id, int criticality, int control) {
      this.id = id;
      this.criticality = criticality;
      this.control = control;
    }

    private void off() {
      if (next != null) {
        next.cancel();
      }
    }
  }

  /**
   * @param clock the meter's, as the office has set it
   * @param chance when within the minutes of chance
   * @param shed switches the loads off (true) and on again
   */
  LoadControl(
      Timeline time,
      Supplier<Instant> clock,
      Random chance,
      EnergyServices.Line line,
      Consumer<Boolean> shed) {
    this.time = time;
    this.clock = clock;
    this.chance = chance;
    this.line = line;
    this.shed = shed;
    shed.accept(false);
  }

  /** Whether loads are switched off now. */
  public boolean shedding() {
    return events.stream().anyMatch(e -> e.running && !e.out);
  }

  /** The event that is to come or holds. */
  public Optional<Long> event() {
    return events.stream().map(e -> e.id).findFirst();
  }

  /** The consumer does not want to take part; says whether that is allowed now. */
  public boolean optOut() {
    boolean done = false;
    for (Event event : events) {
      if (!event.out && !(event.criticality >= MANDATORY && event.criticality <= LAST_MANDATORY)) {
        event.out = true;
        event.wasOut = true;
        report(event.id, OPTED_OUT, event.criticality, event.control);
        done = true;
      }
    }
    shed();
    return done;
  }

  /** The consumer takes part again. */
  public void optIn() {
    for (Event event : events) {
      if (event.out) {
        event.out = false;
        event.tookPart |= event.running;
        report(event.id, OPTED_IN, event.criticality, event.control);
      }
    }
    shed();
  }

  @Override
  public void begin() {
    line.ask(LOAD_CONTROL, true, GET_SCHEDULED, new byte[5]); // from now on, all
  }

  @Override
  public boolean take(int cluster, Zcl zcl) {
    if (cluster != LOAD_CONTROL || !zcl.cluster() || !zcl.fromServer()) {
      return false;
    }
    byte[] all = zcl.payload();
    switch (zcl.command()) {
      case EVENT -> {
        if (all.length == EVENT_LENGTH) {
          event(all);
        }
      }
      case CANCEL -> {
        if (all.length == 12) {
          cancel(Zcl.number(all, 0, 4), (all[7] & 1) != 0, Zcl.number(all, 8, 4));
        }
      }
      case CANCEL_ALL -> {
        if (all.length == 1) {
          List.copyOf(events).forEach(e -> cancel(e.id, (all[0] & 1) != 0, 0));
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  @Override
  public Optional<Attribute> attribute(int cluster, int id) {
    return cluster != LOAD_CONTROL
        ? Optional.empty()
        : switch (id) {
          case 0x0000 -> Optional.of(Attribute.unsigned8(0));
          case 0x0001, 0x0002 -> Optional.of(Attribute.unsigned8(RANDOM_MINUTES));
          case 0x0003 -> Optional.of(Attribute.unsigned16(OWN_CLASS));
          default -> Optional.empty();
        };
  }

  private void event(byte[] all) {
    long id = Zcl.number(all, 0, 4);
    int classes = (int) Zcl.number(all, 4, 2);
    int group = all[6] & 0xFF;
    if ((classes & OWN_CLASS) == 0 || group != 0 || events.stream().anyMatch(e -> e.id == id)) {
      return; // for others, or told before
    }
    long start = Zcl.number(all, 7, 4);
    int minutes = (int) Zcl.number(all, 11, 2);
    Event event = new Event(id, all[13] & 0xFF, all[22] & 0xFF);
    Instant now = clock.get();
    Instant from = start == 0 ? now : EPOCH.plusSeconds(start);
    Instant until = from.plusSeconds(60L * minutes);
    if (minutes < 1 || minutes > LONGEST) {
      report(id, REJECTED, event.criticality, event.control);
      return;
    }
    if (!until.isAfter(now)) {
      report(id, WAS_OVER, event.criticality, event.control);
      return;
    }
    // whatever there is overlaps with it or will: the later word counts
    for (Event old : List.copyOf(events)) {
      remove(old);
      report(old.id, SUPERSEDED, old.criticality, old.control);
    }
    events.add(event);
    report(id, RECEIVED, event.criticality, event.control);
    long wait = micros(now, from) + ((event.control & 0b01) != 0 ? random() : 0);
    long end = micros(now, until) + ((event.control & 0b10) != 0 ? random() : 0);
    event.next = time.after(wait, () -> start(event, Math.max(0, end - wait)));
  }

  private static long micros(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toNanos() / 1_000);
  }

  private long random() {
    return chance.nextLong(RANDOM_MINUTES * 60_000_000L);
  }

  private void start(Event event, long lasting) {
    event.running = true;
    event.tookPart = !event.out;
    if (!event.out) {
      report(event.id, STARTED, event.criticality, event.control);
    }
    shed();
    event.next =
        time.after(
            lasting,
            () -> {
              remove(event);
              report(event.id, outcome(event), event.criticality, event.control);
            });
  }

  private static int outcome(Event event) {
    return !event.tookPart
        ? NOT_TAKEN_PART
        : event.out ? PARTLY_OUT : event.wasOut ? PARTLY_IN : COMPLETED;
  }

  /** Told once, not at each step. */
  private void shed() {
    if (off != shedding()) {
      off = !off;
      shed.accept(off);
    }
  }

  private void remove(Event event) {
    event.off();
    events.remove(event);
    shed();
  }

  private void cancel(long id, boolean byChance, long effective) {
    Optional<Event> found = events.stream().filter(e -> e.id == id).findFirst();
    if (found.isEmpty()) {
      report(id, NO_SUCH_EVENT, 0, 0);
      return;
    }
    Event event = found.get();
    long wait =
        (effective == 0 ? 0 : micros(clock.get(), EPOCH.plusSeconds(effective)))
            + (byChance && event.running ? random() : 0);
    event.off();
    event.next =
        time.after(
            wait,
            () -> {
              remove(event);
              report(id, CANCELLED, event.criticality, event.control);
            });
  }

  /** ReportEventStatus, without a signature. */
  private void report(long id, int status, int criticality, int control) {
    byte[] noSignature = new byte[42];
    Arrays.fill(noSignature, (byte) 0xFF);
    line.ask(
        LOAD_CONTROL,
        true,
        REPORT_STATUS,
        new Zcl.Out()
            .number(4, id)
            .number(1, status)
            .number(4, clock.get().getEpochSecond() - EPOCH.getEpochSecond())
            .number(1, criticality)
            .number(2, 0x8000)
            .number(2, 0x8000)
            .number(1, 0x80)
            .number(1, 0xFF)
            .number(1, control)
            .number(1, 0)
            .bytes(noSignature)
            .done());
  }
}
