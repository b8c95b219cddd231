package org.gridwarden.cli.keys;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gridwarden.channel.dlms.DlmsChannelFactory;
import org.gridwarden.channel.mqtt.MqttChannelFactory;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Channel;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.SendCounter;
import org.gridwarden.headend.HeadendIntake;
import org.gridwarden.headend.IntakeSettings;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.headend.command.ChannelWay;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.command.CommandRounds;
import org.gridwarden.headend.command.CommandSender;
import org.gridwarden.headend.command.MeterWay;
import org.gridwarden.headend.command.Wish;
import org.gridwarden.headend.keys.CounterWatch;
import org.gridwarden.headend.keys.KeyMaker;
import org.gridwarden.headend.keys.KeyOffice;
import org.gridwarden.headend.tamper.CaseOffice;
import org.gridwarden.headend.tamper.TamperDesk;
import org.gridwarden.headend.tamper.TamperPolicy;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.OfficeKeyAccess;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TrustFolder;
import org.gridwarden.store.KeyBook;
import org.gridwarden.store.MeterCase;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.ShipmentResult;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.gridwarden.store.StoredCommand;

/**
 * A whole office on a data folder, with real channels, that can be opened again: whatever is not on
 * the disk is gone then. Each block of counters that it reserves is a line in a file.
 */
final class KeyTown implements AutoCloseable {
  static final Actor OLIVIA = new Actor(Actor.Kind.PERSON, "olivia");
  static final Actor PETER = new Actor(Actor.Kind.PERSON, "peter");
  private static final Actor SAM = new Actor(Actor.Kind.PERSON, "sam");
  private static final Duration SOON = Duration.ofSeconds(60);

  final Store store;
  final OfficeKey officeKey;
  final OfficeKeyAccess keys;
  final CommandOffice office;
  final CaseOffice cases;
  final KeyOffice meterKeys;
  final CounterWatch watch;
  final CommandRounds rounds;
  final List<Channel> channels;
  private final KeyPair operator;
  private final byte[] keyId;
  private final Path folder;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /**
   * @param port of the meters' pushes; 0 for any
   * @param around what may go wrong on the way
   */
  KeyTown(Path folder, int port, UnaryOperator<MeterWay> around, InstantSource clock)
      throws Exception {
    this.folder = folder;
    operator = operator(folder);
    keyId = Signed.keyId(operator.getPublic());
    new TrustFolder(operators(folder)).put(operator.getPublic());
    officeKey = push(OfficeKey.open(folder.resolve("keys")));
    store = push(Store.open(StoreSettings.embedded(folder.resolve("data")), clock));
    LiveFeed live = push(new LiveFeed());
    HeadendIntake intake =
        push(
            new HeadendIntake(
                IntakeSettings.defaults(),
                store.intake()::commit,
                store.meters().refused()::record,
                live,
                new SimpleMeterRegistry()));
    channels =
        Stream.of(
                new DlmsChannelFactory()
                    .create(
                        Map.of(
                            "tcp",
                            Map.of("bind", "127.0.0.1", "port", port),
                            "patience",
                            "5s",
                            "clockSkew",
                            "48h")),
                new MqttChannelFactory()
                    .create(Map.of("tcp", Map.of("bind", "127.0.0.1", "port", 0))))
            .flatMap(List::stream)
            .toList();
    keys = new OfficeKeyAccess(officeKey, store.meters());
    Channel.Host host =
        new Channel.Host(
            intake,
            store.meters(),
            keys,
            new LimitedAdmission(AdmissionLimits.defaults()),
            logged(store.sendCounter()),
            clock);
    for (Channel channel : channels) {
      push(channel).start(host);
    }
    push(TamperDesk.open(store, TamperPolicy.usual(), live, clock));
    cases = new CaseOffice(store, live, clock);
    office =
        new CommandOffice(
            store.unitOfWork(),
            store.commands(),
            store.policies(),
            store.protections(),
            store.operatorKeys(),
            store.meters(),
            meter -> "",
            () -> true,
            clock,
            event -> {});
    CommandSender sender =
        new CommandSender(
            store.unitOfWork(),
            store.commands(),
            store.holder(),
            store.operatorKeys(),
            store.meters(),
            around.apply(new ChannelWay(channels, Duration.ofSeconds(20))),
            store.meters()::receiptKey,
            () -> true,
            clock,
            event -> {},
            256);
    KeyMaker maker =
        new KeyMaker(
            officeKey,
            keys,
            store.keys(),
            store.commands(),
            meter -> store.meters().receiptKey(meter).isPresent());
    meterKeys = new KeyOffice(store, office, officeKey, clock);
    watch = new CounterWatch(store.keys(), meterKeys, intake, clock);
    office.changingKeysWith(maker);
    sender.changingKeysWith(maker);
    rounds = push(new CommandRounds(sender, Duration.ofMillis(100)));
    office.whenQueued(rounds::news);
    if (store.operatorKeys().find(keyId).isEmpty()) {
      store
          .unitOfWork()
          .call(tx ->
              store
                  .operatorKeys()
                  .add(
                      tx,
                      keyId,
                      new OperatorKeys.Key("olivia", operator.getPublic().getEncoded()),
                      SAM));
    }
    rounds.start();
  }

