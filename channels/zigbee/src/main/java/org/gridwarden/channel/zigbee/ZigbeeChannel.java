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
    try {
      Files.createDirectories(settings.folder());
      roster = Roster.open(settings.folder());
    } catch (IOException e) {
      throw new ChannelException(
          new Fault(
              Fault.Code.CONFLICT,
              "channels.zigbee, " + settings.folder(),
              "give a folder that can be written: " + e.getMessage()),
          e);
    }
    boolean linkKeys = settings.type() == ZigbeeSettings.Type.EZSP;
    Talks talks = new Talks(roster, () -> line, settings.report().toSeconds(), tally, linkKeys);
    CommandDesk desk = new CommandDesk(host);
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
            new Prices());
    Presence presence = new Presence(roster, uplink, linkKeys, host.clock());
    Housekeeping house =
        new Housekeeping(settings.folder(), roster, this::forget, tally, host.clock());
    shared = Optional.of(new Shared(roster, talks, uplink, desk, presence, house));
    Thread thread =
        Thread.ofPlatform().name("zigbee-line-" + id.instance()).daemon().unstarted(this::keep);
    keeper = Optional.of(thread);
    thread.start();
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

  /** A meter with an open tunnel. */
  @Override
  public boolean reaches(MeterId meter) {
    return !closed && line.isPresent() && shared.flatMap(s -> s.talks().reached(meter)).isPresent();
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
    return new ZigbeeSession(
        new MessageSession(meter, all.desk(), message -> order(meter, message), deadline),
        all.uplink()::confirmed);
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
            + (strangers == 0 ? "" : strangers + " unknown ones wait for an operator, ")
            + tally.line());
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
  }
}
