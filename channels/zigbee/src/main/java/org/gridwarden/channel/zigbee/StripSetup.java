package org.gridwarden.channel.zigbee;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.gridwarden.channel.zigbee.Strips.Outlet;
import org.gridwarden.channel.zigbee.Strips.Ratio;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a device is a power strip, by its endpoints and what they can do, and tells its
 * outlets what to report. Which meter it is is the operator's word, as with all devices.
 * Thread-safe.
 */
final class StripSetup {
  static final int HOME = 0x0104;
  static final int ON_OFF = 0x0006;

  private static final int ACTIVE_ENDPOINTS = 0x0005;
  private static final int SIMPLE_DESCRIPTOR = 0x0004;
  private static final int RESPONSE = 0x8000;
  private static final int MOST_ENDPOINTS = 240;
  private static final int ATTEMPTS = 3;
  private static final long PATIENCE_MILLIS = 10_000;
  private static final int KILOWATT_HOURS = 0;

  /** An appliance that begins or ends is told within seconds: by how many watts it differs. */
  private static final int WATTS = 5;

  private static final long SHORTEST = 5;

  private final Strips strips;
  private final Supplier<Optional<Coordinator>> line;
  private final Roster roster;
  private final long reportSeconds;
  private final AtomicInteger sequence = new AtomicInteger();
  private final Map<Long, CompletableFuture<byte[]>> asked = new ConcurrentHashMap<>();

  StripSetup(
      Strips strips, Roster roster, Supplier<Optional<Coordinator>> line, long reportSeconds) {
    this.strips = strips;
    this.roster = roster;
    this.line = line;
    this.reportSeconds = reportSeconds;
  }

  /** Which devices are strips. */
  Strips strips() {
    return strips;
  }

  /** What an outlet's report says; empty where the device is no strip, or it says nothing kept. */
  List<Message> values(
      Known from, MeterId meter, Incoming frame, Attributes report, java.time.Instant now) {
    return strips
        .at(from.eui64(), frame.endpoint())
        .map(outlet -> StripValues.of(outlet, meter, frame.cluster(), report, now))
        .orElse(List.of());
  }

  /**
   * Sets a strip up.
   *
   * @return whether all of it is done; empty where the device is no strip
   */
  Optional<Boolean> setUp(Known known, Talks talks) throws InterruptedException {
    boolean before = strips.has(known.eui64());
    if (known.reports()) {
      return before ? Optional.of(true) : Optional.empty();
    }
    Optional<List<Integer>> endpoints = endpoints(known);
    if (endpoints.isEmpty()) {
      // a meter need not answer what it is; a strip is asked again
      return before ? Optional.of(false) : Optional.empty();
    }
    if (endpoints.get().isEmpty()) {
      strips.put(known.eui64(), List.of());
      return Optional.empty();
    }
    List<Outlet> outlets = new ArrayList<>();
    for (int endpoint : endpoints.get()) {
      Outlet outlet = learn(known, talks, outlets.size() + 1, endpoint);
      if (outlet == null) {
        return Optional.of(false);
      }
      outlets.add(outlet);
    }
    strips.put(known.eui64(), outlets); // what is told from now on is understood
    for (Outlet outlet : outlets) {
      if (!report(known, talks, outlet)) {
        return Optional.of(false);
      }
    }
    roster.change(known.eui64(), k -> k.reporting(0, 0, 0));
    return Optional.of(true);
  }

  /** How to reach the strip that is a meter, once it is set up. */
  Optional<Known> reached(MeterId meter) {
    return roster.of(meter).filter(k -> k.reports() && strips.has(k.eui64()));
  }

