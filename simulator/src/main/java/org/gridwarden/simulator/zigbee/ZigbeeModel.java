package org.gridwarden.simulator.zigbee;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.gridwarden.security.cbke.MmoHash;
import org.gridwarden.security.cbke.TestAuthority;
import org.gridwarden.simulator.zigbee.ash.AshEnd;
import org.gridwarden.simulator.zigbee.ezsp.EzspNcp;
import org.gridwarden.simulator.zigbee.meter.MeterValues;
import org.gridwarden.simulator.zigbee.meter.OtaClient;
import org.gridwarden.simulator.zigbee.meter.PowerStrip;
import org.gridwarden.simulator.zigbee.meter.SmartEnergyMeter;
import org.gridwarden.simulator.zigbee.net.Device;
import org.gridwarden.simulator.zigbee.net.Net;
import org.gridwarden.simulator.zigbee.net.TrustCentre;
import org.gridwarden.simulator.zigbee.radio.Air;
import org.gridwarden.simulator.zigbee.radio.Pace;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.gridwarden.simulator.zigbee.security.InstallCode;
import org.gridwarden.simulator.zigbee.strip.Outlet;
import org.gridwarden.simulator.zigbee.xbee.ApiEnd;
import org.gridwarden.simulator.zigbee.xbee.XBeeModule;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator's dongle at the end of a serial line, and meters around it in rings, all of it a
 * software model that goes by the wall's clock. Thread-safe.
 */
public final class ZigbeeModel implements AutoCloseable {
  /** The dongle's address; its first bytes are no maker's, being of the locally given ones. */
  public static final long CENTRE = 0x0247_5700_0000_0000L;

  private final Timeline time = new Timeline();
  private final Air air;
  private final Net net;
  private final Map<String, SmartEnergyMeter> meters = new LinkedHashMap<>();
  private final Map<String, PowerStrip> strips = new LinkedHashMap<>();
  private final Layout layout;
  private final long seed;
  private final Dongle dongle;
  private volatile Consumer<byte[]> toHost = frame -> {};
  private @Nullable AutoCloseable line;
  private final Pace pace;

  /**
   * Where the meters stand.
   *
   * @param ring how many hear the coordinator; as many again hear one of those, and so on
   * @param loss which part of the frames is lost without a collision, 0 to 1
   */
  public record Layout(int ring, double loss) {}

  /** What sits at the serial port. */
  private sealed interface Dongle {
    record Ezsp(EzspNcp ncp) implements Dongle {}

    record XBee(XBeeModule module) implements Dongle {}

    default TrustCentre centre() {
      return switch (this) {
        case Ezsp(EzspNcp ncp) -> ncp.centre();
        case XBee(XBeeModule module) -> module.centre();
      };
    }

    default boolean up() {
      return switch (this) {
        case Ezsp(EzspNcp ncp) -> ncp.up();
        case XBee(XBeeModule module) -> module.up();
      };
    }
  }

  /** A model of an Ember dongle, whose meters come with the keys of their install codes. */
  public ZigbeeModel(long seed, Layout layout) {
    this(seed, layout, false);
  }

  /**
   * @param seed from which all chances and all install codes follow
   * @param xbee an XBee module, whose meters come with the key that everybody knows; otherwise an
   *     Ember dongle
   */
  public ZigbeeModel(long seed, Layout layout, boolean xbee) {
    this.seed = seed;
    this.layout = layout;
    this.air = new Air(time, new Random(seed));
    this.net = new Net(air);
    this.dongle =
        xbee
            ? new Dongle.XBee(new XBeeModule(net, CENTRE, frame -> toHost.accept(frame)))
            : new Dongle.Ezsp(new EzspNcp(net, CENTRE, frame -> toHost.accept(frame)));
    this.pace = Pace.start(time);
  }

  /** Plugs the dongle's serial line in. */
  public synchronized void plug(InputStream in, OutputStream out) {
    unplug();
    switch (dongle) {
      case Dongle.Ezsp(EzspNcp ncp) -> {
        AshEnd end =
            new AshEnd(
                in, out, frame -> time.post(() -> ncp.take(frame)), () -> time.post(ncp::reset));
        line = end;
        toHost = end::send;
        end.start();
      }
      case Dongle.XBee(XBeeModule module) -> {
        ApiEnd end = new ApiEnd(in, out, frame -> time.post(() -> module.take(frame)));
        line = end;
        toHost = end::send;
        end.start();
      }
    }
  }

  private synchronized void unplug() {
    AutoCloseable open = line;
    line = null;
    toHost = frame -> {};
    if (open != null) {
      try {
        open.close();
      } catch (Exception e) {
        throw new IllegalStateException("its ends close quietly", e);
      }
    }
  }

  /** Puts up a meter; it is silent until it joins. */
  public void add(String serial, MeterValues values) {
    now(() -> {
      int number = meters.size() + 1;
      Device device = new Device(net, eui64(number), linkKey(number), CENTRE, inside -> {});
      SmartEnergyMeter meter = new SmartEnergyMeter(device, time, serial, values);
      place(number, device);
      if (values instanceof OtaClient.Store store) {
        meter.upgradable(store);
      }
      meters.put(serial, meter);
      return null;
    });
  }

