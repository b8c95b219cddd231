package org.gridwarden.bench.command;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.channel.dlms.DlmsChannelFactory;
import org.gridwarden.core.Channel;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.HeadendIntake;
import org.gridwarden.headend.IntakeSettings;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.headend.command.ChannelWay;
import org.gridwarden.headend.command.MeterWay;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.OfficeKeyAccess;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.gridwarden.security.command.TrustFolder;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.store.ShipmentResult;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;

/**
 * A street of simulated meters that have called in over TCP and are commanded over their own
 * connections: DLMS associations under their keys, orders to the desk of each. They push meanwhile.
 */
final class DlmsSetting implements Setting {
  private static final Duration CALLED_IN = Duration.ofMinutes(5);
  private static final Duration SESSION = Duration.ofSeconds(45);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Store store;
  private final MeterWay way;
  private final List<MeterId> meters;

  DlmsSetting(Path folder, int count, PublicKey operator, InstantSource clock) throws Exception {
    OfficeKey key = push(OfficeKey.open(folder.resolve("keys")));
    store = push(Store.open(StoreSettings.embedded(folder.resolve("data")), clock));
    HeadendIntake intake =
        push(
            new HeadendIntake(
                IntakeSettings.defaults(),
                store.intake()::commit,
                store.meters().refused()::record,
                push(new LiveFeed()),
                new SimpleMeterRegistry()));
    List<Channel> channels =
        new DlmsChannelFactory()
            .create(Map.of("tcp", Map.of("bind", "127.0.0.1", "port", 0), "patience", "20s"));
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
    Path operators = folder.resolve("operators");
    new TrustFolder(operators).put(operator);
    Street street =
        push(
            Street.of(
                new StreetSettings(
                    count,
                    OptionalLong.empty(),
                    Optional.empty(),
                    ZoneOffset.UTC,
                    Duration.ZERO,
                    Duration.ofMinutes(1),
                    StreetSettings.Transport.TCP,
                    true, // commands go over the connections on which meters have called in
                    0,
                    Duration.ofSeconds(20),
                    Optional.empty(),
                    Optional.of(operators)),
                Households.load(),
                clock));
    ship(street, folder.resolve("shipment.csv"), key);
    Channel tcp = channels.getFirst();
    street.start(
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(),
            Integer.parseInt(tcp.id().instance().substring("tcp-".length()))));
    meters = street.serials().stream().map(MeterId::new).toList();
    way = new ChannelWay(channels, SESSION);
    awaitAll(tcp);
  }

  private <T extends AutoCloseable> T push(T part) {
    open.push(part);
    return part;
  }

  private void ship(Street street, Path file, OfficeKey key) throws IOException {
    street.writeShipment(file, key.publicKey());
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

  private void awaitAll(Channel tcp) throws InterruptedException {
    long until = System.nanoTime() + CALLED_IN.toNanos();
    while (!meters.stream().allMatch(tcp::reaches)) {
      if (System.nanoTime() > until) {
        long missing = meters.stream().filter(m -> !tcp.reaches(m)).count();
        throw new IllegalStateException(missing + " meters have not called in");
      }
      Thread.sleep(100);
    }
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public MeterDirectory directory() {
    return store.meters();
  }

  @Override
  public MeterWay way() {
    return way;
  }

  @Override
  public List<MeterId> meters() {
    return meters;
  }

  @Override
  public Optional<PublicKey> receiptKey(MeterId meter) {
    return store.meters().receiptKey(meter);
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