  /** A strip's own switch: On/Off, under the link key. */
  StripSession.Radio radio(Known known, Talks talks) {
    return new StripSession.Radio() {
      @Override
      public boolean turn(Outlet outlet, boolean on) throws InterruptedException {
        int command = on ? 1 : 0;
        return talks
            .ask(known, outlet.endpoint(), HOME, ON_OFF, true, command, new byte[0])
            .filter(r -> r.payload().length == 2 && r.payload()[1] == 0)
            .isPresent();
      }

      @Override
      public Optional<Boolean> isOn(Outlet outlet) throws InterruptedException {
        Attributes read = read(known, talks, outlet.endpoint(), ON_OFF, 0);
        return read == null || read.get(0).isEmpty()
            ? Optional.empty()
            : Optional.of(read.get(0).getAsLong() != 0);
      }
    };
  }

  /** The endpoints that are outlets; none with a meter; empty where it does not answer. */
  private Optional<List<Integer>> endpoints(Known known) throws InterruptedException {
    Zcl.Out own = new Zcl.Out().number(2, known.address());
    byte[] active = ask(known, ACTIVE_ENDPOINTS, own.done());
    if (active == null || active.length < 5 || active.length < 5 + (active[4] & 0xFF)) {
      return Optional.empty();
    }
    List<Integer> outlets = new ArrayList<>();
    for (int i = 0; i < (active[4] & 0xFF) && outlets.size() < Strips.MOST_OUTLETS; i++) {
      int endpoint = active[5 + i] & 0xFF;
      if (endpoint < 1 || endpoint > MOST_ENDPOINTS) {
        continue;
      }
      byte[] descriptor =
          ask(
              known,
              SIMPLE_DESCRIPTOR,
              new Zcl.Out().number(2, known.address()).number(1, endpoint).done());
      if (descriptor == null) {
        return Optional.empty();
      }
      if (isOutlet(descriptor)) {
        outlets.add(endpoint);
      }
    }
    return Optional.of(outlets);
  }

  /**
   * Whether a simple descriptor's answer is of an outlet: of home automation, switched and
   * measured. It is: sequence, status, address, length, endpoint, profile, device, version, how
   * many clusters it serves, which.
   */
  static boolean isOutlet(byte[] answer) {
    if (answer.length < 12 || answer[1] != 0 || Zcl.number(answer, 6, 2) != HOME) {
      return false;
    }
    boolean switched = false;
    boolean measured = false;
    int count = answer[11] & 0xFF;
    for (int i = 0; i < count && 14 + 2 * i <= answer.length; i++) {
      long cluster = Zcl.number(answer, 12 + 2 * i, 2);
      switched |= cluster == ON_OFF;
      measured |= cluster == Clusters.METERING || cluster == Clusters.MEASUREMENT;
    }
    return switched && measured;
  }

  private @Nullable Outlet learn(Known known, Talks talks, int number, int endpoint)
      throws InterruptedException {
    Attributes energy =
        read(
            known,
            talks,
            endpoint,
            Clusters.METERING,
            Clusters.UNIT,
            Clusters.MULTIPLIER,
            Clusters.DIVISOR);
    Attributes electrical =
        read(
            known,
            talks,
            endpoint,
            Clusters.MEASUREMENT,
            Clusters.VOLTAGE_MULTIPLIER,
            Clusters.VOLTAGE_DIVISOR,
            StripValues.CURRENT_MULTIPLIER,
            StripValues.CURRENT_DIVISOR,
            StripValues.POWER_MULTIPLIER,
            StripValues.POWER_DIVISOR);
    if (energy == null || electrical == null) {
      return null;
    }
    return new Outlet(
        number,
        endpoint,
        energy.get(Clusters.UNIT).orElse(-1) == KILOWATT_HOURS
            ? ratio(energy, Clusters.MULTIPLIER, Clusters.DIVISOR)
            : Ratio.NONE,
        ratio(electrical, StripValues.POWER_MULTIPLIER, StripValues.POWER_DIVISOR),
        ratio(electrical, Clusters.VOLTAGE_MULTIPLIER, Clusters.VOLTAGE_DIVISOR),
        ratio(electrical, StripValues.CURRENT_MULTIPLIER, StripValues.CURRENT_DIVISOR));
  }

