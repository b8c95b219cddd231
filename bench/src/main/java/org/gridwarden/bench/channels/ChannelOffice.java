package org.gridwarden.bench.channels;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelFactory;
import org.gridwarden.core.Intake;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportSecurity;
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
 * An office that meters reach over many channels, as the server puts it together, without its web:
 * its database and keys in a folder, intake, and the channels. Thread-safe.
 */
public final class ChannelOffice implements AutoCloseable {
  /** All meters of a test-bed come from one address: its limits are not what is measured. */
  private static final AdmissionLimits WIDE =
      new AdmissionLimits(
          50_000, 50_000, 50_000, 4, 1_000_000, 1_000_000, 1_000_000, 65_536, Set.of());

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final OfficeKey key;
  private final Store store;
  private final List<Channel> channels = new ArrayList<>();

  private ChannelOffice(Path folder, InstantSource clock) throws IOException {
    key = push(OfficeKey.open(folder.resolve("keys")));
    store = push(Store.open(StoreSettings.embedded(folder.resolve("data")), clock));
  }

  /**
   * Opens one.
   *
   * @param folder its own
   * @param sections the channels' sections of the configuration, by their names
   * @param watched what stands before intake and sees all that comes
   * @param tls what it speaks TLS with, made with the office's key
   */
  public static ChannelOffice open(
      Path folder,
      InstantSource clock,
      Map<String, Map<String, Object>> sections,
      UnaryOperator<Intake> watched,
      Securing tls)
      throws IOException, ChannelException {
    ChannelOffice office = new ChannelOffice(folder, clock);
    try {
      office.listen(clock, sections, watched, tls.with(office.key));
      return office;
    } catch (IOException | ChannelException | RuntimeException e) {
      office.close();
      throw e;
    }
  }

  /** Makes an office's transport security. */
  public interface Securing {
    /** None. */
    Securing NONE = key -> TransportSecurity.NONE;

    /** Makes it. */
    TransportSecurity with(OfficeKey key) throws IOException;
  }

  private void listen(
      InstantSource clock,
      Map<String, Map<String, Object>> sections,
      UnaryOperator<Intake> watched,
      TransportSecurity tls)
      throws ChannelException {
    HeadendIntake intake =
        push(
            new HeadendIntake(
                IntakeSettings.defaults(),
                store.intake()::commit,
                store.meters().refused()::record,
                push(new LiveFeed()),
                new SimpleMeterRegistry()));
    Channel.Host host =
        new Channel.Host(
            watched.apply(intake),
            store.meters(),
            new OfficeKeyAccess(key, store.meters()),
            new LimitedAdmission(WIDE),
            store.sendCounter(),
            clock,
            tls);
    for (ChannelFactory factory : ServiceLoader.load(ChannelFactory.class)) {
      Map<String, Object> section = sections.get(factory.name());
      if (section != null) {
        for (Channel channel : factory.create(section)) {
          push(channel).start(host);
          channels.add(channel);
        }
      }
    }
  }

  private <T extends AutoCloseable> T push(T part) {
    open.push(part);
    return part;
  }

  /** To which keys of meters are wrapped. */
  public PublicKey officeKey() {
    return key.publicKey();
  }

  /**
   * Takes in a shipment.
   *
   * @throws IOException where a line of it is wrong
   */
  public void ship(Path shipment) throws IOException {
    try (InputStream in = Files.newInputStream(shipment)) {
      ShipmentResult result =
          store
              .meters()
              .importShipment(Shipments.read(in, ShipmentRules.of(key, true)), key, false);
      if (!result.stored()) {
        throw new IOException("the shipment was refused: " + result.rejected());
      }
    }
  }

  /**
   * Where a listener is.
   *
   * @throws IllegalArgumentException where there is none
   */
  public int port(String section, String listener) {
    return channels.stream()
        .filter(c -> c.id().name().equals(section))
        .map(c -> c.id().instance())
        .filter(instance -> instance.startsWith(listener + "-"))
        .map(instance -> Integer.parseInt(instance.substring(listener.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no listener " + section + "." + listener));
  }

  /** The channel that has a way to a meter now. */
  public Optional<Channel> reaching(MeterId meter) {
    return channels.stream().filter(c -> c.reaches(meter)).findFirst();
  }

  /** What it keeps. */
  public Store store() {
    return store;
  }

  @Override
  public synchronized void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a part of the office does not close", e);
      }
    }
  }
}
