package org.gridwarden.channel.zigbee;

import com.zsmartsystems.zigbee.security.ZigBeeKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageSession;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Tally;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator on a serial port. Where the line is lost it is opened again, and again; nobody has
 * to join anew for that. Thread-safe.
 */
final class ZigbeeChannel implements Channel, ZigbeeNetwork {
  private static final Logger LOG = LoggerFactory.getLogger(ZigbeeChannel.class);
  private static final long TICK = Duration.ofMillis(500).toNanos();
  private static final int TICKS_PER_CHECK = 20;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration PARTING = Duration.ofSeconds(20);

  private final ZigbeeSettings settings;
  private final ChannelId id;
  private final Tally tally = new Tally();
  private final Map<Eui64, Guest> guests = new ConcurrentHashMap<>();
  private volatile Optional<Shared> shared = Optional.empty();
  private volatile Optional<NativeServices> natives = Optional.empty();
  private volatile Optional<Coordinator> line = Optional.empty();
  private volatile Optional<Thread> keeper = Optional.empty();
  private volatile String trouble = "not started";
  private volatile long permittedUntil = System.nanoTime();
  private volatile boolean closed;

  /** What exists once it is started. */
  private record Shared(
      Roster roster,
      Talks talks,
      Uplink uplink,
      CommandDesk desk,
      Served served,
      StripDoor strips,
      Presence presence,
      Housekeeping house) {}

  /** A key that a device may come with, until then. */
  private record Guest(ZigBeeKey key, long until) {
    @Override
    public String toString() {
      return "Guest[" + key.getAddress() + "]";
    }
  }

  ZigbeeChannel(ZigbeeSettings settings) {
    this.settings = settings;
    Path name = Path.of(settings.port()).getFileName();
    this.id = new ChannelId("zigbee", name == null ? settings.port() : name.toString());
  }

  @Override
  public ChannelId id() {
    return id;
  }

  /** Does not wait for the dongle: it may be plugged in later. */
  @Override
  public void start(Host host) throws ChannelException {
    Roster roster;
    LinkKeys keys;
    Strips strips;
    DongleGate gate;
    try {
      Files.createDirectories(settings.folder());
      roster = Roster.open(settings.folder());
      keys = LinkKeys.open(settings.folder(), host.clock(), tally);
      strips = Strips.open(settings.folder());
      gate = DongleGate.of(settings.folder(), host.clock());
    } catch (IOException e) {
      throw new ChannelException(
          new Fault(
              Fault.Code.CONFLICT,
              "channels.zigbee, " + settings.folder(),
              "its files must be readable, and writable for the office alone: " + e.getMessage()),
          e);
    }
    boolean linkKeys = settings.type() == ZigbeeSettings.Type.EZSP;
    long every = settings.report().toSeconds();
    StripSetup setup = new StripSetup(strips, roster, () -> line, every);
    Talks talks = new Talks(roster, () -> line, every, tally, linkKeys, setup);
    CommandDesk desk = new CommandDesk(host);
    Served served =
        new Served(
            new Prices(),
            keys,
            new DlmsTunnels(talks, () -> line),
            new Upgrades(talks, () -> line));
    Uplink uplink =
        new Uplink(
            host,
            new OfficeInbox(host, this::id),
            desk,
            roster,
            talks,
            () -> line,
            this::id,
            tally,
            linkKeys,
            served,
            setup);
    if (linkKeys) {
      natives = Optional.of(natives(host, uplink, talks, roster, gate));
    }
    StripDoor door = new StripDoor(setup, talks, gate);
    Presence presence = new Presence(roster, uplink, linkKeys, host.clock());
    Housekeeping house =
        new Housekeeping(settings.folder(), roster, this::forget, tally, host.clock());
    shared = Optional.of(new Shared(roster, talks, uplink, desk, served, door, presence, house));
    Thread thread =
        Thread.ofPlatform().name("zigbee-line-" + id.instance()).daemon().unstarted(this::keep);
    keeper = Optional.of(thread);
    thread.start();
  }

