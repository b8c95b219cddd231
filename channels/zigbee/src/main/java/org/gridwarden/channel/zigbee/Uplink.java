package org.gridwarden.channel.zigbee;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.Uuid7;
import org.gridwarden.core.Warning;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Tally;

/**
 * Takes what devices send: announcements, reports, alarms, messages out of tunnels, questions for
 * the time. Used by the coordinator's one thread.
 */
final class Uplink implements Coordinator.Listener {
  private static final byte[] NO_KEY = {};
  private static final long UNCOUNTED = -1;
  private static final int TRANSFERS = 3;

  private final Channel.Host host;
  private final OfficeInbox inbox;
  private final CommandDesk desk;
  private final Roster roster;
  private final Talks talks;
  private final Supplier<Optional<Coordinator>> line;
  private final Supplier<ChannelId> via;
  private final Tally tally;
  private final boolean linkKeys;
  private final Served served;
  private final StripSetup strips;
  private final Map<Integer, ClusterDesk> desks = new HashMap<>();
  private final Map<Integer, ReportDesk> reports = new HashMap<>();

  /**
   * @param linkKeys whether the driver tells what came under a link key; otherwise nothing is taken
   *     but secured messages, which prove themselves
   * @param served what meters ask for beside
   * @param strips which devices are power strips
   */
  Uplink(
      Channel.Host host,
      OfficeInbox inbox,
      CommandDesk desk,
      Roster roster,
      Talks talks,
      Supplier<Optional<Coordinator>> line,
      Supplier<ChannelId> via,
      Tally tally,
      boolean linkKeys,
      Served served,
      StripSetup strips) {
    this.host = host;
    this.inbox = inbox;
    this.desk = desk;
    this.roster = roster;
    this.talks = talks;
    this.line = line;
    this.via = via;
    this.tally = tally;
    this.linkKeys = linkKeys;
    this.served = served;
    this.strips = strips;
    desk(Clusters.ALARMS, this::alarms);
    desk(Clusters.TUNNELING, this::tunnel);
    desk(Clusters.PRICE, this::priced);
    desk(Clusters.UPGRADE, this::upgrading);
  }

  /** Has a cluster's own commands taken by somebody; said before the first frame comes. */
  final void desk(int cluster, ClusterDesk desk) {
    desks.put(cluster, desk);
  }

  /** Has a cluster's reports taken by somebody, too; said before the first frame comes. */
  void reports(int cluster, ReportDesk desk) {
    reports.put(cluster, desk);
  }

  @Override
  public void knocked(Eui64 device) {
    if (roster.knocked(device)) {
      tally.fault(
          Tally.What.WAITING,
          "device " + device,
          "it asks to be let in, and nobody knows it; an operator lets it in by its install code");
    }
  }

  @Override
  public void left(Eui64 device) {
    roster
        .by(device)
        .filter(Known::inside)
        .ifPresent(known -> {
          roster.change(device, Known::left);
          talks.forget(device);
          MeterId meter = known.meter();
          if (meter != null) {
            desk.gone(meter);
          }
        });
  }

  @Override
  public void frame(Incoming frame) {
    if (frame.profile() == 0) {
      if (frame.cluster() == Clusters.DEVICE_ANNOUNCE) {
        announced(frame.payload());
      } else {
        strips.described(frame);
      }
      return;
    }
    Optional<Known> from = roster.at(frame.from());
    MeterId meter = from.map(Known::meter).orElse(null);
    Zcl zcl = Zcl.parse(frame.payload()).orElse(null);
    boolean proven = linkKeys ? frame.secured() : frame.cluster() == Clusters.TUNNELING;
    if (linkKeys && meter != null && frame.cluster() == Clusters.KEY_ESTABLISHMENT) {
      // under the network's key alone, as it has to be: certificates prove who it is
      establishing(from.orElseThrow(), frame.endpoint(), Optional.ofNullable(zcl));
      return;
    }
    if (from.isEmpty() || meter == null || !proven) {
      tally.count(Tally.What.UNAUTHENTICATED);
      return;
    }
    if (zcl == null) {
      tally.count(Tally.What.MALFORMED);
      return;
    }
    try {
      heard(from.get(), meter, frame, zcl);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ArithmeticException e) {
      tally.fault(
          Tally.What.MALFORMED, "device " + from.get().eui64(), "a value has too many digits");
    }
  }

