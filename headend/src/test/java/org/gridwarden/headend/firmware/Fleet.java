package org.gridwarden.headend.firmware;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Action;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Received;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.headend.command.MeterWay;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Dispatch;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.OrderDesk;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.store.Store;

/** Meters with real desks and a firmware each, some of which fall silent under a new one. */
final class Fleet implements MeterWay {
  static final Secret SEAL = new Secret(new byte[32]);
  static final KeyPair METER_KEY = pair();
  private static final ChannelId VIA = new ChannelId("dlms", "tcp-4059");

  /** A meter. */
  private static final class Member {
    volatile FirmwareVersion runs;
    volatile boolean silent;
    volatile int updates;
    final OrderDesk desk;
    long counter;

    Member(FirmwareVersion runs, java.util.function.Function<Member, OrderDesk> desk) {
      this.runs = runs;
      this.desk = desk.apply(this);
    }
  }

  private final Store store;
  private final PublicKey operator;
  private final java.time.InstantSource clock;
  private final AtomicLong dispatches = new AtomicLong();
  private final Map<MeterId, Member> members = new ConcurrentHashMap<>();

  /** Under this version these fall silent. */
  volatile String bad = "";

  final Set<MeterId> weak = ConcurrentHashMap.newKeySet();

  /** Whether they fall silent before their receipt. */
  volatile boolean bricked;

  Fleet(Store store, PublicKey operator, java.time.InstantSource clock) {
    this.store = store;
    this.operator = operator;
    this.clock = clock;
  }

  static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  MeterId build(String name, String version) {
    MeterId id = new MeterId(name);
    store
        .meters()
        .put(
            new Meter(
                id,
                name,
                new byte[0],
                "generic",
                ZoneOffset.UTC,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            "");
    members.put(id, new Member(FirmwareVersion.parse(version), m -> desk(id, m)));
    return id;
  }

  private OrderDesk desk(MeterId id, Member member) {
    return new OrderDesk(
        id,
        SEAL,
        keyId ->
            Arrays.equals(keyId, Signed.keyId(operator)) ? Optional.of(operator) : Optional.empty(),
        Signer.of(METER_KEY),
        new OrderDesk.Counter() {
          private long seen = -1;

          @Override
          public long seen() {
            return seen;
          }

          @Override
          public void seen(long next) {
            seen = next;
          }
        },
        action -> update(id, member, action),
        clock);
  }

  private OrderDesk.Breaker.Done update(MeterId id, Member member, Action action) {
    if (!(action instanceof Action.UpdateFirmware update)) {
      return new OrderDesk.Breaker.Done(CommandState.REFUSED, "this meter takes firmware only");
    }
    FirmwareVersion version = FirmwareVersion.parse(update.version());
    if (version.compareTo(member.runs) < 0) {
      return new OrderDesk.Breaker.Done(
          CommandState.REFUSED, "it runs " + member.runs + ": firmware never goes back");
    }
    if (store.firmware().bytes(update.sha256()).isEmpty()) {
      return new OrderDesk.Breaker.Done(
          CommandState.REFUSED, "no image " + HexFormat.of().formatHex(update.sha256()));
    }
    member.updates++;
    member.runs = version;
    member.silent = update.version().equals(bad) && weak.contains(id);
    return new OrderDesk.Breaker.Done(CommandState.CONFIRMED, "runs " + version);
  }

  String runs(MeterId meter) {
    return member(meter).runs.toString();
  }

  /** How many meters took any update. */
  long updated() {
    return members.values().stream().filter(m -> m.updates > 0).count();
  }

  private Member member(MeterId meter) {
    Member member = members.get(meter);
    if (member == null) {
      throw new AssertionError("no meter " + meter);
    }
    return member;
  }

  /** Every meter that still talks pushes something under its key. */
  void talk() {
    Instant now = clock.instant();
    List<Received> pushes =
        members.entrySet().stream()
            .filter(e -> !e.getValue().silent)
            .map(e -> {
              long counter = ++e.getValue().counter;
              byte[] raw =
                  (e.getKey().value() + counter).getBytes(java.nio.charset.StandardCharsets.UTF_8);
              byte[] digest = Arrays.copyOf(raw, 32);
              MessageId id = new MessageId(e.getKey(), new byte[] {1}, counter, digest);
              return new Received(id, VIA, now, Assurance.MAC, raw, List.of());
            })
            .toList();
    var _ = store.intake().commit(pushes);
  }

  @Override
  public boolean reaches(MeterId meter) {
    return members.containsKey(meter);
  }

  @Override
  public boolean remembers(MeterId meter) {
    return true;
  }

  @Override
  public Receipt send(SignedCommand command) throws ChannelException {
    Member member = member(command.meter());
    try {
      byte[] receipt =
          member.desk.take(new Dispatch(dispatches.incrementAndGet(), command.signed()).seal(SEAL));
      if (member.silent && bricked) {
        throw new ChannelException(new Fault(Fault.Code.TIMEOUT, "meter", "no answer came"));
      }
      MeterReceipt said =
          MeterReceipt.parse(Signed.parse(receipt).open(Purpose.RECEIPT, METER_KEY.getPublic()));
      return new Receipt(said.id(), said.outcome(), said.at(), receipt);
    } catch (CommandException e) {
      throw new ChannelException(
          new Fault(Fault.Code.UNAUTHENTICATED, "meter", String.valueOf(e.getMessage())));
    }
  }

  @Override
  public Optional<CommandState> look(MeterId meter, Action action) throws ChannelException {
    throw new ChannelException(new Fault(Fault.Code.TIMEOUT, "meter", "no answer came"));
  }
}
