package org.gridwarden.simulator.zigbee.meter;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.security.cbke.CbkeIdentity;
import org.gridwarden.simulator.zigbee.net.ApsFrame;
import org.gridwarden.simulator.zigbee.net.Device;
import org.gridwarden.simulator.zigbee.net.Zdo;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * A Smart Energy metering device: Basic, Metering with reports and alarms, Electrical Measurement,
 * and the server of a tunnel through which secured messages go. What concerns energy goes under the
 * link key only. On the model's thread only.
 */
public final class SmartEnergyMeter {
  public static final int ENDPOINT = 1;
  public static final int PROFILE = 0x0109;
  static final int BASIC = 0x0000;
  static final int ALARMS = 0x0009;
  static final int METERING = 0x0702;
  static final int TUNNELING = 0x0704;
  static final int MEASUREMENT = 0x0B04;
  private static final int METERING_DEVICE = 0x0501;

  /** Bit of the metering status, and code of the alarm: somebody tampers with it. */
  public static final int TAMPER = 2;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final Device device;
  private final Timeline time;
  private final MeterValues values;
  private final String serial;
  private final Tunnel tunnel;
  private final EnergyServices services;
  private final LoadControl loads;
  private final Display display;
  private final Account account;
  private final List<MeterCluster> clusters;
  private final Map<Integer, Reporting> reporting = new HashMap<>();
  private Optional<KeyEstablishment> establishment = Optional.empty();
  private Optional<DlmsTunnel> dlms = Optional.empty();
  private Optional<OtaClient> ota = Optional.empty();
  private boolean tunnels = true;
  private boolean profiles = true;
  private int status;
  private int sequence;

  private static final class Reporting {
    private final List<Integer> attributes = new ArrayList<>();
    private long micros;
    private Timeline.@Nullable Due next;
  }

  public SmartEnergyMeter(Device device, Timeline time, String serial, MeterValues values) {
    this.device = device;
    this.time = time;
    this.serial = serial;
    this.values = values;
    this.tunnel = new Tunnel(this::tunnelled);
    this.services = new EnergyServices(time, values::now, this::ask);
    this.loads =
        new LoadControl(
            time,
            services::clock,
            new Random(device.aps().node().eui64()),
            this::ask,
            values::shed);
    this.display = new Display(time, services::clock, this::ask);
    this.account = new Account(values::wattHours);
    Consumer<Zcl> metering = answer -> send(METERING, answer, told -> {});
    this.clusters =
        List.of(
            services,
            loads,
            display,
            account,
            new SupplySwitch(time, services::clock, values, () -> !tunnels, metering),
            new LoadProfile(time, services::clock, values, () -> profiles, metering));
    device.application(this::heard);
  }

  /** The radio device that it is. */
  public Device device() {
    return device;
  }

  /** Its end of the tunnel to the office. */
  public Tunnel tunnel() {
    return tunnel;
  }

  /** What it asks of the office by Zigbee's own clusters. */
  public EnergyServices services() {
    return services;
  }

  /**
   * Gives it certificates: from the office's next tunnel on it asks for a link key by them.
   *
   * @param identities one a suite, of this very device
   */
  public KeyEstablishment certify(List<CbkeIdentity> identities, SecureRandom random) {
    KeyEstablishment fresh =
        new KeyEstablishment(
            time,
            identities,
            random,
            () -> Optional.ofNullable(device.aps().names().get(0)),
            this::ask,
            key -> device.rekey(key));
    establishment = Optional.of(fresh);
    return fresh;
  }

  /** Its key by certificates; empty where it has none. */
  public Optional<KeyEstablishment> establishment() {
    return establishment;
  }

  /**
   * Has it serve DLMS through a tunnel, too.
   *
   * @param devices by wrapper port; 1 is the management logical device
   */
  public void serve(Map<Integer, LogicalDevice> devices) {
    dlms =
        Optional.of(
            new DlmsTunnel(
                devices,
                (number, transfer, told) ->
                    send(
                        TUNNELING,
                        new Zcl(true, true, number, Tunnel.TRANSFER_UP, transfer),
                        told)));
  }

  /** Has it take firmware over the air. */
  public OtaClient upgradable(OtaClient.Store store) {
    OtaClient fresh = new OtaClient(time, store, this::ask);
    ota = Optional.of(fresh);
    return fresh;
  }

  /** What can be switched off in its household for a while. */
  public LoadControl loads() {
    return loads;
  }

  /** Its display. */
  public Display display() {
    return display;
  }

  /** Its prepayment account. */
  public Account account() {
    return account;
  }

  /** One that has no tunnel, and obeys whoever has its link key; said before it joins. */
  public void withoutTunnel() {
    tunnels = false;
  }

  /** One that keeps no quarter-hours. */
  public void withoutProfile() {
    profiles = false;
  }

  private void ask(int cluster, boolean own, int command, byte[] payload) {
    sequence = sequence + 1 & 0xFF;
    send(cluster, new Zcl(own, false, sequence, command, payload), told -> {});
  }

