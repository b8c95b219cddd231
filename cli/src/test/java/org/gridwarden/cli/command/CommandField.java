package org.gridwarden.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.channel.dlms.DlmsChannelFactory;
import org.gridwarden.core.Action;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Intake;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Received;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SendCounter;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.Shipment;
import org.gridwarden.security.ShipmentLine;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.gridwarden.security.ShippedKey;
import org.gridwarden.security.UnusableKeyException;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TrustFolder;

/**
 * A head-end's channels with keys as they were shipped, an operator whom the meters trust, and an
 * intake that remembers what it was told; a clock that can be put forward.
 */
final class CommandField
    implements Intake, MeterDirectory, KeyAccess, SendCounter, InstantSource, AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final KeyPair operator = pair();
  final TrustFolder trusted;
  final Path operators;
  final ConcurrentLinkedQueue<Received> submitted = new ConcurrentLinkedQueue<>();
  final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  final AtomicLong counters = new AtomicLong();
  volatile Optional<Long> onlyReserve = Optional.empty();
  volatile Optional<Secret> otherSeal = Optional.empty();
  volatile Optional<Intake> behind = Optional.empty();
  volatile Optional<Reach> reach = Optional.empty();
  final Channel tcp;
  final Channel calls;
  private final OfficeKey office;
  private final Path shipment;
  private final Map<String, KeySet> opened = new ConcurrentHashMap<>();
  private final Map<MeterId, ShipmentLine> lines = new ConcurrentHashMap<>();

  CommandField(Path folder) throws IOException, ChannelException {
    this(folder, 32_768);
  }

  /**
   * @param imageRate so many bytes of an image go to a meter in a second
   */
  CommandField(Path folder, int imageRate) throws IOException, ChannelException {
    office = OfficeKey.open(folder.resolve("keys"));
    shipment = folder.resolve("shipment.csv");
    operators = folder.resolve("operators");
    trusted = new TrustFolder(operators);
    trusted.put(operator.getPublic());
    List<Channel> channels =
        new DlmsChannelFactory()
            .create(
                Map.of(
                    "tcp",
                    Map.of("bind", "127.0.0.1", "port", 0),
                    "patience",
                    "5s",
                    "clockSkew",
                    "60s",
                    "imageRate",
                    imageRate));
    tcp = channels.getFirst();
    calls = channels.getLast();
    Channel.Host host =
        new Channel.Host(
            this, this, this, new LimitedAdmission(AdmissionLimits.defaults()), this, this);
    tcp.start(host);
    calls.start(host);
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

  /** Writes a shipment. */
  interface Shipping {
    void write(Path file, PublicKey office) throws IOException;
  }

  void ship(Shipping shipping) throws IOException {
    shipping.write(shipment, office.publicKey());
    try (InputStream in = Files.newInputStream(shipment)) {
      Shipment read = Shipments.read(in, ShipmentRules.of(office, false));
      if (!read.errors().isEmpty()) {
        throw new AssertionError(read.errors());
      }
      read.lines().forEach(line -> lines.put(line.meter(), line));
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(),
        Integer.parseInt(tcp.id().instance().substring("tcp-".length())));
  }

  ShipmentLine line(MeterId meter) {
    return Optional.ofNullable(lines.get(meter)).orElseThrow();
  }

  // --- commands

  Order order(MeterId meter, Action action) {
    Instant now = instant();
    return new Order(
        new CommandId(UUID.randomUUID()),
        meter,
        action,
        now,
        now.plus(Duration.ofMinutes(10)),
        "olivia");
  }

  static SignedCommand signed(Order order, MeterId to, KeyPair by) throws CommandException {
    return new SignedCommand(
        order.id(),
        to,
        Signed.sign(org.gridwarden.security.command.Purpose.ORDER, Signer.of(by), order.bytes())
            .bytes());
  }

  SignedCommand signed(MeterId meter, Action action) throws CommandException {
    return signed(order(meter, action), meter, operator);
  }

  Receipt send(Channel channel, SignedCommand command)
      throws ChannelException, InterruptedException {
    try (MeterSession session = channel.open(command.meter(), Deadline.in(PATIENCE))) {
      return session.send(command);
    }
  }

  /** What a receipt says, once it is found to be signed by the meter as it was shipped. */
  MeterReceipt verified(MeterId meter, Receipt receipt) throws CommandException {
    return MeterReceipt.parse(
        Signed.parse(receipt.evidence())
            .open(
                org.gridwarden.security.command.Purpose.RECEIPT,
                P256.publicKey(line(meter).receiptKey())));
  }

  MeterReceipt command(Channel channel, MeterId meter, Action action)
      throws ChannelException, CommandException, InterruptedException {
    return verified(meter, send(channel, signed(meter, action)));
  }

  // --- what the office lends

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead.get());
  }

  @Override
  public CompletionStage<Outcome> submit(Received message) throws InterruptedException {
    submitted.add(message);
    if (behind.isPresent()) {
      return behind.get().submit(message);
    }
    return CompletableFuture.completedFuture(new Outcome.Stored());
  }

  @Override
  public Optional<Meter> byId(MeterId id) {
    return Optional.ofNullable(lines.get(id)).map(ShipmentLine::asMeter).map(this::reached);
  }

  @Override
  public Optional<Meter> bySystemTitle(byte[] systemTitle) {
    return lines.values().stream()
        .filter(line -> Arrays.equals(line.systemTitle(), systemTitle))
        .findFirst()
        .map(ShipmentLine::asMeter)
        .map(this::reached);
  }

  private Meter reached(Meter meter) {
    return reach.isEmpty()
        ? meter
        : new Meter(
            meter.id(),
            meter.serial(),
            meter.systemTitle(),
            meter.profile(),
            meter.zone(),
            meter.state(),
            meter.policy(),
            reach.get());
  }

  @Override
  public Optional<Meter> bySerial(String serial) {
    return byId(new MeterId(serial));
  }

  @Override
  public Optional<KeySet> keys(MeterId meter, Purpose purpose) {
    return Optional.ofNullable(lines.get(meter))
        .flatMap(line ->
            switch (purpose) {
              case DLMS_GLOBAL_UNICAST ->
                  open(line, purpose, line.encryption(), bytes(line.authentication()));
              case DLMS_GLOBAL_BROADCAST, DLMS_MASTER, MESSAGE -> Optional.empty();
              case COMMAND_SEAL ->
                  open(line, purpose, line.seal(), new byte[0])
                      .map(set ->
                          new KeySet(
                              set.keyId(),
                              otherSeal.orElse(set.encryption()),
                              set.authentication()));
            });
  }

  private Optional<KeySet> open(
      ShipmentLine line, Purpose purpose, ShippedKey key, byte[] authentication) {
    if (key instanceof ShippedKey.None) {
      return Optional.empty();
    }
    Wrapped wrapped = new Wrapped(line.keyId(), bytes(key), authentication);
    return Optional.of(
        opened.computeIfAbsent(
            line.meter() + "/" + purpose,
            place -> {
              try {
                return office.open(line.meter(), purpose, wrapped);
              } catch (UnusableKeyException e) {
                throw new AssertionError(e);
              }
            }));
  }

  private static byte[] bytes(ShippedKey key) {
    return key instanceof ShippedKey.Wrapped wrapped ? wrapped.bytes() : new byte[0];
  }

  @Override
  public long reserve(MeterId meter, byte[] keyId, int block) {
    boolean seals = new String(keyId, StandardCharsets.US_ASCII).startsWith("seal/");
    return seals && onlyReserve.isPresent() ? onlyReserve.get() : counters.getAndAdd(block);
  }

  @Override
  public void close() {
    tcp.close();
    calls.close();
  }
}