  /** A device that was let in says where it is. */
  private void announced(byte[] payload) {
    if (payload.length != 12) {
      tally.count(Tally.What.MALFORMED);
      return;
    }
    int address = (int) Zcl.number(payload, 1, 2);
    Eui64 device = new Eui64(Zcl.number(payload, 3, 8));
    Optional<Known> before = roster.by(device);
    if (before.isEmpty() || before.get().meter() == null) {
      knocked(device);
      return;
    }
    roster.change(
        device,
        k -> k.state() == Known.State.JOINED && k.address() == address ? k : k.joined(address));
    talks.begin(device);
  }

  private void heard(Known from, MeterId meter, Incoming frame, Zcl zcl)
      throws InterruptedException {
    if (!zcl.cluster()) {
      switch (zcl.command()) {
        case Zcl.REPORT -> report(from, meter, frame, zcl);
        case Zcl.READ -> asked(from, frame, zcl);
        default -> talks.answered(frame, zcl);
      }
      return;
    }
    ClusterDesk desk = desks.get(frame.cluster());
    if (desk == null || !desk.take(from, meter, frame, zcl)) {
      talks.answered(frame, zcl);
    }
  }

  private boolean alarms(Known from, MeterId meter, Incoming frame, Zcl zcl)
      throws InterruptedException {
    if (zcl.command() == 0 && zcl.payload().length == 3) {
      alarm(from, meter, frame, zcl.payload());
    } else {
      tally.count(Tally.What.MALFORMED);
    }
    return true;
  }

  private boolean tunnel(Known from, MeterId meter, Incoming frame, Zcl zcl)
      throws InterruptedException {
    if (zcl.command() != TunnelEnd.TRANSFER_TO_OFFICE) {
      return false;
    }
    if (!served.dlms().take(from, zcl)) {
      tunnelled(from, meter, zcl.payload());
    }
    return true;
  }

  private boolean upgrading(Known from, MeterId meter, Incoming frame, Zcl zcl) {
    served
        .upgrades()
        .answer(from, zcl)
        .ifPresent(answer -> say(from, frame.endpoint(), Clusters.UPGRADE, answer));
    return true;
  }

  private boolean priced(Known from, MeterId meter, Incoming frame, Zcl zcl) {
    if (zcl.command() == PublishedPrice.GET_CURRENT && !zcl.fromServer()) {
      Zcl answer = served.prices().answer(meter, zcl, host.clock().instant());
      say(from, frame.endpoint(), Clusters.PRICE, answer);
    }
    return true;
  }

  private void report(Known from, MeterId meter, Incoming frame, Zcl zcl)
      throws InterruptedException {
    Attributes report = Attributes.report(zcl.payload()).orElse(null);
    if (report == null) {
      tally.count(Tally.What.MALFORMED);
      return;
    }
    Instant now = host.clock().instant();
    if (strips.strips().has(from.eui64())) {
      submit(meter, frame, now, strips.values(from, meter, frame, report, now));
      return;
    }
    switch (frame.cluster()) {
      case Clusters.METERING -> {
        submit(meter, frame, now, MeteringValues.metering(from, meter, report, now));
        if (report.get(Clusters.STATUS).isPresent()) {
          status(from, meter, frame, now, (int) report.get(Clusters.STATUS).getAsLong());
        }
      }
      case Clusters.MEASUREMENT ->
          submit(meter, frame, now, MeteringValues.measurement(from, meter, report, now));
      default -> {
        // somebody else's, or not asked for
      }
    }
    ReportDesk desk = reports.get(frame.cluster());
    if (desk != null) {
      desk.take(from, meter, frame, report);
    }
  }

