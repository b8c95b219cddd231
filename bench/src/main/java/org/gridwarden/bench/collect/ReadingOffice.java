package org.gridwarden.bench.collect;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.gridwarden.channel.dlms.DlmsChannelFactory;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.headend.Collection;
import org.gridwarden.headend.CollectionSettings;
import org.gridwarden.headend.HeadendIntake;
import org.gridwarden.headend.IntakeSettings;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.headend.StoredBook;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.OfficeKeyAccess;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.gridwarden.simulator.PullStreet;
import org.gridwarden.store.ShipmentResult;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;

/**
 * An office that reads meters, as the server puts it together, without its web: a database of its
 * own in a folder that goes away, intake, the DLMS channel that calls, and collection.
 */
public final class ReadingOffice implements AutoCloseable {
  private static final int SHIPPED = 50_000;

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Path folder;
  private final InstantSource clock;
  private final MeterRegistry metrics = new SimpleMeterRegistry();
  private final OfficeKey key;
  private final Store store;
  private final HeadendIntake intake;
  private final List<Channel> channels;

  private ReadingOffice(Path folder, InstantSource clock, Duration patience)
      throws IOException, ChannelException {
    this.folder = folder;
    this.clock = clock;
    key = push(OfficeKey.open(folder.resolve("keys")));
    store = push(Store.open(StoreSettings.embedded(folder.resolve("data")), clock));
    intake =
        push(
            new HeadendIntake(
                IntakeSettings.defaults(),
                store.intake()::commit,
                store.meters().refused()::record,
                push(new LiveFeed()),
                metrics));
    channels = new DlmsChannelFactory().create(Map.of("patience", patience.toMillis() + "ms"));
    Channel.Host host =
        new Channel.Host(
            intake,
            store.meters(),
            new OfficeKeyAccess(key, store.meters()),
            new LimitedAdmission(AdmissionLimits.defaults()),
            store.sendCounter(),
            clock);
    for (Channel channel : channels) {
      push(channel).start(host);
    }
  }

  /**
   * Opens one in a new folder below the working folder.
   *
   * @param patience how long an answer is waited for
   */
  public static ReadingOffice open(InstantSource clock, Duration patience)
      throws IOException, ChannelException {
    Path folder = Files.createTempDirectory(Path.of("."), "gridwarden-collect-");
    return new ReadingOffice(folder, clock, patience);
  }

  private <T extends AutoCloseable> T push(T part) {
    open.push(part);
    return part;
  }

  /** Registers a street's meters, keys and addresses. */
  public void register(PullStreet street, int meters) throws IOException {
    Path file = folder.resolve("shipment.csv");
    for (int first = 1; first <= meters; first += SHIPPED) {
      street.writePlainShipment(file, first, Math.min(meters, first + SHIPPED - 1));
      try (InputStream in = Files.newInputStream(file)) {
        ShipmentResult result =
            store
                .meters()
                .importShipment(Shipments.read(in, ShipmentRules.of(key, true)), key, false);
        if (!result.stored()) {
          throw new IOException("the shipment was refused: " + result.rejected());
        }
      }
    }
    Files.delete(file);
  }

  /** Collection as it would begin after a start; not started. */
  public Collection collection(CollectionSettings settings, long seed) {
    return new Collection(
        settings,
        new StoredBook(store),
        store.meters(),
        channels,
        intake,
        clock,
        new Random(seed),
        metrics);
  }

  /** The office's database. */
  public Store store() {
    return store;
  }

  /** Every figure. */
  public MeterRegistry metrics() {
    return metrics;
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