  private NativeServices natives(
      Host host, Uplink uplink, Talks talks, Roster roster, DongleGate gate)
      throws ChannelException {
    try {
      return NativeServices.open(
          settings.folder(), settings.report(), host.clock(), uplink, talks, roster, tally, gate);
    } catch (IOException e) {
      throw new ChannelException(
          new Fault(
              Fault.Code.CONFLICT,
              "channels.zigbee, " + settings.folder(),
              "see to what is in it: " + e.getMessage()),
          e);
    }
  }

  private void keep() {
    Shared all = shared.orElseThrow();
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      Coordinator open =
          new Coordinator(
              Dongles.driver(settings.type(), new DonglePort(settings.port(), settings.speed())),
              id.instance(),
              tally,
              all.presence());
      try {
        trouble = "opening " + settings.port();
        open.start(settings.folder(), settings);
        line = Optional.of(open);
        LOG.info("{}: the network is up", id);
        pause = FIRST_PAUSE;
        open.address().ifPresent(all.served().keys()::check);
        again(open);
        all.presence().begin();
        all.talks().beginAll();
        serve(open);
        trouble = "the line to the dongle is lost; it is opened again";
      } catch (IOException | RuntimeException e) {
        // the library's drivers trip over answers that do not come
        trouble = String.valueOf(e.getMessage());
        LOG.warn("{}: {}", id, trouble);
      } catch (InterruptedException e) {
        return;
      } finally {
        line = Optional.empty();
        all.talks().stop();
        open.close();
      }
      if (!closed) {
        tally.count(Tally.What.TIMED_OUT);
        LockSupport.parkNanos(pause.toNanos());
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    }
  }

  private void serve(Coordinator open) throws InterruptedException {
    for (int tick = 1; !closed && !open.lost(); tick++) {
      LockSupport.parkNanos(TICK);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      for (Admissions.Invitation invitation : Admissions.take(settings.folder())) {
        invite(open, invitation);
      }
      natives.ifPresent(NativeServices::tick);
      shared.orElseThrow().house().run(open);
      if (tick % TICKS_PER_CHECK == 0) {
        open.check();
        reopen(open); // who came in meanwhile is to let in those behind it
      }
    }
  }

  private void invite(Coordinator open, Admissions.Invitation invitation)
      throws InterruptedException {
    long until = System.nanoTime() + invitation.open().toNanos();
    for (Admissions.Invited guest : invitation.guests()) {
      shared.orElseThrow().roster().expect(guest.eui64(), guest.meter());
      guests.put(guest.eui64(), new Guest(guest.key(), until));
      if (!open.expect(guest.key())) {
        tally.fault(
            Tally.What.FAILED,
            "device " + guest.eui64(),
            "the dongle does not take its key: let in fewer at a time");
      }
    }
    permittedUntil = until;
    open.permit((int) invitation.open().toSeconds());
  }

  /** Tells a dongle that was reset whom it is to let in. */
  private void again(Coordinator open) throws InterruptedException {
    long now = System.nanoTime();
    guests.values().removeIf(g -> g.until() - now < 0);
    guests.values().forEach(g -> open.expect(g.key()));
    reopen(open);
  }

  private void reopen(Coordinator open) throws InterruptedException {
    long left = (permittedUntil - System.nanoTime()) / 1_000_000_000;
    if (left <= 0) {
      return;
    }
    Roster roster = shared.orElseThrow().roster();
    boolean allIn =
        !guests.isEmpty()
            && guests.keySet().stream()
                .allMatch(g -> roster.by(g).filter(Known::inside).isPresent());
    if (allIn) {
      permittedUntil = System.nanoTime();
      guests.clear();
      open.permit(0); // nobody else is to come
    } else {
      open.permit((int) left);
    }
  }

