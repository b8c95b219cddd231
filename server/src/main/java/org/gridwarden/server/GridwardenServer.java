package org.gridwarden.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.gridwarden.core.Channel;
import org.gridwarden.headend.Collection;
import org.gridwarden.headend.HeadendIntake;
import org.gridwarden.headend.IntakeSettings;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.headend.StoredBook;
import org.gridwarden.headend.command.OperatorKeyDesk;
import org.gridwarden.headend.est.EstListener;
import org.gridwarden.headend.firmware.CampaignRunner;
import org.gridwarden.headend.firmware.FirmwareOffice;
import org.gridwarden.headend.firmware.ImageStock;
import org.gridwarden.headend.integrity.AccessLook;
import org.gridwarden.headend.integrity.ConfigurationLook;
import org.gridwarden.headend.integrity.ConfigurationWatch;
import org.gridwarden.headend.integrity.DataWatch;
import org.gridwarden.headend.keys.CounterWatch;
import org.gridwarden.headend.tamper.CaseOffice;
import org.gridwarden.headend.tamper.LogAsker;
import org.gridwarden.headend.tamper.TamperDesk;
import org.gridwarden.headend.tamper.TamperPolicy;
import org.gridwarden.headend.trust.TrustCourier;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.OfficeKeyAccess;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.security.audit.WitnessFile;
import org.gridwarden.security.fips.FipsMode;
import org.gridwarden.server.ssh.Desk;
import org.gridwarden.server.ssh.SshDoor;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import org.gridwarden.store.StoreSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Starts the server: the data folder, keys, database, intake, channels, and HTTP last. */
public final class GridwardenServer {
  private static final Logger LOG = LoggerFactory.getLogger(GridwardenServer.class);

  private GridwardenServer() {}

  /**
   * Starts everything that the configuration asks for.
   *
   * @return when all of it answers
   * @throws ConfigException where a channel does not understand its section
   * @throws ServerException in one line that names the remedy; nothing is left running then
   */
  public static RunningServer start(GridwardenConfig config) {
    return start(config, Optional.empty(), Optional.empty());
  }

  /**
   * The same with a desk for those who come in over SSH.
   *
   * @throws ConfigException where a channel does not understand its section
   * @throws ServerException in one line that names the remedy; nothing is left running then
   */
  public static RunningServer start(GridwardenConfig config, Desk desk) {
    return start(config, Optional.empty(), Optional.of(desk));
  }

  /**
   * The same with a hand at a demo's simulated meters.
   *
   * @throws ConfigException where a channel does not understand its section
   * @throws ServerException in one line that names the remedy; nothing is left running then
   */
  public static RunningServer start(GridwardenConfig config, DemoHand hand) {
    return start(config, Optional.of(hand), Optional.empty());
  }

  private static RunningServer start(
      GridwardenConfig config, Optional<DemoHand> hand, Optional<Desk> desk) {
    long began = System.nanoTime();
    Stack stack = new Stack();
    try {
      Logs.apply(config.logging());
      RunningServer running = start(config, hand, desk, stack);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      LOG.info("Gridwarden answers at {} after {} ms", running.url(), took.toMillis());
      return running;
    } catch (IOException e) {
      stack.close();
      throw new ServerException(String.valueOf(e.getMessage()), e);
    } catch (StoreException e) {
      stack.close();
      throw new ServerException(e.fault().where() + ": " + e.fault().remedy(), e);
    } catch (Throwable e) {
      stack.close();
      throw e;
    }
  }