  /** Bits that were not set when it was told last. */
  private void status(Known from, MeterId meter, Incoming frame, Instant now, int status)
      throws InterruptedException {
    int fresh = status & ~from.status();
    roster.change(from.eui64(), k -> k.status(status));
    for (int bit = 0; bit < 8; bit++) {
      if ((fresh & 1 << bit) != 0) {
        warn(meter, frame, now, bit, Warning.Source.REGISTER);
      }
    }
  }

  private void alarm(Known from, MeterId meter, Incoming frame, byte[] payload)
      throws InterruptedException {
    if (Zcl.number(payload, 1, 2) == Clusters.METERING) {
      warn(meter, frame, host.clock().instant(), payload[0] & 0xFF, Warning.Source.PUSHED);
    }
  }

  private void warn(MeterId meter, Incoming frame, Instant now, int number, Warning.Source source)
      throws InterruptedException {
    warn(meter, frame, now, StatusWords.metering(number), source);
  }

  /** Tells what a register or a pushed alarm means. */
  void warn(
      MeterId meter,
      Incoming frame,
      Instant now,
      StatusWords.Meaning meaning,
      Warning.Source source)
      throws InterruptedException {
    // told twice within a minute, it is the same
    Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
    EventId event =
        new EventId(
            Uuid7.named(minute, meter + " zigbee " + meaning.code() + " " + source + minute));
    submit(
        meter,
        frame,
        now,
        List.of(
            new Warning(
                meter, event, now, meaning.code(), meaning.severity(), meaning.text(), source)));
  }

  void submit(MeterId meter, Incoming frame, Instant now, List<Message> content)
      throws InterruptedException {
    if (content.isEmpty()) {
      return;
    }
    byte[] raw =
        ByteBuffer.allocate(14 + frame.payload().length)
            .putLong(now.getEpochSecond())
            .putShort((short) frame.from())
            .putShort((short) frame.cluster())
            .put((byte) frame.endpoint())
            .put((byte) frame.counter())
            .put(frame.payload())
            .array();
    Received received =
        new Received(
            new MessageId(meter, NO_KEY, UNCOUNTED, sha256(raw, content)),
            via.get(),
            now,
            Assurance.TRANSPORT,
            raw,
            content);
    var told = host.intake().submit(received).whenComplete((outcome, e) -> count(outcome));
  }

  private boolean count(@org.jspecify.annotations.Nullable Outcome outcome) {
    tally.count(
        switch (outcome) {
          case Outcome.Stored _ -> Tally.What.STORED;
          case Outcome.Duplicate _ -> Tally.What.DUPLICATE;
          case Outcome.Waiting _ -> Tally.What.WAITING;
          case Outcome.Refused _ -> Tally.What.REFUSED;
          case null -> Tally.What.FAILED;
        });
    return outcome instanceof Outcome.Stored || outcome instanceof Outcome.Duplicate;
  }

