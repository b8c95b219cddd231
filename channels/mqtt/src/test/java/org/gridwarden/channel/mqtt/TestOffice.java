package org.gridwarden.channel.mqtt;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Health;
import org.gridwarden.core.Intake;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Received;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SendCounter;
import org.gridwarden.core.Slot;
import org.gridwarden.core.TransportSecurity;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.message.Algorithm;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.simulator.mqtt.MqttClient;
import org.gridwarden.simulator.mqtt.MqttOptions;

/** An office in memory with a listener, and meters that speak to it. */
final class TestOffice implements Intake, MeterDirectory, KeyAccess, AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-26T00:15:02Z");
  static final Duration SOON = Duration.ofSeconds(60);
  static final MeterId A = new MeterId("GW-0000001");
  static final MeterId B = new MeterId("GW-0000002");

  /** By which way meters come. */
  enum Way {
    /** To the office, without TLS, by password. */
    TCP,
    /** To the office, by TLS, with certificates. */
    CERTIFICATES,
    /** To the office, by TLS, with passwords; certificates are taken, too. */
    PASSWORDS,
    /** To Mosquitto, by TLS, with passwords; the office hears of it there. */
    BROKER
  }

  final List<Received> submitted = new CopyOnWriteArrayList<>();
  final LimitedAdmission admission;
  final Channel channel;
  final Way way;
  final Optional<Mosquitto> broker;
  private final boolean shared;
  volatile Optional<CompletableFuture<Outcome>> held = Optional.empty();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Map<MeterId, AtomicLong> counters = new ConcurrentHashMap<>();
  private final AtomicLong reserved = new AtomicLong();
  private final Map<MeterId, Meter> meters = new HashMap<>();

  /** Keys that are others than {@link #key}: by meter and purpose. */
  final Map<String, KeySet> shipped = new ConcurrentHashMap<>();

  TestOffice() throws ChannelException {
    this(Map.of(), AdmissionLimits.defaults());
  }

  TestOffice(Map<String, Object> settings, AdmissionLimits limits) throws ChannelException {
    this(Way.TCP, settings, limits, Optional.empty(), false);
  }

  /** By a way; with a broker of its own where it wants one, which is connected already. */
  static TestOffice by(Way way) throws Exception {
    return by(way, Map.of());
  }

  static TestOffice by(Way way, Map<String, Object> settings) throws Exception {
    if (way != Way.BROKER) {
      return new TestOffice(way, settings, AdmissionLimits.defaults(), Optional.empty(), false);
    }
    Mosquitto mosquitto = Mosquitto.start();
    TestOffice office = at(Optional.of(mosquitto), mosquitto.settings(), false);
    await().atMost(Mosquitto.PATIENCE).until(office::isUp);
    return office;
  }

  /** An office at a broker that goes on after it. */
  static TestOffice at(Mosquitto mosquitto, Map<String, Object> settings) throws ChannelException {
    return at(Optional.of(mosquitto), settings, true);
  }

  /** The same in another process than the broker was started by. */
  static TestOffice at(Map<String, Object> settings) throws ChannelException {
    return at(Optional.empty(), settings, true);
  }

  private static TestOffice at(
      Optional<Mosquitto> mosquitto, Map<String, Object> settings, boolean shared)
      throws ChannelException {
    return new TestOffice(
        Way.BROKER, Map.of("broker", settings), AdmissionLimits.defaults(), mosquitto, shared);
  }

  private TestOffice(
      Way way,
      Map<String, Object> settings,
      AdmissionLimits limits,
      Optional<Mosquitto> broker,
      boolean shared)
      throws ChannelException {
    this.shared = shared;
    this.way = way;
    this.broker = broker;
    Map<String, Object> all = new HashMap<>(settings);
    switch (way) {
      case TCP -> all.put("tcp", Map.of("bind", "127.0.0.1", "port", 0));
      case CERTIFICATES -> all.put("tls", Map.of("bind", "127.0.0.1", "port", 0));
      case PASSWORDS ->
          all.put("tls", Map.of("bind", "127.0.0.1", "port", 0, "passwords", "allowed"));
      case BROKER -> {}
    }
    admission = new LimitedAdmission(limits);
    channel = new MqttChannelFactory().create(all).getFirst();
    for (MeterId id : List.of(A, B)) {
      meters.put(
          id,
          new Meter(
              id,
              id.value(),
              new byte[0],
              "street",
              ZoneId.of("Europe/Zurich"),
              Meter.State.ACTIVE,
              Meter.PushPolicy.AUTHENTICATED));
    }
    SendCounter office = (meter, keyId, block) -> reserved.getAndAdd(block);
    channel.start(
        new Channel.Host(
            this,
            this,
            this,
            admission,
            office,
            InstantSource.fixed(NOW),
            way == Way.TCP ? TransportSecurity.NONE : TestAuthority.shared().tls));
  }

  Tally tally() {
    return channel instanceof MqttChannel endpoint
        ? endpoint.tally()
        : ((BrokerChannel) channel).tally();
  }

  boolean isUp() {
    return channel.health().state() == Health.State.UP;
  }

  /** A broker knows nothing of meters: whom it heard it reaches. */
  boolean hearsOnly() {
    return way == Way.BROKER;
  }

  int port() {
    return broker
        .map(Mosquitto::passwordPort)
        .orElseGet(() -> Integer.parseInt(channel.id().instance().substring("tcp-".length())));
  }

  Socket socket() throws IOException {
    return socket("127.0.0.1");
  }

  /** Without TLS. */
  Socket socket(String from) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(new InetSocketAddress("127.0.0.1", port()), 5_000);
    return socket;
  }

  /** As the way wants it. */
  Socket socket(MeterId meter, String from) throws IOException {
    TestAuthority authority = TestAuthority.shared();
    return switch (way) {
      case TCP -> socket(from);
      case CERTIFICATES -> secured(socket(from), authority.context(authority.meter(meter)));
      case PASSWORDS, BROKER -> secured(socket(from), authority.context());
    };
  }

  static Socket secured(Socket raw, SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", raw.getPort(), true);
    socket.setSoTimeout((int) Mosquitto.PATIENCE.toMillis());
    socket.startHandshake();
    socket.setSoTimeout(0);
    return socket;
  }

  MqttClient client(MqttOptions options, BiConsumer<String, byte[]> heard) throws IOException {
    return MqttClient.open(socket(new MeterId(options.clientId()), "127.0.0.1"), options, heard);
  }

  MqttClient client(MqttOptions options) throws IOException {
    return client(options, (topic, payload) -> {});
  }

  MqttOptions options(MeterId meter) {
    return MqttOptions.of(meter.value(), MessagePassword.of(meter, key(meter, Purpose.MESSAGE)));
  }

  static String password(MeterId meter) {
    return new String(
        MessagePassword.of(meter, key(meter, Purpose.MESSAGE)).copy(), StandardCharsets.US_ASCII);
  }

  /** The meter's own end; its counter goes on. */
  MeterEnd end(MeterId meter) {
    AtomicLong up = counters.computeIfAbsent(meter, m -> new AtomicLong());
    AtomicLong seenDown = new AtomicLong(-1);
    return new MeterEnd(
        meter,
        key(meter, Purpose.MESSAGE),
        Algorithm.A256GCM,
        up::getAndIncrement,
        new MeterEnd.Seen() {
          @Override
          public long greatest() {
            return seenDown.get();
          }

          @Override
          public void greatest(long counter) {
            seenDown.set(counter);
          }
        });
  }

  static Message usage(MeterId meter, long wattHours) {
    return new Usage(
        meter,
        List.of(),
        List.of(
            new Slot(
                ObisCode.parse("1.29.0"),
                NOW.minusSeconds(902),
                Duration.ofMinutes(15),
                new ScaledValue(wattHours, 0, Unit.WATT_HOUR),
                Quality.GOOD)),
        List.of(),
        List.of());
  }

  static String up(MeterId meter, String kind) {
    return "gw/" + meter + "/up/" + kind;
  }

  @Override
  public CompletionStage<Outcome> submit(Received message) {
    submitted.add(message);
    if (held.isPresent()) {
      return held.get();
    }
    boolean fresh = seen.add(message.id() + Arrays.toString(message.id().digest()));
    return CompletableFuture.completedFuture(
        fresh ? new Outcome.Stored() : new Outcome.Duplicate());
  }

  @Override
  public Optional<Meter> byId(MeterId id) {
    return Optional.ofNullable(meters.get(id));
  }

  @Override
  public Optional<Meter> bySystemTitle(byte[] title) {
    return Optional.empty();
  }

  @Override
  public Optional<Meter> bySerial(String serial) {
    return byId(new MeterId(serial));
  }

  static KeySet key(MeterId meter, Purpose purpose) {
    try {
      byte[] bytes =
          MessageDigest.getInstance("SHA-256")
              .digest((meter + " " + purpose).getBytes(StandardCharsets.US_ASCII));
      return new KeySet(new byte[] {'1'}, new Secret(bytes), new Secret(new byte[0]));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Optional<KeySet> keys(MeterId meter, Purpose purpose) {
    return byId(meter).map(m -> shipped.getOrDefault(meter + " " + purpose, key(meter, purpose)));
  }

  @Override
  public void close() {
    channel.close();
    if (!shared) {
      broker.ifPresent(Mosquitto::close);
    }
  }
}