  private static RunningServer start(
      GridwardenConfig config, Optional<DemoHand> hand, Optional<Desk> desk, Stack stack)
      throws IOException {
    InstantSource clock = InstantSource.system();
    needFree(config);
    List<Channel> channels = Ways.create(config.channels(), config.demo());
    ServerFolder folder = stack.push(ServerFolder.hold(config.data()));
    // a client of the console must not have it reckon handshakes anew without end
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    Office office = office(config, stack, folder, clock, channels, hand);
    CertificateRoom certificates = office.certificates();
    AtomicReference<Consumer<String>> tell = new AtomicReference<>(prints -> {});
    Optional<ConsoleCertificate> console =
        config.console().plaintext()
            ? Optional.empty()
            : Optional.of(
                new ConsoleCertificate(
                    config.console().tls(),
                    folder.resolve("console"),
                    certificates.office(),
                    clock,
                    prints -> tell.get().accept(prints)));
    Optional<ServerCertificate> certificate = console.map(ConsoleCertificate::current);
    certificates.keep(stack);
    Optional<EstListener> est = certificates.listen(config.est(), office.admission(), clock, stack);
    UserBook users = new StoredUserBook(office.store().users());
    Roles roles = new Roles(new RoleBook.Stored(office.store().accessRoles()), users);
    Factors factors =
        new Factors(
            office.store().secondFactors(), office.key(), config.console().secondFactor(), clock);
    MachineDesk machines = new MachineDesk(office.store().machines(), clock);
    Sessions sessions =
        new Sessions(
            clock,
            config.console().idleTimeout(),
            config.console().sessionLimit(),
            config.console().sessions());
    Accounts accounts =
        new Accounts(
            users,
            roles,
            factors,
            FipsMode.on() ? new Pbkdf2Hashing() : new Argon2Hashing(),
            new LoginLimits(System::nanoTime),
            clock);
    Oidc oidc = new Oidc(config.console().oidc(), office.store().oidcRoles(), accounts, clock);
    FirstAdministrator first = new FirstAdministrator(folder.path());
    Optional<String> password = first.make(accounts);
    CliToken token = new CliToken();
    DoorTokens doors = new DoorTokens();
    WebServer web =
        stack.push(
            WebServer.start(
                config,
                certificate,
                folder.resolve("console"),
                services(
                    console, config, office, accounts, roles, factors, sessions, machines, oidc,
                    first, token, doors)));
    URI url = url(config, web.port());
    Optional<SshDoor> ssh =
        SshRoom.open(
            config,
            stack,
            folder,
            office,
            desk,
            new SshGate(
                accounts,
                office.store(),
                doors,
                url,
                certificate.map(ServerCertificate::fingerprint)));
    SecretFiles.write(folder.resolve("cli-token"), token.forFile());
    Running running =
        new Running(
            stack,
            url,
            password,
            certificate.map(ServerCertificate::fingerprint),
            Ways.port(channels, "dlms", "tcp"),
            Ways.port(channels, "dlms", "udp"),
            Ways.port(channels, "dlms", "tls"),
            Ways.port(channels, "dlms", "dtls"),
            est.map(EstListener::port).orElse(0),
            ssh.map(SshDoor::port).orElse(0),
            folder.path(),
            office.store(),
            channels);
    SecretFiles.write(folder.resolve("server.json"), describe(running, running.fingerprint()));
    tell.set(prints -> retell(folder, running, prints));
    if (console.isPresent()) {
      Chores chores = stack.push(new Chores());
      chores.every("the console's certificate", Duration.ofMinutes(10), console.get()::look);
    }
    return running;
  }

  private static List<Object> services(Optional<ConsoleCertificate> console, Object... others) {
    List<Object> services = new ArrayList<>(List.of(others));
    services.add(new ConsoleRenewal(console));
    return services;
  }

