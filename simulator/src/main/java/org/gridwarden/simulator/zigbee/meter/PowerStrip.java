package org.gridwarden.simulator.zigbee.meter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.gridwarden.simulator.zigbee.net.ApsFrame;
import org.gridwarden.simulator.zigbee.net.Device;
import org.gridwarden.simulator.zigbee.net.Zdo;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.gridwarden.simulator.zigbee.strip.Outlet;

/**
 * A power strip: each outlet is an endpoint with On/Off, Electrical Measurement and Metering.
 * Reports what it was told to, when it is due or has changed enough. It verifies nobody's
 * signature: whoever has its link key switches it, and nobody else. On the model's thread only.
 */
public final class PowerStrip {
  /** Home automation. */
  static final int PROFILE = 0x0104;

  static final int ON_OFF = 0x0006;
  private static final int SMART_PLUG = 0x0051;
  private static final int[] SERVERS = {
    SmartEnergyMeter.BASIC, ON_OFF, SmartEnergyMeter.METERING, SmartEnergyMeter.MEASUREMENT
  };
  private static final long LOOK = 1_000_000;
  private static final long DECIVOLTS = 2_300;

  private final Device device;
  private final Timeline time;
  private final List<Outlet> outlets;
  private final TreeMap<Watched, Reporting> reporting = new TreeMap<>();
  private int sequence;

  /** An attribute of an outlet. */
  private record Watched(int endpoint, int cluster, int attribute) implements Comparable<Watched> {
    @Override
    public int compareTo(Watched o) {
      int by = Integer.compare(endpoint, o.endpoint);
      by = by != 0 ? by : Integer.compare(cluster, o.cluster);
      return by != 0 ? by : Integer.compare(attribute, o.attribute);
    }
  }

  /** When it is to be told; times in microseconds. */
  private static final class Reporting {
    private long shortest;
    private long longest;
    private long change;
    private long last;
    private long told;
  }

  /**
   * @param outlets 1 to 64, at the endpoints from 1 on
   */
  public PowerStrip(Device device, Timeline time, List<Outlet> outlets) {
    this.device = device;
    this.time = time;
    this.outlets = List.copyOf(outlets);
    device.application(this::heard);
    time.after(LOOK, this::look);
  }

  /** The radio device that it is. */
  public Device device() {
    return device;
  }

  /** Its outlets, the first first. */
  public List<Outlet> outlets() {
    return outlets;
  }

  private void heard(int from, ApsFrame frame) {
    if (frame.profile() == 0) {
      deviceProfile(from, frame);
      return;
    }
    Optional<Outlet> outlet = outlet(frame.toEndpoint());
    Zcl zcl = Zcl.parse(frame.payload()).orElse(null);
    if (from != 0
        || outlet.isEmpty()
        || zcl == null
        || !frame.secured()
        || frame.profile() != PROFILE) {
      return;
    }
    int endpoint = frame.toEndpoint();
    int cluster = frame.cluster();
    if (zcl.cluster()) {
      int status = Zcl.UNSUPPORTED_COMMAND;
      if (cluster == ON_OFF && zcl.command() <= 2) {
        outlet.get().turn(zcl.command() == 2 ? !outlet.get().on() : zcl.command() == 1);
        status = Zcl.SUCCESS;
      }
      byte[] told = {(byte) zcl.command(), (byte) status};
      send(endpoint, cluster, new Zcl(false, true, zcl.sequence(), Zcl.DEFAULT_RESPONSE, told));
      return;
    }
    switch (zcl.command()) {
      case Zcl.READ -> read(outlet.get(), endpoint, cluster, zcl);
      case Zcl.CONFIGURE_REPORTING -> configure(outlet.get(), endpoint, cluster, zcl);
      default -> {
        // nothing was waited for
      }
    }
  }

  private Optional<Outlet> outlet(int endpoint) {
    return endpoint >= 1 && endpoint <= outlets.size()
        ? Optional.of(outlets.get(endpoint - 1))
        : Optional.empty();
  }

  private void read(Outlet outlet, int endpoint, int cluster, Zcl zcl) {
    Zcl.Out out = new Zcl.Out();
    for (int at = 0; at + 1 < zcl.payload().length; at += 2) {
      int id = (int) Zcl.number(zcl.payload(), at, 2);
      out.number(2, id);
      Optional<Attribute> attribute = attribute(outlet, cluster, id);
      out.number(1, attribute.isPresent() ? Zcl.SUCCESS : Zcl.UNSUPPORTED_ATTRIBUTE);
      attribute.ifPresent(a -> a.write(out));
    }
    send(endpoint, cluster, new Zcl(false, true, zcl.sequence(), Zcl.READ_RESPONSE, out.done()));
  }