  /** One to one where it does not say. */
  private static Ratio ratio(Attributes told, int by, int over) {
    return new Ratio((int) told.get(by).orElse(1), (int) told.get(over).orElse(1));
  }

  private static @Nullable Attributes read(
      Known known, Talks talks, int endpoint, int cluster, int... ids) throws InterruptedException {
    Zcl.Out out = new Zcl.Out();
    for (int id : ids) {
      out.number(2, id);
    }
    return talks
        .ask(known, endpoint, HOME, cluster, false, Zcl.READ, out.done())
        .filter(r -> !r.cluster())
        // an outlet without that cluster says so by a default response
        .map(r -> r.command() == Zcl.READ_RESPONSE ? r.payload() : new byte[0])
        .flatMap(Attributes::answer)
        .orElse(null);
  }

  private boolean report(Known known, Talks talks, Outlet outlet) throws InterruptedException {
    long often = Math.min(SHORTEST, reportSeconds);
    long change =
        Math.clamp(
            (long) WATTS * outlet.power().over() / Math.max(1, outlet.power().by()),
            1,
            Short.MAX_VALUE);
    return configure(known, talks, outlet, ON_OFF, one(0, 0x10, 0, 0, 0))
        && configure(
            known,
            talks,
            outlet,
            Clusters.MEASUREMENT,
            one(StripValues.POWER, 0x29, often, change, 2),
            one(Clusters.VOLTAGE, 0x21, reportSeconds, 0, 2),
            one(StripValues.CURRENT, 0x21, reportSeconds, 0, 2))
        && configure(
            known,
            talks,
            outlet,
            Clusters.METERING,
            one(Clusters.SUMMATION, 0x25, reportSeconds, 0, 6));
  }

  private byte[] one(int id, int type, long shortest, long change, int bytes) {
    return new Zcl.Out()
        .number(1, 0)
        .number(2, id)
        .number(1, type)
        .number(2, shortest)
        .number(2, reportSeconds)
        .number(bytes, change)
        .done();
  }

  /** Whether it has answered: what it cannot tell is not waited for. */
  private static boolean configure(
      Known known, Talks talks, Outlet outlet, int cluster, byte[]... attributes)
      throws InterruptedException {
    Zcl.Out out = new Zcl.Out();
    for (byte[] one : attributes) {
      out.bytes(one, 0, one.length);
    }
    return talks
        .ask(known, outlet.endpoint(), HOME, cluster, false, Zcl.CONFIGURE_REPORTING, out.done())
        .isPresent();
  }

  /** Asks a device what it is: not under the link key, which no device description goes under. */
  private byte @Nullable [] ask(Known known, int cluster, byte[] what) throws InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Coordinator> to = line.get();
      if (to.isEmpty()) {
        return null;
      }
      int number = sequence.incrementAndGet() & 0xFF;
      long name = name(known.address(), cluster, number);
      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      asked.put(name, answer);
      try {
        byte[] frame = new Zcl.Out().number(1, number).bytes(what, 0, what.length).done();
        if (to.get().send(known.address(), 0, 0, cluster, false, frame)) {
          return answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
      } catch (TimeoutException | ExecutionException e) {
        // once more
      } finally {
        asked.remove(name, answer);
      }
    }
    return null;
  }

  private static long name(int address, int cluster, int number) {
    return ((long) address << 16 | cluster) << 8 | number;
  }

  /** Takes what may be an answer. */
  void described(Incoming frame) {
    byte[] payload = frame.payload();
    if (payload.length < 2 || (frame.cluster() & RESPONSE) == 0) {
      return;
    }
    CompletableFuture<byte[]> waits =
        asked.get(name(frame.from(), frame.cluster() & ~RESPONSE, payload[0] & 0xFF));
    if (waits != null) {
      waits.complete(Arrays.copyOf(payload, payload.length));
    }
  }
}