  /** Gives all meters certificates of these authorities, each for a suite of its own. */
  public void certify(List<TestAuthority> authorities) {
    now(() -> {
      for (SmartEnergyMeter meter : meters.values()) {
        long name = meter.device().aps().node().eui64();
        meter.certify(
            authorities.stream().map(a -> a.issue(name, Instant.EPOCH)).toList(),
            new SecureRandom());
      }
      return null;
    });
  }

  /**
   * Plugs in a power strip, which hears the coordinator, the first ring of the meters that are
   * there and all strips; it is silent until it joins. Its number follows the meters': meters come
   * first.
   */
  public void addStrip(String serial, List<Outlet> outlets) {
    now(() -> {
      int number = meters.size() + strips.size() + 1;
      Device device = new Device(net, eui64(number), linkKey(number), CENTRE, inside -> {});
      Air.Station own = device.aps().node().mac().station();
      meters.values().stream()
          .limit(layout.ring())
          .forEach(m -> air.link(own, m.device().aps().node().mac().station(), layout.loss()));
      strips
          .values()
          .forEach(s -> air.link(own, s.device().aps().node().mac().station(), layout.loss()));
      air.link(own, dongle.centre().aps().node().mac().station(), layout.loss());
      strips.put(serial, new PowerStrip(device, time, outlets));
      return null;
    });
  }

  /** A power strip by its serial number. */
  public Optional<PowerStrip> strip(String serial) {
    return now(() -> Optional.ofNullable(strips.get(serial)));
  }

  /** How many power strips are in the network. */
  public long stripsInside() {
    return now(() -> strips.values().stream().filter(s -> s.device().inside()).count());
  }

  /** In rings: the first hear the coordinator, the next as many hear the ring before, and so on. */
  private void place(int number, Device device) {
    Air.Station own = device.aps().node().mac().station();
    int ring = (number - 1) / layout.ring();
    int index = 0;
    for (SmartEnergyMeter other : meters.values()) {
      int its = index++ / layout.ring();
      if (its == ring || its == ring - 1) {
        air.link(own, other.device().aps().node().mac().station(), layout.loss());
      }
    }
    if (ring == 0) {
      air.link(own, dongle.centre().aps().node().mac().station(), layout.loss());
    }
  }

  private byte[] linkKey(int number) {
    return dongle instanceof Dongle.XBee
        ? "ZigBeeAlliance09".getBytes(StandardCharsets.US_ASCII)
        : InstallCode.key(installCode(number));
  }

  /** The address that a meter's maker gave it. */
  public long eui64(int number) {
    return CENTRE + number;
  }

  /** What is printed on a meter: 16 bytes and their CRC. */
  public byte[] installCode(int number) {
    byte[] name = ("install code " + seed + " " + number).getBytes(StandardCharsets.US_ASCII);
    return InstallCode.withCrc(Arrays.copyOf(MmoHash.of(name), 16));
  }

  /** A meter by its serial number. */
  public Optional<SmartEnergyMeter> meter(String serial) {
    return now(() -> Optional.ofNullable(meters.get(serial)));
  }

  /** Has all meters and strips that are outside set out to join. */
  public void joinAll() {
    now(() -> {
      int index = 0;
      for (SmartEnergyMeter meter : meters.values()) {
        if (!meter.device().inside()) {
          time.after(index++ * 150_000L, meter.device()::join);
        }
      }
      for (PowerStrip strip : strips.values()) {
        if (!strip.device().inside()) {
          time.after(index++ * 150_000L, strip.device()::join);
        }
      }
      return null;
    });
  }

  /** How many meters are in the network. */
  public long inside() {
    return now(() -> meters.values().stream().filter(m -> m.device().inside()).count());
  }

  /** How often in all a meter was let in. */
  public long joins() {
    return now(() -> meters.values().stream().mapToLong(m -> m.device().joins()).sum());
  }

  /** How often in all a meter has tried to get in. */
  public long attempts() {
    return now(() -> meters.values().stream().mapToLong(m -> m.device().attempts()).sum());
  }

  /** Whether the dongle's network is up. */
  public boolean up() {
    return now(dongle::up);
  }

  /** The radio channel; to be looked at by {@link #now} only. */
  public Air air() {
    return air;
  }

  /** Does something on the model's own thread, and waits for it. */
  public <T> T now(Supplier<T> what) {
    if (pace.isCurrent()) {
      return what.get();
    }
    CompletableFuture<T> done = new CompletableFuture<>();
    time.post(() -> {
      try {
        done.complete(what.get());
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done.join();
  }

  /** A EUI-64 as it is printed: 16 hexadecimal digits. */
  public static String name(long eui64) {
    return java.util.HexFormat.of()
        .withUpperCase()
        .formatHex(ByteBuffer.allocate(8).putLong(eui64).array());
  }

  @Override
  public void close() {
    unplug();
    pace.close();
  }
}
