package org.gridwarden.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelFactory;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.HeadendIntake;
import org.gridwarden.headend.IntakeSettings;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.mdm.billrun.BillingOffice;
import org.gridwarden.mdm.billrun.EvidenceOffice;
import org.gridwarden.mdm.billrun.Period;
import org.gridwarden.mdm.billrun.Supplies;
import org.gridwarden.mdm.billrun.Supply;
import org.gridwarden.mdm.billrun.Tariffs;
import org.gridwarden.mdm.proof.CanonicalJson;
import org.gridwarden.mdm.proof.ProofFiles;
import org.gridwarden.mdm.proof.TariffForms;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.OfficeKeyAccess;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.ShipmentResult;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import picocli.CommandLine;

/**
 * An office that simulated meters push to over a real channel, and that bills them: database,
 * intake, channel, evidence and billing as the server puts them together.
 */
final class BillTown implements AutoCloseable {
  static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static final Actor BERTA = new Actor(Actor.Kind.PERSON, "berta");
  private static final byte[] TARIFF =
      "{\"name\":\"Flat\",\"currency\":\"CHF\",\"energyratestructure\":[[{\"rate\":0.2}]]}"
          .getBytes(StandardCharsets.UTF_8);

  final Store store;
  final OfficeKey officeKey;
  final EvidenceOffice evidence;
  private final LogKey logKey;
  private final BillingOffice billing;
  private final Channel channel;
  private final Path folder;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  BillTown(Path folder, ChannelFactory factory) throws Exception {
    this.folder = folder;
    InstantSource clock = InstantSource.system();
    Path keys = folder.resolve("keys");
    officeKey = push(OfficeKey.open(keys));
    logKey = LogKey.open(keys, officeKey);
    store = push(Store.open(StoreSettings.embedded(folder.resolve("data")), clock));
    HeadendIntake intake =
        push(
            new HeadendIntake(
                IntakeSettings.defaults(),
                store.intake()::commit,
                store.meters().refused()::record,
                push(new LiveFeed()),
                new SimpleMeterRegistry()));
    channel =
        push(factory.create(Map.of("tcp", Map.of("bind", "127.0.0.1", "port", 0))).getFirst());
    channel.start(
        new Channel.Host(
            intake,
            store.meters(),
            new OfficeKeyAccess(officeKey, store.meters()),
            new LimitedAdmission(AdmissionLimits.defaults()),
            store.sendCounter(),
            clock));
    evidence = new EvidenceOffice(store, logKey, new SecureRandom(), clock);
    billing =
        new BillingOffice(store, evidence, new Everybody(), new Flat(), new TariffForms(), clock);
  }

  private <T extends AutoCloseable> T push(T part) {
    open.push(part);
    return part;
  }

  InetSocketAddress address() {
    String instance = channel.id().instance();
    int port = Integer.parseInt(instance.substring(instance.indexOf('-') + 1));
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Who writes a shipment. */
  interface Factory {
    void ship(Path file, PublicKey office) throws Exception;
  }

  /** Takes meters in, each of which has stood at its service point for long. */
  void ship(Factory factory) throws Exception {
    Path file = folder.resolve("shipment.csv");
    factory.ship(file, officeKey.publicKey());
    try (InputStream in = Files.newInputStream(file)) {
      ShipmentResult result =
          store
              .meters()
              .importShipment(
                  Shipments.read(in, ShipmentRules.of(officeKey, false)), officeKey, false);
      if (!result.stored()) {
        throw new IllegalStateException("the shipment was refused: " + result);
      }
    }
    sql("UPDATE service_point_term SET since = '2020-01-01T00:00:00Z'");
  }

  void sql(String statement) throws Exception {
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement()) {
      s.execute(statement);
    }
  }

  private String point(MeterId meter) {
    try (Connection c = store.dataSource().getConnection();
        PreparedStatement s =
            c.prepareStatement(
                "SELECT service_point FROM service_point_term WHERE meter ="
                    + " (SELECT id FROM meter WHERE meter_id = ?)")) {
      s.setString(1, meter.value());
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getString(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bills a meter's days. */
  BillBook.Run bill(MeterId meter, LocalDate from, LocalDate to) {
    evidence.commit(meter, ZURICH, from, to);
    BillBook.Run run =
        billing.run(
            new BillingOffice.Order(new Period(from, to), Set.of(point(meter)), false), BERTA);
    if (!run.failure().isEmpty()) {
      throw new IllegalStateException(run.failure());
    }
    return run;
  }

  /** The bill of a meter, with its proof, as it goes out. */
  Path file(MeterId meter) throws Exception {
    String number = store.bills().list(null, point(meter), null, null, 1).getFirst().number();
    Path file = folder.resolve("bill.json");
    Files.writeString(
        file,
        new ProofFiles(store, (id, version) -> Map.of(CanonicalJson.digest(TARIFF), TARIFF))
            .of(store.bills().find(number).orElseThrow(), true)
            .orElseThrow()
            .toString());
    return file;
  }

  /** What {@code bill verify} says of a file. */
  record Said(int exit, String out, String err) {}

  /** Runs {@code bill verify} on a file, with the office's key and no server. */
  Said verify(Path file, String... more) throws Exception {
    Path key = folder.resolve("office.pem");
    Files.writeString(key, logKey.publicPem());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Gridwarden.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    String[] arguments = new String[5 + more.length];
    System.arraycopy(
        new String[] {"bill", "verify", file.toString(), "--key", key.toString()},
        0,
        arguments,
        0,
        5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    int exit = line.execute(arguments);
    return new Said(exit, out.toString(), err.toString());
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  /** One account a service point, since long ago. */
  private static final class Everybody implements Supplies {
    @Override
    public List<Supply> inForce(Instant from, Instant to, long after, int most) {
      return List.of();
    }

    @Override
    public List<Supply> at(String servicePoint) {
      return List.of(
          new Supply(
              1,
              "A-" + servicePoint,
              servicePoint,
              "flat",
              Instant.parse("2020-01-01T00:00:00Z"),
              Optional.empty()));
    }

    @Override
    public Optional<Person> person(String account) {
      return Optional.of(new Person("Anna Muster", List.of("Seestrasse 7", "8000 Zürich")));
    }
  }

  /** One tariff. */
  private static final class Flat implements Tariffs {
    @Override
    public List<Version> versions(String id) {
      return List.of(new Version(id, 1, LocalDate.of(2020, 1, 1), CanonicalJson.digest(TARIFF)));
    }

    @Override
    public Optional<Document> document(String id, int version) {
      return Optional.of(new Document(TARIFF, Map.of()));
    }
  }
}
