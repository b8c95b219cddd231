package org.gridwarden.channel.zigbee;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.listener.Tally;

/**
 * What the office says to its devices by itself: asks how their energy is to be read, tells them
 * how often to report, opens a tunnel. Each device has a thread that goes on until all is done.
 * Thread-safe.
 */
final class Talks {
  private static final int ATTEMPTS = 3;
  private static final long PATIENCE_MILLIS = 10_000;
  private static final long FIRST_PAUSE = 1_000;
  private static final long LONGEST_PAUSE = 60_000;
  private static final int KILOWATT_HOURS = 0;

  private final Roster roster;
  private final Supplier<Optional<Coordinator>> line;
  private final long reportSeconds;
  private final Tally tally;
  private final boolean reports;
  private final StripSetup strips;
  private final AtomicInteger sequence = new AtomicInteger();
  private final Map<Long, CompletableFuture<Zcl>> asked = new ConcurrentHashMap<>();
  private final Map<Eui64, TunnelEnd> tunnels = new ConcurrentHashMap<>();
  private final Map<Eui64, Thread> setups = new ConcurrentHashMap<>();
  private volatile Predicate<MeterId> tunnelless = meter -> false;

  /**
   * @param reports whether devices are asked to report by clusters of their own, too
   */
  Talks(
      Roster roster,
      Supplier<Optional<Coordinator>> line,
      long reportSeconds,
      Tally tally,
      boolean reports,
      StripSetup strips) {
    this.roster = roster;
    this.line = line;
    this.reportSeconds = reportSeconds;
    this.tally = tally;
    this.reports = reports;
    this.strips = strips;
  }

  /** Which meters are not asked for a tunnel, having none; said before the first is set up. */
  void withoutTunnel(Predicate<MeterId> which) {
    tunnelless = which;
  }

  /** The tunnel to a device; empty while there is none. */
  Optional<TunnelEnd> tunnel(Eui64 device) {
    return Optional.ofNullable(tunnels.get(device));
  }

  /** How many tunnels are open. */
  int tunnels() {
    return tunnels.size();
  }

  /** Sets a device up anew, whatever was there. */
  void begin(Eui64 device) {
    tunnels.remove(device);
    Thread fresh = Thread.ofVirtual().name("zigbee-" + device).unstarted(() -> setUp(device));
    Thread before = setups.put(device, fresh);
    if (before != null) {
      before.interrupt();
    }
    fresh.start();
  }

  /** Nothing is said any longer. */
  void stop() {
    setups.values().forEach(Thread::interrupt);
    setups.clear();
    tunnels.clear();
  }

  /** A device has gone. */
  void forget(Eui64 device) {
    tunnels.remove(device);
    Thread before = setups.remove(device);
    if (before != null) {
      before.interrupt();
    }
  }

