package org.gridwarden.bench.intake;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Intake;
import org.gridwarden.headend.HeadendIntake;
import org.gridwarden.headend.IntakeSettings;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.OfficeKeyAccess;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.gridwarden.store.ShipmentResult;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;

/**
 * An office that meters reach over one protocol, as the server puts it together, without its web: a
 * database of its own in a folder that goes away, intake, and the endpoint on a free port. A second
 * endpoint beside it verifies as the first does and keeps nothing: what the store costs shows by
 * it.
 */
final class IntakeOffice implements AutoCloseable {
  private static final CompletionStage<Intake.Outcome> STORED =
      CompletableFuture.completedStage(new Intake.Outcome.Stored());

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Path folder;
  private final OfficeKey key;
  private final Store store;
  private final Channel channel;
  private final Channel bare;

  IntakeOffice(Protocol protocol, InstantSource clock) throws IOException, ChannelException {
    folder = Files.createTempDirectory(Path.of("."), "gridwarden-intake-");
    key = push(OfficeKey.open(folder.resolve("keys")));
    store = push(Store.open(StoreSettings.embedded(folder.resolve("data")), clock));
    HeadendIntake intake =
        push(
            new HeadendIntake(
                IntakeSettings.defaults(),
                store.intake()::commit,
                store.meters().refused()::record,
                push(new LiveFeed()),
                new SimpleMeterRegistry()));
    channel = endpoint(protocol, intake, clock);
    bare = endpoint(protocol, received -> STORED, clock);
  }

  private Channel endpoint(Protocol protocol, Intake intake, InstantSource clock)
      throws ChannelException {
    Channel made = push(protocol.endpoint());
    made.start(
        new Channel.Host(
            intake,
            store.meters(),
            new OfficeKeyAccess(key, store.meters()),
            new LimitedAdmission(AdmissionLimits.defaults()),
            store.sendCounter(),
            clock));
    return made;
  }

  private <T extends AutoCloseable> T push(T part) {
    open.push(part);
    return part;
  }

  /** Takes in a shipment with keys in the clear. */
  void ship(List<String> lines) throws IOException {
    byte[] csv = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    ShipmentResult result =
        store
            .meters()
            .importShipment(
                Shipments.read(new ByteArrayInputStream(csv), ShipmentRules.of(key, true)),
                key,
                false);
    if (!result.stored()) {
      throw new IOException("the shipment was refused: " + result);
    }
  }

  Channel channel() {
    return channel;
  }

  int port() {
    return port(channel);
  }

  /** Of the endpoint that keeps nothing. */
  int barePort() {
    return port(bare);
  }

  private static int port(Channel channel) {
    String instance = channel.id().instance();
    return Integer.parseInt(instance.substring(instance.indexOf('-') + 1));
  }

  /** A number that a query gives. */
  long count(String query) throws SQLException {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(query)) {
      r.next();
      return r.getLong(1);
    }
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
