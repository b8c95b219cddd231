package org.gridwarden.server;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.gridwarden.core.Action;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelFactory;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.ClockReading;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.Image;
import org.gridwarden.core.ImageProgress;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Dispatch;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.OrderDesk;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;

/**
 * A channel without a network: houses whose meters have real desks. The houses outlive the server
 * that talks to them, as houses do.
 */
final class TownChannel implements Channel {
  private static final Secret SEAL = new Secret(new byte[32]);
  private static final Map<MeterId, House> HOUSES = new ConcurrentHashMap<>();
  private static final AtomicLong COUNTER = new AtomicLong();

  /** Found by the server as any channel is. */
  public static final class Factory implements ChannelFactory {
    @Override
    public String name() {
      return "town";
    }

    @Override
    public List<Channel> create(Map<String, Object> settings) {
      return List.of(new TownChannel());
    }
  }

  /** A house and its meter. */
  static final class House {
    final KeyPair key = pair();
    final Map<String, PublicKey> operators = new ConcurrentHashMap<>();
    final AtomicInteger acts = new AtomicInteger();
    final CountDownLatch acted = new CountDownLatch(1);
    volatile boolean connected = true;
    volatile boolean reachable = true;
    volatile boolean losesReceipts;
    private final OrderDesk desk;

    private House(MeterId id) {
      desk =
          new OrderDesk(
              id,
              SEAL,
              keyId -> Optional.ofNullable(operators.get(hex(keyId))),
              Signer.of(key),
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
              this::act,
              InstantSource.system());
    }

    void trust(PublicKey operator) {
      operators.put(hex(Signed.keyId(operator)), operator);
    }

    private static String hex(byte[] keyId) {
      return java.util.HexFormat.of().formatHex(keyId);
    }

    private OrderDesk.Breaker.Done act(Action action) {
      acts.incrementAndGet();
      connected = !(action instanceof Action.Disconnect);
      return new OrderDesk.Breaker.Done(
          CommandState.CONFIRMED, connected ? "connected" : "disconnected");
    }
  }

  static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      P256.publicKey(pair.getPublic().getEncoded()); // one that the office takes
      return pair;
    } catch (GeneralSecurityException | CommandException e) {
      throw new AssertionError(e);
    }
  }

  static House build(String meter) {
    return HOUSES.computeIfAbsent(new MeterId(meter), House::new);
  }

  @Override
  public ChannelId id() {
    return new ChannelId("town", "1");
  }

  @Override
  public void start(Host host) {}

  @Override
  public boolean reaches(MeterId meter) {
    House house = HOUSES.get(meter);
    return house != null && house.reachable;
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
    House house = HOUSES.get(meter);
    if (house == null || !house.reachable) {
      throw lost();
    }
    return new Session(house);
  }

  private static ChannelException lost() {
    return new ChannelException(new Fault(Fault.Code.TIMEOUT, "meter", "no answer came"));
  }

  private record Session(House house) implements MeterSession {
    @Override
    public Receipt send(SignedCommand command) throws ChannelException, InterruptedException {
      try {
        byte[] receipt =
            house.desk.take(new Dispatch(COUNTER.incrementAndGet(), command.signed()).seal(SEAL));
        house.acted.countDown();
        if (house.losesReceipts) {
          new CountDownLatch(1).await(); // for good: until who waits is interrupted
        }
        MeterReceipt said =
            MeterReceipt.parse(Signed.parse(receipt).open(Purpose.RECEIPT, house.key.getPublic()));
        return new Receipt(said.id(), said.outcome(), said.at(), receipt);
      } catch (CommandException e) {
        throw new ChannelException(
            new Fault(Fault.Code.UNAUTHENTICATED, "meter", String.valueOf(e.getMessage())));
      }
    }

    @Override
    public ImageProgress carry(
        Image image, Optional<ImageProgress> before, Duration stint, Consumer<ImageProgress> told) {
      ImageProgress whole = new ImageProgress(image.name(), 1, 1);
      told.accept(whole);
      return whole;
    }

    @Override
    public Optional<CommandState> look(Action action) {
      boolean wanted = !(action instanceof Action.Disconnect);
      return house.connected == wanted ? Optional.of(CommandState.CONFIRMED) : Optional.empty();
    }

    @Override
    public Stream<Message> read(ReadPlan plan) {
      return Stream.empty();
    }

    @Override
    public ClockReading clock() throws ChannelException {
      throw lost();
    }

    @Override
    public void shiftClock(Duration by) throws ChannelException {
      throw lost();
    }

    @Override
    public Assurance assurance() {
      return Assurance.SIGNED;
    }

    @Override
    public void close() {}
  }

  @Override
  public Health health() {
    return new Health(Health.State.UP, "");
  }

  @Override
  public void close() {}
}