  static Path operators(Path folder) {
    return folder.resolve("operators");
  }

  private static KeyPair operator(Path folder) throws Exception {
    Path secret = folder.resolve("operator.der");
    Path shown = folder.resolve("operator.pub.der");
    if (!Files.exists(shown)) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      Files.write(secret, pair.getPrivate().getEncoded());
      Files.write(shown, pair.getPublic().getEncoded());
    }
    KeyFactory factory = KeyFactory.getInstance("EC");
    return new KeyPair(
        factory.generatePublic(new X509EncodedKeySpec(Files.readAllBytes(shown))),
        factory.generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(secret))));
  }

  static Path reserved(Path folder) {
    return folder.resolve("reserved.log");
  }

  /** Each block stands in the file before anybody uses a counter of it. */
  private SendCounter logged(SendCounter counter) {
    return (meter, id, block) -> {
      long first = counter.reserve(meter, id, block);
      String line = meter + " " + HexFormat.of().formatHex(id) + " " + first + " " + block + "\n";
      try {
        Files.writeString(
            reserved(folder), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      return first;
    };
  }

  private <T extends AutoCloseable> T push(T part) {
    open.push(part);
    return part;
  }

  /** Where meters push DLMS. */
  InetSocketAddress headEnd() {
    return address(channels.getFirst());
  }

  /** Where meters speak MQTT. */
  InetSocketAddress mqtt() {
    return address(channels.getLast());
  }

  private static InetSocketAddress address(Channel channel) {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(),
        Integer.parseInt(channel.id().instance().substring("tcp-".length())));
  }

  /** Writes a shipment. */
  interface Shipping {
    void write(Path file, PublicKey office) throws IOException;
  }

  void ship(Shipping shipping) throws IOException {
    Path file = folder.resolve("shipment.csv");
    shipping.write(file, officeKey.publicKey());
    try (InputStream in = Files.newInputStream(file)) {
      ShipmentResult result =
          store
              .meters()
              .importShipment(
                  Shipments.read(in, ShipmentRules.of(officeKey, true)), officeKey, false);
      if (!result.stored()) {
        throw new AssertionError("the shipment was refused: " + result.rejected());
      }
    }
  }

  void awaitCalledIn(List<MeterId> meters) {
    await()
        .atMost(Duration.ofMinutes(10))
        .until(() ->
            meters.stream()
                .allMatch(meter -> channels.stream().anyMatch(channel -> channel.reaches(meter))));
  }

  // --- what people do

  List<StoredCommand> draft(List<MeterId> meters, Action action, Set<Purpose> purposes) {
    return office.draft(
        new Wish(meters, action, "a test", Optional.empty(), Optional.empty()), purposes, OLIVIA);
  }

  StoredCommand rotate(MeterId meter) {
    return draft(List.of(meter), new Action.ChangeKeys(List.of()), Set.of()).getFirst();
  }

  void approve(StoredCommand command) {
    office.approve(command.id(), PETER, CommandOffice.order(command).bytes());
  }

  void sign(List<StoredCommand> commands) throws Exception {
    LinkedHashMap<CommandId, byte[]> signatures = new LinkedHashMap<>();
    for (StoredCommand command : commands) {
      byte[] order = CommandOffice.order(command).bytes();
      signatures.put(
          command.id(),
          Signer.of(operator)
              .sign(
                  Signed.toBeSigned(org.gridwarden.security.command.Purpose.ORDER, keyId, order)));
    }
    office.sign(signatures, OLIVIA, keyId);
  }

  void give(StoredCommand command) throws Exception {
    if (command.state() == CommandState.QUARANTINED) {
      approve(command);
    }
    sign(List.of(command));
  }

  StoredCommand is(StoredCommand command) {
    return store.commands().find(command.id()).orElseThrow();
  }

  StoredCommand awaitEnd(StoredCommand command) {
    // asked at once: of ten thousand that have ended, each would cost a wait
    await().pollDelay(Duration.ZERO).atMost(SOON).until(() -> is(command).state().isEnd());
    return is(command);
  }

  /** Whether the meter can be commanded, and signs what it answers. */
  boolean obeys(MeterId meter) throws Exception {
    StoredCommand read = draft(List.of(meter), new Action.Read(), Set.of()).getFirst();
    give(read);
    StoredCommand end = awaitEnd(read);
    return end.state() == CommandState.CONFIRMED && end.receipt().isPresent();
  }

  List<KeyBook.Listed> in(MeterId meter, KeyBook.State state) {
    return store.keys().list(meter).stream().filter(key -> key.state() == state).toList();
  }

  /** The DLMS key in force, by its id. */
  String inForce(MeterId meter) {
    return inForce(meter, Purpose.DLMS_GLOBAL_UNICAST);
  }

  /** The key in force for a purpose, by its id. */
  String inForce(MeterId meter, Purpose purpose) {
    return in(meter, KeyBook.State.IN_FORCE).stream()
        .filter(key -> key.purpose() == purpose)
        .map(key -> HexFormat.of().formatHex(key.keyId()))
        .findFirst()
        .orElse("");
  }

  /** How many entries of the audit log say that a counter came twice. */
  long replays() throws Exception {
    return count("SELECT count(*) FROM audit_log WHERE action = 'replay.refused'");
  }

  /** Messages of a meter under its DLMS key of an id. */
  long heard(MeterId meter, String id) throws Exception {
    return count(
        "SELECT count(*) FROM evidence e JOIN replay_window w ON w.id = e.window_id"
            + " WHERE w.meter = "
            + store.meters().number(meter)
            + " AND encode(w.key_id, 'hex') = '"
            + id
            + "'");
  }

  long count(String sql) throws Exception {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    }
  }

  /** Meters that have their factory's DLMS key and no other on its way. */
  List<MeterId> unchanged(int most) throws Exception {
    try (var c = store.dataSource().getConnection();
        var s =
            c.prepareStatement(
                "SELECT m.meter_id FROM meter m JOIN meter_key k ON k.meter = m.id"
                    + " WHERE k.purpose = 0 AND k.state = 'IN_FORCE' AND encode(k.key_id, 'hex') ="
                    + " ? AND NOT EXISTS (SELECT FROM meter_key p WHERE p.meter = m.id AND p.state"
                    + " = 'PENDING') ORDER BY m.id LIMIT ?")) {
      s.setString(1, factory());
      s.setInt(2, most);
      List<MeterId> found = new java.util.ArrayList<>();
      try (var r = s.executeQuery()) {
        while (r.next()) {
          found.add(new MeterId(r.getString(1)));
        }
      }
      return found;
    }
  }

  /** Meters of which somebody opened the casing meanwhile are judged, and released by another. */
  void release() throws Exception {
    for (MeterId meter : ids("SELECT meter_id FROM meter WHERE state = 'QUARANTINED'")) {
      MeterCase latest =
          store.cases().page(Optional.empty(), Optional.of(meter), 0, 1).items().getFirst();
      if (latest.closed().isEmpty()) {
        cases.close(latest.id(), MeterCase.Verdict.MAINTENANCE, "a fitter was there", OLIVIA);
      }
      cases.release(meter, "all is well", Optional.empty(), Optional.empty(), PETER);
    }
  }

  private List<MeterId> ids(String query) throws Exception {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(query)) {
      List<MeterId> found = new java.util.ArrayList<>();
      while (r.next()) {
        found.add(new MeterId(r.getString(1)));
      }
      return found;
    }
  }

  static String factory() {
    return HexFormat.of().formatHex("1".getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