  /** Somebody opens its casing: it tells at once, and its status says so until it is closed. */
  public void openCasing() {
    status |= 1 << TAMPER;
    alarm(TAMPER);
  }

  /** Its casing is closed again. */
  public void closeCasing() {
    status &= ~(1 << TAMPER);
  }

  private void alarm(int code) {
    byte[] alarm = new Zcl.Out().number(1, code).number(2, METERING).done();
    sequence = sequence + 1 & 0xFF;
    send(
        ALARMS,
        new Zcl(true, true, sequence, 0, alarm),
        told -> {
          if (!told) {
            time.after(10_000_000, () -> alarm(code)); // until the office has it
          }
        });
  }

  private void heard(int from, ApsFrame frame) {
    if (frame.profile() == 0) {
      deviceProfile(from, frame);
      return;
    }
    if (frame.toEndpoint() != ENDPOINT || from != 0) {
      return;
    }
    Zcl zcl = Zcl.parse(frame.payload()).orElse(null);
    if (zcl != null && frame.cluster() == KeyEstablishment.CLUSTER) {
      establishment.ifPresent(e -> e.take(zcl)); // certificates prove it, not the link key
      return;
    }
    // but for what is printed on its label, nothing is said or done without the link key
    if (zcl == null || !frame.secured() && frame.cluster() != BASIC) {
      return;
    }
    if (frame.secured() && clusters.stream().anyMatch(c -> c.take(frame.cluster(), zcl))) {
      return;
    }
    if (frame.cluster() == OtaClient.CLUSTER
        && zcl.cluster()
        && zcl.fromServer()
        && ota.isPresent()) {
      ota.get().take(zcl);
      return;
    }
    if (zcl.cluster()) {
      Optional<DlmsTunnel> its = dlms.filter(d -> d.takes(zcl));
      if (tunnels && frame.cluster() == TUNNELING && !zcl.fromServer() && its.isPresent()) {
        its.get().take(zcl).ifPresent(answer -> send(TUNNELING, answer, told -> {}));
      } else if (tunnels && frame.cluster() == TUNNELING && !zcl.fromServer()) {
        tunnel.take(zcl).ifPresent(answer -> send(TUNNELING, answer, told -> {}));
        if (zcl.command() == Tunnel.REQUEST) {
          // the office is there
          establishment.ifPresentOrElse(e -> e.begin(this::begin), this::begin);
        }
      } else {
        refuse(frame.cluster(), zcl);
      }
      return;
    }
    switch (zcl.command()) {
      case Zcl.READ -> read(frame.cluster(), zcl);
      case Zcl.CONFIGURE_REPORTING -> configure(frame.cluster(), zcl);
      case Zcl.DEFAULT_RESPONSE -> {
        // nothing was waited for
      }
      default -> refuse(frame.cluster(), zcl);
    }
  }

  private void begin() {
    clusters.forEach(MeterCluster::begin);
  }

  private void refuse(int cluster, Zcl zcl) {
    byte[] payload = {(byte) zcl.command(), (byte) Zcl.UNSUPPORTED_COMMAND};
    send(
        cluster,
        new Zcl(false, !zcl.fromServer(), zcl.sequence(), Zcl.DEFAULT_RESPONSE, payload),
        told -> {});
  }

  private void read(int cluster, Zcl zcl) {
    Zcl.Out out = new Zcl.Out();
    for (int at = 0; at + 1 < zcl.payload().length; at += 2) {
      int id = (int) Zcl.number(zcl.payload(), at, 2);
      out.number(2, id);
      Optional<Attribute> attribute = attribute(cluster, id);
      out.number(1, attribute.isPresent() ? Zcl.SUCCESS : Zcl.UNSUPPORTED_ATTRIBUTE);
      attribute.ifPresent(a -> a.write(out));
    }
    send(cluster, new Zcl(false, true, zcl.sequence(), Zcl.READ_RESPONSE, out.done()), told -> {});
  }

  private Optional<Attribute> attribute(int cluster, int id) {
    return Optional.ofNullable(
        switch (cluster << 16 | id) {
          case BASIC << 16 -> Attribute.unsigned8(3);
          case BASIC << 16 | 0x0004 -> Attribute.text("Gridwarden");
          case BASIC << 16 | 0x0005 -> Attribute.text("software model");
          case METERING << 16 -> Attribute.unsigned48(values.wattHours());
          case METERING << 16 | 0x0007 ->
              Attribute.time(services.clock().getEpochSecond() - EPOCH.getEpochSecond());
          case METERING << 16 | 0x0200 -> Attribute.bits8(status);
          case METERING << 16 | 0x0300 -> Attribute.enum8(0); // kWh, in binary
          case METERING << 16 | 0x0301 -> Attribute.unsigned24(1);
          case METERING << 16 | 0x0302 -> Attribute.unsigned24(1000);
          case METERING << 16 | 0x0303 -> Attribute.bits8(6 << 3 | 3);
          case METERING << 16 | 0x0306 -> Attribute.bits8(0);
          case METERING << 16 | 0x0308 -> Attribute.text(serial);
          case METERING << 16 | 0x0400 -> Attribute.signed24(values.watts());
          case MEASUREMENT << 16 | 0x0505 -> Attribute.unsigned16(values.deciVolts());
          case MEASUREMENT << 16 | 0x050B -> Attribute.signed16(values.watts());
          case MEASUREMENT << 16 | 0x0600 -> Attribute.unsigned16(1);
          case MEASUREMENT << 16 | 0x0601 -> Attribute.unsigned16(10);
          default ->
              clusters.stream()
                  .flatMap(c -> c.attribute(cluster, id).stream())
                  .findFirst()
                  .orElse(null);
        });
  }