  private void forget(Eui64 device) {
    Shared all = shared.orElseThrow();
    guests.remove(device);
    all.uplink().left(device);
    all.presence().forget(device);
  }

  @Override
  public View view() {
    return Overlook.of(
        settings,
        id.instance(),
        line,
        shared.map(Shared::roster),
        shared.map(Shared::talks),
        shared.map(Shared::presence),
        (int) Math.max(0, (permittedUntil - System.nanoTime()) / 1_000_000_000));
  }

  /** A meter with an open tunnel, one that has none and the gate before it, or a power strip. */
  @Override
  public boolean reaches(MeterId meter) {
    return !closed
        && line.isPresent()
        && (shared
                .filter(s -> s.talks().reached(meter).isPresent() || s.strips().reaches(meter))
                .isPresent()
            || gated(meter).isPresent());
  }

  private Optional<Known> gated(MeterId meter) {
    return natives.flatMap(n -> n.gated(meter));
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
    Shared all =
        shared.orElseThrow(() -> fault(Fault.Code.CONFLICT, meter, "the channel is not started"));
    if (!reaches(meter)) {
      throw fault(
          Fault.Code.TIMEOUT,
          meter,
          "no tunnel to it is open now; wait until it is: 'zigbee devices' shows whether it joined");
    }
    Optional<MeterSession> strip = all.strips().open(meter);
    if (strip.isPresent()) {
      return strip.get();
    }
    Optional<Known> gated = gated(meter);
    if (gated.isPresent()) {
      return natives.orElseThrow().session(meter, gated.get());
    }
    return new ZigbeeSession(
        new MessageSession(meter, all.desk(), message -> order(meter, message), deadline),
        confirmed -> {
          all.uplink().confirmed(confirmed);
          natives.ifPresent(n -> n.confirmed(confirmed));
        },
        (image, stint, told) -> all.served().upgrades().carry(meter, image, stint, told));
  }

  private void order(MeterId meter, byte[] message) throws ChannelException {
    Shared all = shared.orElseThrow();
    Optional<Known> known = all.talks().reached(meter);
    Optional<TunnelEnd> tunnel = known.flatMap(k -> all.talks().tunnel(k.eui64()));
    Optional<Coordinator> open = line;
    if (tunnel.isEmpty() || open.isEmpty()) {
      throw fault(Fault.Code.TIMEOUT, meter, "its tunnel was closed; nothing was sent");
    }
    int done = 0;
    try {
      for (byte[] segment : tunnel.get().segments(MessageClass.CONTROL.number(), message)) {
        if (!all.uplink().transfer(open.get(), known.get(), segment)) {
          throw fault(
              Fault.Code.TIMEOUT,
              meter,
              done == 0 ? "it does not answer; nothing arrived" : "it does not answer any longer");
        }
        done++;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw fault(Fault.Code.TIMEOUT, meter, "its sending was given up");
    }
  }

  private static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }

  @Override
  public Health health() {
    if (closed || line.isEmpty()) {
      return new Health(
          closed || shared.isEmpty() ? Health.State.DOWN : Health.State.ATTENTION, trouble);
    }
    Shared all = shared.orElseThrow();
    long inside = all.roster().all().stream().filter(Known::inside).count();
    long strangers =
        all.roster().all().stream().filter(k -> k.state() == Known.State.UNKNOWN).count();
    return new Health(
        Health.State.UP,
        settings.port()
            + ", "
            + inside
            + " devices, "
            + all.talks().tunnels()
            + " tunnels, "
            + all.served().keys().line()
            + (strangers == 0 ? "" : strangers + " unknown ones wait for an operator, ")
            + tally.line());
  }

  /** Tunnels through which meters are read; once it is started. */
  DlmsTunnels dlms() {
    return shared.orElseThrow().served().dlms();
  }

  /** What became of what came. */
  Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    closed = true;
    keeper.ifPresent(thread -> {
      thread.interrupt();
      try {
        thread.join(PARTING);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    natives.ifPresent(NativeServices::close);
  }
}