  /** A report may become values and warnings, which are several messages of the same bytes. */
  private static byte[] sha256(byte[] raw, List<Message> content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(raw);
      if (content.getFirst() instanceof Warning warning) {
        digest.update(warning.id().toString().getBytes(StandardCharsets.UTF_8));
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** A meter asks for the time. */
  private void asked(Known from, Incoming frame, Zcl zcl) {
    if (frame.cluster() != Clusters.TIME) {
      return;
    }
    byte[] answer = TimeServer.read(zcl.payload(), host.clock().instant());
    Zcl told = new Zcl(false, true, zcl.sequence(), Zcl.READ_RESPONSE, answer);
    say(from, frame.endpoint(), Clusters.TIME, told);
  }

  private void establishing(Known from, int endpoint, Optional<Zcl> said) {
    said.ifPresentOrElse(
        zcl -> later(open -> served.keys().heard(open, from, endpoint, zcl)),
        () -> tally.count(Tally.What.MALFORMED));
  }

  /** A meter has confirmed an order; what a display shows of it is told, too. */
  void confirmed(SignedCommand command) {
    Optional<Zcl> price = served.prices().confirmed(command, host.clock().instant());
    Optional<Known> to = talks.reached(command.meter());
    if (linkKeys && price.isPresent() && to.isPresent()) {
      say(to.get(), Clusters.ENDPOINT, Clusters.PRICE, price.get());
    }
  }

  void say(Known to, int endpoint, int cluster, Zcl what) {
    byte[] bytes = what.bytes();
    later(open -> open.send(to.address(), endpoint, Clusters.PROFILE, cluster, true, bytes));
  }

  private void tunnelled(Known from, MeterId meter, byte[] transfer) throws InterruptedException {
    Optional<TunnelEnd> tunnel = talks.tunnel(from.eui64());
    if (tunnel.isEmpty()) {
      tally.count(Tally.What.UNAUTHENTICATED);
      return;
    }
    Optional<TunnelEnd.Whole> whole = tunnel.get().take(transfer);
    if (whole.isEmpty()) {
      return;
    }
    TunnelEnd.Whole message = whole.get();
    try {
      Optional<MessageClass> kind = kind(message.kind());
      if (kind.isEmpty()) {
        tally.count(Tally.What.MALFORMED);
        answer(from, tunnel.get(), message, TunnelEnd.REFUSED);
        return;
      }
      switch (inbox.take(message.message(), Optional.of(meter), kind)) {
        case OfficeInbox.Taken.Submitted(MeterId _, boolean _, var outcome) -> {
          var told =
              outcome.whenComplete((became, e) ->
                  answer(
                      from,
                      tunnel.get(),
                      message,
                      count(became) ? TunnelEnd.STORED : TunnelEnd.NOT_NOW));
        }
        case OfficeInbox.Taken.Answer(MeterId its, byte[] signed) -> {
          desk.answered(its, signed);
          answer(from, tunnel.get(), message, TunnelEnd.STORED);
        }
      }
    } catch (MessageException e) {
      tally.fault(
          e.kind() == MessageException.Kind.UNAUTHENTICATED
              ? Tally.What.UNAUTHENTICATED
              : Tally.What.MALFORMED,
          "meter " + meter,
          String.valueOf(e.getMessage()));
      answer(from, tunnel.get(), message, TunnelEnd.REFUSED);
    }
  }

  private static Optional<MessageClass> kind(int number) {
    for (MessageClass kind : MessageClass.values()) {
      if (kind.number() == number) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  private void answer(Known from, TunnelEnd tunnel, TunnelEnd.Whole message, int status) {
    byte[] answer = tunnel.answer(message.number(), status);
    later(open -> transfer(open, from, answer));
  }

  /** Sends something to the other end of a tunnel, and waits until it has arrived. */
  boolean transfer(Coordinator open, Known to, byte[] transfer) throws InterruptedException {
    byte[] bytes =
        new Zcl(true, false, transfer[3] & 0xFF, TunnelEnd.TRANSFER_TO_METER, transfer).bytes();
    for (int attempt = 0; attempt < TRANSFERS; attempt++) {
      // told twice it means the same: segments have their numbers
      if (open.send(
          to.address(), Clusters.ENDPOINT, Clusters.PROFILE, Clusters.TUNNELING, true, bytes)) {
        return true;
      }
    }
    return false;
  }

  private interface Saying {
    boolean to(Coordinator open) throws InterruptedException;
  }

  /** Whoever takes frames must not wait for one to be sent. */
  private void later(Saying what) {
    line.get()
        .ifPresent(open ->
            Thread.ofVirtual()
                .name("zigbee-answer")
                .start(() -> {
                  try {
                    what.to(open);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }
}