  private void setUp(Eui64 device) {
    long pause = FIRST_PAUSE;
    try {
      while (true) {
        Optional<Known> known = roster.by(device).filter(Known::inside);
        if (known.isEmpty()) {
          return;
        }
        if (line.get().isPresent() && step(known.get())) {
          return;
        }
        Thread.sleep(pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    } catch (InterruptedException e) {
      // another one has begun, or the channel closes
    } finally {
      setups.remove(device, Thread.currentThread());
    }
  }

  private boolean step(Known known) throws InterruptedException {
    Optional<Boolean> strip = reports ? strips.setUp(known, this) : Optional.empty();
    if (strip.isPresent()) {
      return strip.get();
    }
    if (reports && !known.reports() && !learn(known)) {
      return false;
    }
    MeterId meter = known.meter();
    if (meter != null && tunnelless.test(meter)) {
      return true;
    }
    Optional<Zcl> response =
        ask(known, Clusters.TUNNELING, true, TunnelEnd.REQUEST, TunnelEnd.request());
    Optional<TunnelEnd> tunnel =
        response
            .filter(r -> r.cluster() && r.command() == TunnelEnd.REQUEST_RESPONSE)
            .flatMap(r -> TunnelEnd.opened(r.payload()));
    tunnel.ifPresent(t -> tunnels.put(known.eui64(), t));
    return tunnel.isPresent();
  }

  private boolean learn(Known known) throws InterruptedException {
    Optional<Attributes> format =
        read(known, Clusters.METERING, Clusters.UNIT, Clusters.MULTIPLIER, Clusters.DIVISOR);
    if (format.isEmpty()) {
      return false;
    }
    long unit = format.get().get(Clusters.UNIT).orElse(-1);
    if (unit != KILOWATT_HOURS) {
      tally.fault(
          Tally.What.REFUSED,
          "device " + known.eui64(),
          "it counts in unit " + unit + ", and only kilowatt-hours in binary are read");
      return false;
    }
    int multiplier = (int) format.get().get(Clusters.MULTIPLIER).orElse(1);
    int divisor = (int) format.get().get(Clusters.DIVISOR).orElse(1);
    int volts =
        read(known, Clusters.MEASUREMENT, Clusters.VOLTAGE_MULTIPLIER, Clusters.VOLTAGE_DIVISOR)
            .map(Talks::deciVolts)
            .orElse(0);
    if (!report(
            known,
            Clusters.METERING,
            new int[][] {
              {Clusters.SUMMATION, 0x25, 6},
              {Clusters.SNAPSHOT_TIME, 0xE2, 4},
              {Clusters.STATUS, 0x18, 0},
              {Clusters.DEMAND, 0x2A, 3}
            })
        || volts > 0
            && !report(known, Clusters.MEASUREMENT, new int[][] {{Clusters.VOLTAGE, 0x21, 2}})) {
      return false;
    }
    roster.change(known.eui64(), k -> k.reporting(multiplier, divisor, volts));
    return true;
  }

  /** How many tenths of a volt a raw voltage's unit is; 0 where it is no whole number of them. */
  private static int deciVolts(Attributes format) {
    OptionalLong by = format.get(Clusters.VOLTAGE_MULTIPLIER);
    OptionalLong over = format.get(Clusters.VOLTAGE_DIVISOR);
    if (by.isEmpty() || over.isEmpty() || over.getAsLong() <= 0) {
      return 0;
    }
    long tenths = by.getAsLong() * 10;
    return tenths % over.getAsLong() == 0 ? (int) (tenths / over.getAsLong()) : 0;
  }

  Optional<Attributes> read(Known known, int cluster, int... ids) throws InterruptedException {
    Zcl.Out out = new Zcl.Out();
    for (int id : ids) {
      out.number(2, id);
    }
    return ask(known, cluster, false, Zcl.READ, out.done())
        .filter(r -> !r.cluster() && r.command() == Zcl.READ_RESPONSE)
        .flatMap(r -> Attributes.answer(r.payload()));
  }

  /** Has a cluster's attributes reported, whether they change or not. */
  boolean report(Known known, int cluster, int[][] attributes) throws InterruptedException {
    Zcl.Out out = new Zcl.Out();
    for (int[] one : attributes) {
      out.number(1, 0)
          .number(2, one[0])
          .number(1, one[1])
          .number(2, 0)
          .number(2, reportSeconds)
          .number(one[2], 0);
    }
    return ask(known, cluster, false, Zcl.CONFIGURE_REPORTING, out.done())
        .filter(r ->
            !r.cluster()
                && r.command() == Zcl.CONFIGURE_REPORTING_RESPONSE
                && r.payload().length >= 1
                && r.payload()[0] == 0)
        .isPresent();
  }

  /**
   * Asks a device, three times where it does not answer; empty where no answer comes.
   *
   * @param own whether the command is the cluster's own
   */
  Optional<Zcl> ask(Known known, int cluster, boolean own, int command, byte[] payload)
      throws InterruptedException {
    return ask(known, Clusters.ENDPOINT, Clusters.PROFILE, cluster, own, command, payload);
  }

  /** Asks one of a device's endpoints in the same way. */
  Optional<Zcl> ask(
      Known known, int endpoint, int profile, int cluster, boolean own, int command, byte[] payload)
      throws InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Coordinator> to = line.get();
      if (to.isEmpty()) {
        return Optional.empty();
      }
      int number = sequence.incrementAndGet() & 0xFF;
      long name = name(known.address(), cluster, number);
      CompletableFuture<Zcl> answer = new CompletableFuture<>();
      asked.put(name, answer);
      try {
        byte[] frame = new Zcl(own, false, number, command, payload).bytes();
        if (to.get().send(known.address(), endpoint, profile, cluster, true, frame)) {
          return Optional.of(answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        }
      } catch (TimeoutException | ExecutionException e) {
        // once more
      } finally {
        asked.remove(name, answer);
      }
    }
    return Optional.empty();
  }

  private static long name(int address, int cluster, int number) {
    return ((long) address << 16 | cluster) << 8 | number;
  }

  /** Takes what may be an answer. */
  void answered(Incoming frame, Zcl zcl) {
    CompletableFuture<Zcl> waits = asked.get(name(frame.from(), frame.cluster(), zcl.sequence()));
    if (waits != null && zcl.fromServer()) {
      waits.complete(zcl);
    }
  }

  /** Which devices are in the network, for a line that is open again. */
  void beginAll() {
    roster.all().stream().filter(Known::inside).forEach(k -> begin(k.eui64()));
  }

  /** The device that is a meter, while a tunnel to it is open. */
  Optional<Known> reached(MeterId meter) {
    return roster.of(meter).filter(k -> tunnels.containsKey(k.eui64()));
  }
}
