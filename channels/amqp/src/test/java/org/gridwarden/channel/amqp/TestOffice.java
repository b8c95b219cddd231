package org.gridwarden.channel.amqp;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
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
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.amqp.AmqpLogin;

/** An office in memory with a listener, or a broker as its source, and meters that speak to it. */
final class TestOffice implements Intake, MeterDirectory, KeyAccess, AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-26T00:15:02Z");
  static final Duration SOON = Duration.ofSeconds(60);
  static final MeterId A = new MeterId("GW-0000001");
  static final MeterId B = new MeterId("GW-0000002");

  final List<Received> submitted = new CopyOnWriteArrayList<>();
  final LimitedAdmission admission;
  final Channel channel;
  final Optional<TestAuthority> authority;
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
    this(settings, limits, Optional.empty());
  }

  /** With mutual TLS where there is an authority. */
  TestOffice(
      Map<String, Object> settings, AdmissionLimits limits, Optional<TestAuthority> authority)
      throws ChannelException {
    this.authority = authority;
    Map<String, Object> all = new HashMap<>(settings);
    if (!all.containsKey("broker")) {
      all.put(authority.isPresent() ? "tls" : "tcp", Map.of("bind", "127.0.0.1", "port", 0));
    }
    admission = new LimitedAdmission(limits);
    channel = new AmqpChannelFactory().create(all).getFirst();
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
            authority.map(a -> (TransportSecurity) a.tls).orElse(TransportSecurity.NONE)));
  }

  /** How many counters were reserved: two an order. */
  long reserved() {
    return reserved.get();
  }

  int port() {
    return Integer.parseInt(channel.id().instance().substring(4));
  }

  Socket socket() throws IOException {
    return socket("127.0.0.1");
  }

  Socket socket(String from) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(new InetSocketAddress("127.0.0.1", port()), 5_000);
    return socket;
  }

  static Secret password(MeterId meter) {
    return MessagePassword.of(meter, key(meter, Purpose.MESSAGE));
  }

  static AmqpLogin login(MeterId meter) {
    return AmqpLogin.plain(meter.value(), password(meter));
  }

  /** A meter's connection, by password. */
  AmqpLine line(MeterId meter) throws Exception {
    return open(socket(), login(meter));
  }

  static AmqpLine open(Socket socket, AmqpLogin login) throws Exception {
    return AmqpLine.open(socket, login).get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  /** How a message ended that was sent at least once. */
  static AmqpLine.Outcome sent(AmqpLine line, String address, byte[] message) throws Exception {
    return line.send(address, message, AmqpLine.Guarantee.AT_LEAST_ONCE)
        .get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  static String up(MeterId meter) {
    return "gw/" + meter + "/up";
  }

  static String down(MeterId meter) {
    return "gw/" + meter + "/down/control";
  }

  /** What became of what came. */
  long of(Tally.What what) {
    Tally tally =
        channel instanceof AmqpChannel endpoint
            ? endpoint.tally()
            : ((BrokerChannel) channel).tally();
    return tally.of(what);
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
  }
}
