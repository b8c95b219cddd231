package org.gridwarden.channel.xmpp;

import static org.awaitility.Awaitility.await;

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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.EventId;
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
import org.gridwarden.core.Severity;
import org.gridwarden.core.Slot;
import org.gridwarden.core.TransportSecurity;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.message.Algorithm;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.simulator.Carrier;

/** An office in memory that is a component of a Prosody, and meters that log in there. */
final class TestOffice implements Intake, MeterDirectory, KeyAccess, AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-26T00:15:02Z");
  static final Duration SOON = Duration.ofSeconds(60);
  static final MeterId A = new MeterId("GW-0000001");
  static final MeterId B = new MeterId("GW-0000002");

  final List<Received> submitted = new CopyOnWriteArrayList<>();
  final XmppChannel channel;
  volatile Optional<CompletableFuture<Outcome>> held = Optional.empty();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Map<MeterId, AtomicLong> counters = new ConcurrentHashMap<>();
  private final AtomicLong reserved = new AtomicLong();
  private final Map<MeterId, Meter> meters = new ConcurrentHashMap<>();

  /** Keys that are others than {@link #key}: by meter and purpose. */
  final Map<String, KeySet> shipped = new ConcurrentHashMap<>();

  /** The same for keys that orders have carried to meters. */
  final Map<String, KeySet> pending = new ConcurrentHashMap<>();

  TestOffice(TestProsody prosody) throws ChannelException {
    this(prosody, Map.of());
  }

  TestOffice(TestProsody prosody, Map<String, Object> settings) throws ChannelException {
    Map<String, Object> all = new HashMap<>(settings);
    all.putIfAbsent(
        "component",
        Map.of(
            "port",
            prosody.components(),
            "name",
            "office." + TestProsody.DOMAIN,
            "secretFile",
            prosody.secretFile().toString()));
    all.put("pubsub", Map.of("service", "pubsub." + TestProsody.DOMAIN));
    channel = (XmppChannel) new XmppChannelFactory().create(all).getFirst();
    for (MeterId id : List.of(A, B)) {
      put(id, Meter.State.ACTIVE);
    }
    SendCounter office = (meter, keyId, block) -> reserved.getAndAdd(block);
    LimitedAdmission admission = new LimitedAdmission(AdmissionLimits.defaults());
    channel.start(
        new Channel.Host(
            this, this, this, admission, office, InstantSource.fixed(NOW), TransportSecurity.NONE));
    await().atMost(TestProsody.PATIENCE).until(() -> channel.health().state() == Health.State.UP);
  }

  /** A meter as a carrier sees it, with a warning that its connection was lost. */
  Carrier.Caller caller(MeterId meter, MeterEnd end, Consumer<byte[]> orders) {
    return new Carrier.Caller(
        meter, key(meter, Purpose.MESSAGE), () -> 0, () -> lost(meter, end), orders, () -> {});
  }

  static byte[] lost(MeterId meter, MeterEnd end) {
    return end.seal(
        Form.SENML_CBOR,
        new Warning(
            meter,
            new EventId(new UUID(7, 7)),
            NOW,
            "connection.lost",
            Severity.ATTENTION,
            "The meter's connection was lost"));
  }

  /** A meter is registered, or changed. */
  void put(MeterId id, Meter.State state) {
    meters.put(
        id,
        new Meter(
            id,
            id.value(),
            new byte[0],
            "street",
            ZoneId.of("Europe/Zurich"),
            state,
            Meter.PushPolicy.AUTHENTICATED));
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
  public Optional<KeySet> pending(MeterId meter, Purpose purpose) {
    return Optional.ofNullable(pending.get(meter + " " + purpose));
  }

  @Override
  public void close() {
    channel.close();
  }
}