  private static Optional<Attribute> attribute(Outlet outlet, int cluster, int id) {
    return Optional.ofNullable(
        switch (cluster << 16 | id) {
          case SmartEnergyMeter.BASIC << 16 -> Attribute.unsigned8(3);
          case SmartEnergyMeter.BASIC << 16 | 0x0004 -> Attribute.text("Gridwarden");
          case SmartEnergyMeter.BASIC << 16 | 0x0005 -> Attribute.text("software model of a strip");
          case ON_OFF << 16 -> Attribute.flag(outlet.on());
          case SmartEnergyMeter.METERING << 16 -> Attribute.unsigned48(outlet.tenthWattHours());
          case SmartEnergyMeter.METERING << 16 | 0x0300 -> Attribute.enum8(0); // kWh, in binary
          case SmartEnergyMeter.METERING << 16 | 0x0301 -> Attribute.unsigned24(1);
          case SmartEnergyMeter.METERING << 16 | 0x0302 -> Attribute.unsigned24(10_000);
          case SmartEnergyMeter.MEASUREMENT << 16 | 0x0505 -> Attribute.unsigned16(DECIVOLTS);
          case SmartEnergyMeter.MEASUREMENT << 16 | 0x0508 ->
              Attribute.unsigned16(outlet.milliwatts() * 10 / DECIVOLTS);
          case SmartEnergyMeter.MEASUREMENT << 16 | 0x050B ->
              Attribute.signed16(outlet.milliwatts() / 100);
          case SmartEnergyMeter.MEASUREMENT << 16 | 0x0600,
              SmartEnergyMeter.MEASUREMENT << 16 | 0x0602,
              SmartEnergyMeter.MEASUREMENT << 16 | 0x0604 ->
              Attribute.unsigned16(1);
          case SmartEnergyMeter.MEASUREMENT << 16 | 0x0601,
              SmartEnergyMeter.MEASUREMENT << 16 | 0x0605 ->
              Attribute.unsigned16(10);
          case SmartEnergyMeter.MEASUREMENT << 16 | 0x0603 -> Attribute.unsigned16(1_000);
          default -> null;
        });
  }

  private void configure(Outlet outlet, int endpoint, int cluster, Zcl zcl) {
    byte[] all = zcl.payload();
    int at = 0;
    while (at + 8 <= all.length && all[at] == 0) {
      int id = (int) Zcl.number(all, at + 1, 2);
      int length = SmartEnergyMeter.changeLength(all[at + 3] & 0xFF);
      if (at + 8 + length > all.length) {
        break;
      }
      Reporting fresh = new Reporting();
      fresh.shortest = Zcl.number(all, at + 4, 2) * 1_000_000;
      fresh.longest = Math.max(1, Zcl.number(all, at + 6, 2)) * 1_000_000;
      fresh.change = length == 0 ? 1 : Math.max(1, Zcl.number(all, at + 8, length));
      // at once, since the office wants to know how it stands; not all strips together later on
      fresh.last = Long.MIN_VALUE / 2;
      attribute(outlet, cluster, id)
          .ifPresent(a -> reporting.put(new Watched(endpoint, cluster, id), fresh));
      at += 8 + length;
    }
    send(
        endpoint,
        cluster,
        new Zcl(
            false,
            true,
            zcl.sequence(),
            Zcl.CONFIGURE_REPORTING_RESPONSE,
            new byte[] {Zcl.SUCCESS}));
  }

  /** Tells what is due, or has changed enough: a cluster's attributes in one report. */
  private void look() {
    time.after(LOOK, this::look);
    if (!device.inside()) {
      return;
    }
    Map<Watched, Zcl.Out> reports = new HashMap<>();
    reporting.forEach((watched, when) -> {
      Attribute now =
          outlet(watched.endpoint)
              .flatMap(o -> attribute(o, watched.cluster, watched.attribute))
              .orElseThrow();
      long since = time.now() - when.last;
      boolean changed = Math.abs(now.value() - when.told) >= when.change;
      if (since >= when.longest || changed && since >= when.shortest) {
        when.last = time.now();
        when.told = now.value();
        Zcl.Out out =
            reports.computeIfAbsent(
                new Watched(watched.endpoint, watched.cluster, 0), w -> new Zcl.Out());
        out.number(2, watched.attribute);
        now.write(out);
      }
    });
    new TreeMap<>(reports)
        .forEach((from, out) -> {
          sequence = sequence + 1 & 0xFF;
          send(from.endpoint, from.cluster, new Zcl(false, true, sequence, Zcl.REPORT, out.done()));
        });
  }

  private void send(int endpoint, int cluster, Zcl zcl) {
    device
        .aps()
        .send(
            0,
            new ApsFrame(
                ApsFrame.Type.DATA,
                false,
                true,
                true,
                SmartEnergyMeter.ENDPOINT,
                cluster,
                PROFILE,
                endpoint,
                device.aps().nextCounter(),
                zcl.bytes()),
            told -> {});
  }

  private void deviceProfile(int from, ApsFrame frame) {
    byte[] asked = frame.payload();
    if (asked.length == 0) {
      return;
    }
    int own = device.aps().node().address();
    Zcl.Out out = new Zcl.Out().number(1, asked[0]).number(1, Zcl.SUCCESS);
    switch (frame.cluster()) {
      case Zdo.ACTIVE_ENDPOINTS -> {
        out.number(2, own).number(1, outlets.size());
        for (int endpoint = 1; endpoint <= outlets.size(); endpoint++) {
          out.number(1, endpoint);
        }
      }
      case Zdo.SIMPLE_DESCRIPTOR -> {
        out.number(2, own)
            .number(1, 8 + 2 * SERVERS.length)
            .number(1, asked.length < 4 ? 1 : asked[3])
            .number(2, PROFILE)
            .number(2, SMART_PLUG)
            .number(1, 0)
            .number(1, SERVERS.length);
        for (int server : SERVERS) {
          out.number(2, server);
        }
        out.number(1, 0);
      }
      case Zdo.LEAVE -> time.after(100_000, device::leave);
      default -> {
        return;
      }
    }
    device
        .aps()
        .send(
            from,
            new ApsFrame(
                ApsFrame.Type.DATA,
                false,
                true,
                false,
                0,
                frame.cluster() | Zdo.RESPONSE,
                0,
                0,
                device.aps().nextCounter(),
                out.done()),
            told -> {});
  }
}
