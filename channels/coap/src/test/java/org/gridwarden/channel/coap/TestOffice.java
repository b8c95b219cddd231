package org.gridwarden.channel.coap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
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
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.TransportKey;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.security.dtls.DtlsLine;
import org.gridwarden.simulator.coap.CoapLine;

/** An office in memory with a listener, and meters that speak to it. */
final class TestOffice implements Intake, MeterDirectory, KeyAccess, AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-26T00:15:02Z");
  static final Duration SOON = Duration.ofSeconds(60);
  static final MeterId A = new MeterId("GW-0000001");
  static final MeterId B = new MeterId("GW-0000002");

  final List<Received> submitted = new CopyOnWriteArrayList<>();
  final LimitedAdmission admission;
  final CoapChannel channel;

  /** The proxy from HTTP, where the settings have one. */
  final Optional<ProxyChannel> proxy;

  final Optional<TestAuthority> authority;
  volatile Optional<CompletableFuture<Outcome>> held = Optional.empty();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Map<MeterId, AtomicLong> counters = new ConcurrentHashMap<>();
  private final AtomicLong reserved = new AtomicLong();
  private final Map<MeterId, Meter> meters = new ConcurrentHashMap<>();

  /** Keys that are others than {@link #key}: by meter and purpose. */
  final Map<String, KeySet> shipped = new ConcurrentHashMap<>();

  /** Without DTLS. */
  TestOffice() throws ChannelException {
    this("udp", Map.of(), AdmissionLimits.defaults());
  }

  static TestOffice secure() throws ChannelException {
    return new TestOffice("dtls", Map.of(), AdmissionLimits.defaults());
  }

  TestOffice(String listener, Map<String, Object> settings, AdmissionLimits limits)
      throws ChannelException {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(listener, Map.of("bind", "127.0.0.1", "port", 0));
    admission = new LimitedAdmission(limits);
    authority = listener.equals("dtls") ? Optional.of(new TestAuthority()) : Optional.empty();
    List<Channel> made = new CoapChannelFactory().create(all);
    channel = (CoapChannel) made.getFirst();
    proxy = made.getLast() instanceof ProxyChannel p ? Optional.of(p) : Optional.empty();
    for (MeterId id : List.of(A, B)) {
      know(id);
    }
    channel.start(host());
    if (proxy.isPresent()) {
      proxy.get().start(host());
    }
  }

  private TestOffice(LimitedAdmission admission) {
    this.admission = admission;
    this.authority = Optional.empty();
    this.proxy = Optional.empty();
    this.channel =
        (CoapChannel)
            new CoapChannelFactory()
                .create(Map.of("udp", Map.of("bind", "127.0.0.1", "port", 0)))
                .getFirst();
    know(A);
  }

  void know(MeterId id) {
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

  private Channel.Host host() {
    SendCounter office = (meter, keyId, block) -> reserved.getAndAdd(block);
    return new Channel.Host(
        this,
        this,
        this,
        admission,
        office,
        InstantSource.fixed(NOW),
        authority.<TransportSecurity>map(a -> a.tls).orElse(TransportSecurity.NONE));
  }

  int port() {
    return port(channel);
  }

  int proxyPort() {
    return port(proxy.orElseThrow());
  }

  private static int port(Channel channel) {
    String instance = channel.id().instance();
    return Integer.parseInt(instance.substring(instance.indexOf('-') + 1));
  }

  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", port());
  }

  CoapLine line() throws IOException {
    return line(address(), "127.0.0.1");
  }

  static CoapLine line(InetSocketAddress to, String from) throws IOException {
    return CoapLine.plain(to, Optional.of(InetAddress.getByName(from)), Duration.ofMillis(500));
  }

  /** A meter that comes by DTLS with its shared key. */
  CoapLine shared(MeterId meter) throws IOException {
    return shared(meter, meter.value(), "127.0.0.1");
  }

  CoapLine shared(MeterId meter, String identity, String from) throws IOException {
    return CoapLine.secure(
        address(),
        DtlsLine.client(
            Optional.of(InetAddress.getByName(from)),
            identity,
            TransportKey.DTLS.of(meter, key(meter, Purpose.MESSAGE))),
        Duration.ofSeconds(1));
  }

  /** A meter that comes by DTLS with a certificate, or with its bare key. */
  CoapLine certified(Credential own, boolean bare) throws IOException {
    return CoapLine.secure(
        address(),
        DtlsLine.client(
            Optional.of(InetAddress.getByName("127.0.0.1")),
            () -> own,
            bare,
            authority.orElseThrow().office()),
        Duration.ofSeconds(1));
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
    proxy.ifPresent(ProxyChannel::close);
    channel.close();
    authority.ifPresent(TestAuthority::close);
  }

  /** The office's logic without a network. */
  record Bare(Door door, Transfers transfers, Uplink uplink, Work work) implements AutoCloseable {
    /** Waits for what runs in threads of its own. */
    void settled() throws InterruptedException {
      uplink.drain(SOON.toMillis());
    }

    @Override
    public void close() {
      work.shutdownNow();
    }
  }

  static Bare bare(AdmissionLimits limits) throws ChannelException {
    CoapSettings.Limits terms = CoapSettings.of(Map.of()).limits();
    LimitedAdmission admission = new LimitedAdmission(limits);
    ChannelId id = new ChannelId("coap", "bare");
    TestOffice office = new TestOffice(admission);
    Channel.Host host = office.host();
    Work work = new Work("bare");
    Tally tally = new Tally();
    Mailboxes mailboxes = new Mailboxes(CoapTerms.of(terms));
    Transfers transfers = new Transfers(terms, admission, () -> id);
    Uplink uplink =
        new Uplink(
            new OfficeInbox(host, () -> id), new CommandDesk(host), mailboxes, terms, work, tally);
    Echoes echoes = new Echoes();
    Oscore oscore = new Oscore(host, echoes, new InFlight(4, 4), tally);
    return new Bare(
        new Door(
            terms,
            transfers,
            uplink,
            mailboxes,
            oscore,
            echoes,
            new Leisure(work, terms.leisure()),
            tally),
        transfers,
        uplink,
        work);
  }
}