  private static void retell(ServerFolder folder, Running running, String prints) {
    try {
      SecretFiles.write(folder.resolve("server.json"), describe(running, prints));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Office office(
      GridwardenConfig config,
      Stack stack,
      ServerFolder folder,
      InstantSource clock,
      List<Channel> channels,
      Optional<DemoHand> hand)
      throws IOException {
    PrometheusMeterRegistry metrics = metrics(stack);
    OfficeKey key = stack.push(config.keys().open(folder.resolve("keys")));
    Store store =
        stack.push(Store.open(storeSettings(config), clock, new BackupFirst(config, clock)));
    LogKey logKey = LogKey.open(folder.resolve("keys"), key);
    RestoredOffice.settle(store, logKey, folder.path(), witness(config, folder), clock);
    LiveFeed live = stack.push(new LiveFeed());
    VouchedCommit commit = new VouchedCommit(store.intake()::commit);
    HeadendIntake intake =
        stack.push(
            new HeadendIntake(
                intakeSettings(config.intake()),
                commit,
                store.meters().refused()::record,
                live,
                metrics));
    DataWatch watch = commit.vouchWith(store, logKey, intake, clock);
    LimitedAdmission admission = new LimitedAdmission(AdmissionLimits.defaults());
    Gauge.builder("gridwarden.sessions", admission, a -> a.counts().sessions()).register(metrics);
    Gauge.builder("gridwarden.sessions.evicted", admission, a -> a.counts().evicted())
        .register(metrics);
    OfficeKeyAccess keys = new OfficeKeyAccess(key, store.meters());
    CertificateRoom certificates =
        CertificateRoom.open(
            stack, store, key, folder, clock, config.est().place(), config.keys().openIssuing());
    Gauge.builder(
            "gridwarden.revocation.known", certificates.tls(), t -> t.revocationKnown() ? 1 : 0)
        .register(metrics);
    Channel.Host host =
        new Channel.Host(
            intake,
            store.meters(),
            keys,
            admission,
            store.sendCounter(),
            clock,
            certificates.tls());
    for (Channel channel : channels) {
      stack.push(channel);
      Ways.open(channel, host);
    }
    Collection collection =
        stack.push(
            new Collection(
                config.collection(),
                new StoredBook(store),
                store.meters(),
                channels,
                intake,
                clock,
                RandomGenerator.getDefault(),
                metrics));
    store.meters().onChange(meter -> collection.changed());
    collection.daily(configuration(store, logKey, intake, clock));
    collection.start();
    stack.push(TamperDesk.open(store, TamperPolicy.usual(), live, clock));
    stack.push(new LogAsker(channels, live, clock));
    Chores chores = stack.push(new Chores());
    chores.every("folding", Duration.ofHours(2), () -> store.folding().fold());
    DayCloses closes = new DayCloses(clock, store.meters()::zones, () -> store.folding().fold());
    chores.every("folding at a day's close", Duration.ofMinutes(1), closes::look);
    chores.every("evidence retention", Duration.ofHours(12), () -> store.evidence().retain());
    RevocationAlarm revocation =
        new RevocationAlarm(store.officeAlarms(), certificates.tls()::revocationKnown, clock);
    chores.every("whether it is known what is revoked", Duration.ofSeconds(30), revocation::look);
    // a thread of its own: reading a day of many meters must not keep the audit log waiting
    Chores slow = stack.push(new Chores());
    slow.every("looking after what is stored", Duration.ofMinutes(10), watch::look);
    ErasureDesk erasures = new ErasureDesk(store, watch, config.retention().readings(), clock);
    slow.every("readings' retention", Duration.ofHours(12), erasures::retain);
    BackOffice back = BackOffice.open(stack, slow, store, folder.path(), clock);
    BillingRoom billing = BillingRoom.open(store, logKey, slow, clock);
    AuditNotary notary = notary(config, folder, logKey, store, clock);
    BackupKeeper backups = new BackupKeeper(config, store, clock);
    backups.figures(metrics);
    // its own thread, too: a backup reads all there is
    Chores backing = stack.push(new Chores());
    backing.every("backing up", Duration.ofMinutes(1), backups::look);
    chores.every("signing the audit log", Duration.ofSeconds(1), notary::look);
    CommandRoom commands =
        CommandRoom.open(
            stack,
            store,
            channels,
            notary,
            live,
            config.demo()
                ? new DemoFitter(folder.resolve("operators"))
                : OperatorKeyDesk.Watch.NOBODY,
            key,
            keys,
            clock);
    PrepaymentRoom.open(billing, commands.office(), intake, slow, clock);
    commit.whenHeard(commands.putOffs()::heard);
    chores.every("who is waited for", Duration.ofSeconds(2), commands.putOffs()::look);
    CounterWatch counters = new CounterWatch(store.keys(), commands.meterKeys(), intake, clock);
    slow.every("counters of keys", Duration.ofMinutes(10), counters::look);
    TrustCourier courier = new TrustCourier(store.trust(), channels);
    Chores deliveries =
        stack.push(new Chores()); // a meter's patience must not hold other chores up
    deliveries.every("trust lists", Duration.ofSeconds(15), courier::round);
    return new Office(
        clock,
        key,
        store,
        intake,
        notary,
        backups,
        erasures,
        live,
        collection,
        commands,
        new CaseOffice(store, live, clock),
        back,
        billing,
        stack.push(
            new AnalyticsRoom(store, key, folder.resolve("keys"), config.analytics(), clock)),
        firmware(store, commands, chores, clock),
        certificates,
        admission,
        channels,
        metrics,
        clock.instant(),
        hand);
  }

  private static Collection.Daily configuration(
      Store store, LogKey key, HeadendIntake intake, InstantSource clock) {
    ConfigurationWatch watch =
        new ConfigurationWatch(
            store.unitOfWork(), store.integrity(), store.auditLog(), key.signer(), intake, clock);
    ConfigurationLook configuration =
        new ConfigurationLook(
            watch,
            new ImageStock(store.unitOfWork(), store.firmware(), store.imageProgress(), clock));
    AccessLook access = new AccessLook(store.access(), watch);
    return (meter, session) -> {
      configuration.look(meter, session);
      access.look(meter, session);
    };
  }

  private static FirmwareOffice firmware(
      Store store, CommandRoom commands, Chores chores, InstantSource clock) {
    CampaignRunner runner =
        new CampaignRunner(
            store.unitOfWork(),
            store.firmware(),
            store.campaigns(),
            commands.office(),
            store.meters(),
            clock);
    chores.every("firmware campaigns", Duration.ofSeconds(10), runner::look);
    return new FirmwareOffice(
        store.unitOfWork(),
        store.firmware(),
        store.campaigns(),
        commands.office(),
        store.meters(),
        clock);
  }

  private static AuditNotary notary(
      GridwardenConfig config, ServerFolder folder, LogKey key, Store store, InstantSource clock) {
    AuditNotary notary =
        new AuditNotary(store.auditTree(), key, List.of(witness(config, folder)), clock);
    try {
      notary.look(); // at the start already: what stands here is what is sworn to
    } catch (UncheckedIOException e) {
      throw new ServerException(
          "audit.witness "
              + witnessPath(config, folder)
              + " cannot be written: name another file, or give the right",
          e);
    }
    return notary;
  }

  private static WitnessFile witness(GridwardenConfig config, ServerFolder folder) {
    return new WitnessFile(witnessPath(config, folder));
  }

  private static Path witnessPath(GridwardenConfig config, ServerFolder folder) {
    Path given = config.audit().witness();
    return given.toString().isEmpty() ? folder.resolve("audit-witness") : given;
  }

  private static PrometheusMeterRegistry metrics(Stack stack) {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    stack.push(metrics::close);
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new ClassLoaderMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    new UptimeMetrics().bindTo(metrics);
    return metrics;
  }

  private static StoreSettings storeSettings(GridwardenConfig config) {
    GridwardenConfig.Database database = config.database();
    StoreSettings.Database which =
        database.embedded()
            ? new StoreSettings.Embedded(database.port())
            : new StoreSettings.External(
                database.url(), database.user(), database.password(), database.withoutChecksums());
    return new StoreSettings(config.data(), which, config.retention().evidence());
  }

  private static IntakeSettings intakeSettings(GridwardenConfig.Intake intake) {
    IntakeSettings usual = IntakeSettings.defaults();
    return new IntakeSettings(
        intake.partitions(),
        intake.queuedMessages(),
        intake.queuedBytes(),
        usual.perMeter(),
        intake.batchMessages(),
        intake.batchBytes(),
        intake.linger(),
        usual.firstRetry(),
        usual.lastRetry(),
        usual.grace());
  }

  /** Asks early, before the database starts; the listener itself asks again. */
  private static void needFree(GridwardenConfig config) {
    int port = config.console().port();
    if (port == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(config.console().bind(), port));
    } catch (IOException e) {
      throw new ServerException(WebServer.taken(config), e);
    }
  }

  private static URI url(GridwardenConfig config, int port) {
    InetAddress bind = config.console().bind();
    String host =
        bind.isAnyLocalAddress() || bind.isLoopbackAddress() && bind.getAddress().length == 4
            ? "localhost"
            : bind.getHostAddress();
    String scheme = config.console().plaintext() ? "http" : "https";
    return URI.create(
        scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/");
  }

  private static byte[] describe(Running running, String fingerprint) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("url", running.url().toString());
    file.put("fingerprint", fingerprint);
    file.put("pid", ProcessHandle.current().pid());
    file.put(
        "ports",
        Map.of(
            "dlmsTcp", running.dlmsTcpPort(),
            "dlmsUdp", running.dlmsUdpPort(),
            "dlmsTls", running.dlmsTlsPort(),
            "dlmsDtls", running.dlmsDtlsPort(),
            "est", running.estPort(),
            "ssh", running.sshPort()));
    return (JsonMapper.shared().writeValueAsString(file) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private record Running(
      Stack stack,
      URI url,
      Optional<String> adminPassword,
      Optional<String> certificateFingerprint,
      int dlmsTcpPort,
      int dlmsUdpPort,
      int dlmsTlsPort,
      int dlmsDtlsPort,
      int estPort,
      int sshPort,
      Path data,
      Store store,
      List<Channel> channels)
      implements RunningServer {
    @Override
    public int port(String channel, String kind) {
      return Ways.port(channels, channel, kind);
    }

    String fingerprint() {
      return certificateFingerprint.orElse("plain");
    }

    @Override
    public void close() {
      stack.close();
    }

    @Override
    public String toString() {
      return "RunningServer[" + url + "]";
    }
  }
}
