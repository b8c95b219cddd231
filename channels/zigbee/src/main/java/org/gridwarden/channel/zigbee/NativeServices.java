package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.Action;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.Warning;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Signed;

/**
 * The office's sides of Smart Energy's own clusters beside metering: load control, messages,
 * prepayment, profiles, and the supply of meters without a tunnel. All of it only where the driver
 * tells what came under a link key. Thread-safe.
 */
final class NativeServices {
  /** Reports that are left out before a meter is asked what it measured meanwhile. */
  private static final int REPORTS = 3;

  private static final int TICKS_PER_KEEPING = 120;

  private final Path folder;
  private final InstantSource clock;
  private final Uplink uplink;
  private final Talks talks;
  private final Roster roster;
  private final LoadControlDesk loads;
  private final NoticeDesk notices;
  private final Silences silences;
  private final Profiles profiles;
  private final Optional<SupplyGate> gate;
  private final Map<MeterId, Integer> credits = new ConcurrentHashMap<>();
  private final Set<MeterId> asked = ConcurrentHashMap.newKeySet();
  private final Set<MeterId> fetching = ConcurrentHashMap.newKeySet();
  private int ticks;

  private NativeServices(
      Path folder,
      InstantSource clock,
      Uplink uplink,
      Talks talks,
      Roster roster,
      Tally tally,
      ToldBook book,
      Silences silences,
      Optional<SupplyGate> gate) {
    this.folder = folder;
    this.clock = clock;
    this.uplink = uplink;
    this.talks = talks;
    this.roster = roster;
    this.loads = new LoadControlDesk(book, clock, uplink::say, tally);
    this.notices = new NoticeDesk(book, clock, uplink::say, tally);
    this.silences = silences;
    this.profiles =
        new Profiles(
            (meter, cluster, command, payload) -> talks.ask(meter, cluster, true, command, payload),
            (from, meter, frame, content) ->
                uplink.submit(meter, incoming(from, frame), clock.instant(), content),
            tally);
    this.gate = gate;
  }

  /**
   * Opens what a coordinator's folder keeps of them, and has their commands taken.
   *
   * @param report how often meters report
   * @param gate before those that verify nothing
   * @throws IOException where a file is damaged, or cannot be read
   */
  static NativeServices open(
      Path folder,
      Duration report,
      InstantSource clock,
      Uplink uplink,
      Talks talks,
      Roster roster,
      Tally tally,
      DongleGate gate)
      throws IOException {
    NativeServices all =
        new NativeServices(
            folder,
            clock,
            uplink,
            talks,
            roster,
            tally,
            ToldBook.open(folder),
            Silences.open(folder, report.multipliedBy(REPORTS)),
            SupplyGate.open(folder, gate, clock));
    uplink.desk(Clusters.LOAD_CONTROL, all.loads);
    uplink.desk(Clusters.MESSAGING, all.notices);
    uplink.reports(Clusters.METERING, (from, meter, frame, said) -> all.heard(from, meter));
    uplink.reports(Clusters.PREPAYMENT, all::credit);
    all.gate.ifPresent(g -> talks.withoutTunnel(g::serves));
    return all;
  }

  private static Incoming incoming(Known from, Zcl frame) {
    return new Incoming(
        from.address(),
        Clusters.ENDPOINT,
        Clusters.PROFILE,
        Clusters.METERING,
        true,
        frame.sequence(),
        frame.bytes());
  }

  /** A meter has confirmed an order: what rides behind it is told. */
  void confirmed(SignedCommand command) {
    Optional<Known> to = roster.of(command.meter());
    if (to.isPresent() && action(command) instanceof Action.LimitLoad limit) {
      loads.confirmed(limit, to.get(), command.meter());
    }
  }

  /** The meter has verified what is read here. */
  private static Action action(SignedCommand command) {
    try {
      return Order.parse(Signed.parse(command.signed()).unverified()).action();
    } catch (CommandException e) {
      return new Action.Read(); // none that anything rides behind
    }
  }