  private void configure(int cluster, Zcl zcl) {
    byte[] all = zcl.payload();
    Reporting fresh = new Reporting();
    long longest = 0xFFFF;
    int at = 0;
    while (at + 8 <= all.length && all[at] == 0) {
      int id = (int) Zcl.number(all, at + 1, 2);
      int type = all[at + 3] & 0xFF;
      longest = Math.min(longest, Zcl.number(all, at + 6, 2));
      fresh.attributes.add(id);
      at += 8 + changeLength(type);
    }
    fresh.micros = Math.max(1, longest) * 1_000_000;
    if (!tunnels && cluster == METERING) {
      clusters.forEach(MeterCluster::begin); // the office is there
    }
    Reporting old = reporting.put(cluster, fresh);
    if (old != null && old.next != null) {
      old.next.cancel();
    }
    // not all at once after a power cut
    fresh.next =
        time.after(
            Math.floorMod(device.aps().node().eui64() * 7_919_000L, fresh.micros),
            () -> report(cluster, fresh));
    send(
        cluster,
        new Zcl(
            false,
            true,
            zcl.sequence(),
            Zcl.CONFIGURE_REPORTING_RESPONSE,
            new byte[] {Zcl.SUCCESS}),
        told -> {});
  }

  /** How many bytes the reportable change has: none with types that are no quantities. */
  static int changeLength(int type) {
    return switch (type) {
      case 0x20, 0x28 -> 1;
      case 0x21, 0x29 -> 2;
      case 0x22, 0x2A -> 3;
      case 0x23, 0x2B, 0xE2 -> 4;
      case 0x25 -> 6;
      default -> 0;
    };
  }

  private void report(int cluster, Reporting what) {
    if (reporting.get(cluster) != what) {
      return;
    }
    what.next = time.after(what.micros, () -> report(cluster, what));
    if (!device.inside()) {
      return;
    }
    Zcl.Out out = new Zcl.Out();
    for (int id : what.attributes) {
      attribute(cluster, id)
          .ifPresent(a -> {
            out.number(2, id);
            a.write(out);
          });
    }
    sequence = sequence + 1 & 0xFF;
    send(cluster, new Zcl(false, true, sequence, Zcl.REPORT, out.done()), told -> {});
  }

  private void tunnelled(byte[] transfer, Consumer<Boolean> told) {
    sequence = sequence + 1 & 0xFF;
    send(TUNNELING, new Zcl(true, true, sequence, Tunnel.TRANSFER_UP, transfer), told);
  }

  private void send(int cluster, Zcl zcl, Consumer<Boolean> told) {
    boolean goes =
        device
            .aps()
            .send(
                0,
                new ApsFrame(
                    ApsFrame.Type.DATA,
                    false,
                    true,
                    cluster != BASIC && cluster != KeyEstablishment.CLUSTER,
                    ENDPOINT,
                    cluster,
                    PROFILE,
                    ENDPOINT,
                    device.aps().nextCounter(),
                    zcl.bytes()),
                told);
    if (!goes) {
      time.after(0, () -> told.accept(false));
    }
  }

  private void deviceProfile(int from, ApsFrame frame) {
    if (frame.payload().length == 0) {
      return;
    }
    int number = frame.payload()[0];
    int own = device.aps().node().address();
    Zcl.Out out = new Zcl.Out().number(1, number).number(1, Zcl.SUCCESS);
    switch (frame.cluster()) {
      case Zdo.ACTIVE_ENDPOINTS -> out.number(2, own).number(1, 1).number(1, ENDPOINT);
      case Zdo.SIMPLE_DESCRIPTOR -> {
        List<Integer> servers =
            Stream.concat(
                    Stream.of(BASIC, ALARMS, METERING, MEASUREMENT),
                    Stream.concat(
                        tunnels ? Stream.of(TUNNELING) : Stream.empty(),
                        clusters.stream().flatMap(c -> c.servers().stream())))
                .toList();
        out.number(2, own)
            .number(1, 8 + 2 * servers.size())
            .number(1, ENDPOINT)
            .number(2, PROFILE)
            .number(2, METERING_DEVICE)
            .number(1, 0)
            .number(1, servers.size());
        for (int server : servers) {
          out.number(2, server);
        }
        out.number(1, 0);
      }
      case Zdo.BIND -> {
        // reports go to the coordinator anyway
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
