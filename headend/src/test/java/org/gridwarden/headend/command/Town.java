package org.gridwarden.headend.command;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Dispatch;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.OrderDesk;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;

/** Meters with real desks, reached without a network, some of which lose what they are told. */
final class Town implements MeterDirectory, MeterWay {
  static final Secret SEAL = new Secret(new byte[32]);
  static final KeyPair METER_KEY = pair();

  private final Map<MeterId, Meter.State> states = new ConcurrentHashMap<>();
  private final Map<MeterId, House> houses = new ConcurrentHashMap<>();
  private final AtomicLong counter = new AtomicLong();
  private final Supplier<PublicKey> operator;
  private final InstantSource clock;

  /** What goes wrong on the way. */
  enum Loss {
    NOTHING,
    THE_COMMAND,
    /** The meter does not take it. */
    REFUSAL,
    THE_RECEIPT
  }

  volatile Loss loss = Loss.NOTHING;
  volatile boolean remembering = true;
  volatile boolean mute;
  volatile Runnable whenAsked = () -> {};

  /** A house with its breaker. */
  static final class House {
    final AtomicInteger acts = new AtomicInteger();
    volatile boolean connected = true;
  }

  Town(Supplier<PublicKey> operator, InstantSource clock) {
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

  MeterId build(String name) {
    MeterId id = new MeterId(name);
    states.put(id, Meter.State.ACTIVE);
    houses.put(id, new House());
    return id;
  }

  House house(MeterId id) {
    return houses.getOrDefault(id, new House());
  }

  void quarantine(MeterId id) {
    states.put(id, Meter.State.QUARANTINED);
  }

  @Override
  public Optional<Meter> byId(MeterId id) {
    return Optional.ofNullable(states.get(id))
        .map(state ->
            new Meter(
                id,
                id.value(),
                new byte[0],
                "generic",
                ZoneOffset.UTC,
                state,
                Meter.PushPolicy.AUTHENTICATED));
  }

  @Override
  public Optional<Meter> bySystemTitle(byte[] systemTitle) {
    return Optional.empty();
  }

  @Override
  public Optional<Meter> bySerial(String serial) {
    return Optional.empty();
  }

  @Override
  public boolean reaches(MeterId meter) {
    whenAsked.run();
    return houses.containsKey(meter);
  }

  @Override
  public boolean remembers(MeterId meter) {
    return remembering;
  }

  private final Map<MeterId, OrderDesk> desks = new ConcurrentHashMap<>();

  private OrderDesk desk(MeterId id) {
    return desks.computeIfAbsent(
        id,
        meter ->
            new OrderDesk(
                meter,
                SEAL,
                keyId ->
                    Arrays.equals(keyId, Signed.keyId(operator.get()))
                        ? Optional.of(operator.get())
                        : Optional.empty(),
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
                action -> act(house(meter), action),
                clock));
  }

  private static OrderDesk.Breaker.Done act(House house, Action action) {
    house.acts.incrementAndGet();
    if (action instanceof Action.Disconnect) {
      house.connected = false;
    } else if (action instanceof Action.Connect) {
      house.connected = true;
    }
    return new OrderDesk.Breaker.Done(
        action instanceof Action.Arm ? CommandState.READY : CommandState.CONFIRMED,
        house.connected ? "connected" : "disconnected");
  }

  @Override
  public Receipt send(SignedCommand command) throws ChannelException {
    if (loss == Loss.REFUSAL) {
      throw new ChannelException(
          new Fault(
              Fault.Code.FORBIDDEN, "meter", "it has no desk for commands; nothing was sent"));
    }
    if (loss == Loss.THE_COMMAND) {
      throw lost();
    }
    try {
      byte[] receipt =
          desk(command.meter())
              .take(new Dispatch(counter.incrementAndGet(), command.signed()).seal(SEAL));
      if (loss == Loss.THE_RECEIPT) {
        throw lost();
      }
      MeterReceipt said =
          MeterReceipt.parse(Signed.parse(receipt).open(Purpose.RECEIPT, METER_KEY.getPublic()));
      return new Receipt(said.id(), said.outcome(), said.at(), receipt);
    } catch (CommandException e) {
      throw new ChannelException(
          new Fault(Fault.Code.UNAUTHENTICATED, "meter", String.valueOf(e.getMessage())));
    }
  }

  private static ChannelException lost() {
    return new ChannelException(new Fault(Fault.Code.TIMEOUT, "meter", "no answer came"));
  }

  @Override
  public Optional<CommandState> look(MeterId meter, Action action) throws ChannelException {
    if (mute) {
      throw new ChannelException(
          new Fault(Fault.Code.FORBIDDEN, "meter", "this cannot be read back"));
    }
    if (loss == Loss.THE_COMMAND) {
      throw lost();
    }
    boolean done =
        action instanceof Action.Disconnect
            ? !house(meter).connected
            : action instanceof Action.Connect && house(meter).connected;
    return done ? Optional.of(CommandState.CONFIRMED) : Optional.empty();
  }

  /** A clock that a test sets. */
  static final class TestClock implements InstantSource {
    volatile Instant now = Instant.parse("2026-11-25T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }
  }
}