  /** Looks after what people posted; twice a second or so, by one thread. */
  void tick() {
    Notices.take(folder).forEach(posted -> notices.post(posted, roster.of(posted.meter())));
    if (++ticks % TICKS_PER_KEEPING == 0) {
      silences.keep();
    }
  }

  /** The channel closes. */
  void close() {
    silences.keep();
  }

  /** A meter that is inside and has no tunnel, so that the gate stands before it. */
  Optional<Known> gated(MeterId meter) {
    return gate.filter(g -> g.serves(meter)).flatMap(g -> roster.of(meter));
  }

  /** A session by the gate; only where {@link #gated} gives a device. */
  MeterSession session(MeterId meter, Known device) {
    return new GateSession(
        meter,
        gate.orElseThrow(),
        new GateSession.Way() {
          @Override
          public OptionalInt supply() throws InterruptedException {
            OptionalLong stands =
                talks
                    .read(device, Clusters.METERING, SupplyChange.ATTRIBUTE)
                    .map(read -> read.get(SupplyChange.ATTRIBUTE))
                    .orElse(OptionalLong.empty());
            return stands.isPresent()
                ? OptionalInt.of((int) stands.getAsLong())
                : OptionalInt.empty();
          }

          @Override
          public OptionalInt change(byte[] payload, long event) throws InterruptedException {
            Optional<Zcl> said =
                talks.ask(device, Clusters.METERING, true, SupplyChange.COMMAND, payload);
            return said.isPresent() ? SupplyChange.status(said.get(), event) : OptionalInt.empty();
          }
        });
  }

  private void heard(Known from, MeterId meter) {
    Instant now = clock.instant();
    Optional<Instant> since = silences.heard(meter, now);
    boolean first = asked.add(meter);
    if (first || since.isPresent() && fetching.add(meter)) {
      Thread.ofVirtual()
          .name("zigbee-catch-up-" + from.eui64())
          .start(() -> catchUp(from, meter, first, since, now));
    }
  }

  private void catchUp(
      Known from, MeterId meter, boolean first, Optional<Instant> since, Instant now) {
    try {
      if (since.isPresent()) {
        profiles.fetch(from, meter, since.get(), now);
      }
      if (first) {
        follow(from, meter);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      fetching.remove(meter);
    }
  }

  /** A meter on prepayment is to report its credit, too. */
  private void follow(Known from, MeterId meter) throws InterruptedException {
    Optional<Attributes> said = talks.read(from, Clusters.PREPAYMENT, CreditValues.CONFIGURATION);
    boolean done =
        said.isPresent()
            && (!CreditValues.onPrepayment(said.get())
                || talks.report(
                    from,
                    Clusters.PREPAYMENT,
                    new int[][] {{CreditValues.CREDIT, 0x2B, 4}, {CreditValues.STATUS, 0x18, 0}}));
    if (!done) {
      asked.remove(meter); // once more, when it reports
    }
  }

  /** A meter's credit, and what of its status is new since this process began. */
  private void credit(Known from, MeterId meter, Incoming frame, Attributes report)
      throws InterruptedException {
    Instant now = clock.instant();
    uplink.submit(meter, frame, now, CreditValues.remaining(meter, report, now));
    OptionalLong status = report.get(CreditValues.STATUS);
    if (status.isPresent()) {
      int is = (int) status.getAsLong();
      Integer was = credits.put(meter, is);
      int fresh = is & ~(was == null ? 0 : was);
      for (int bit = 0; bit < 8; bit++) {
        Optional<StatusWords.Meaning> meaning = StatusWords.credit(bit);
        if ((fresh & 1 << bit) != 0 && meaning.isPresent()) {
          uplink.warn(meter, frame, now, meaning.get(), Warning.Source.REGISTER);
        }
      }
    }
  }
}
