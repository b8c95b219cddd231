package org.gridwarden.channel.zigbee;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.gridwarden.simulator.zigbee.meter.MeterValues;
import org.gridwarden.simulator.zigbee.meter.SmartEnergyMeter;
import org.gridwarden.simulator.zigbee.net.ApsFrame;
import org.gridwarden.simulator.zigbee.net.Device;
import org.gridwarden.simulator.zigbee.net.Net;
import org.gridwarden.simulator.zigbee.net.NetworkKey;
import org.gridwarden.simulator.zigbee.net.TrustCentre;
import org.gridwarden.simulator.zigbee.net.Zdo;
import org.gridwarden.simulator.zigbee.radio.Air;
import org.gridwarden.simulator.zigbee.radio.Timeline;

/**
 * A trust centre and one meter on the model's air, in time that goes as fast as it can: for the
 * office's side of a cluster without a dongle. One thread.
 */
final class ModelAir implements MeterValues {
  static final long CENTRE = 0x0247_5700_0000_0000L;
  static final long METER = CENTRE + 1;
  static final Instant BEGUN = Instant.parse("2026-11-26T00:00:00Z");

  final Timeline time = new Timeline();
  final TrustCentre centre;
  final SmartEnergyMeter meter;

  /** What came to the office, but for announcements. */
  final List<ApsFrame> heard = new ArrayList<>();

  private Consumer<Incoming> office = frame -> {};
  private int address = -1;

  ModelAir(double loss, long seed) {
    Air air = new Air(time, new Random(seed));
    Net net = new Net(air);
    centre =
        new TrustCentre(
            net,
            CENTRE,
            new TrustCentre.Listener() {
              @Override
              public void data(int from, ApsFrame frame) {
                came(from, frame);
              }

              @Override
              public void device(int at, long name, int status, int decision, int by) {
                // only that one comes
              }
            });
    byte[] key = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    Device device = new Device(net, METER, key, CENTRE, inside -> {});
    meter = new SmartEnergyMeter(device, time, "GW-0000001", this);
    air.link(device.aps().node().mac().station(), centre.aps().node().mac().station(), loss);
    centre.aps().node().form(0x1A62, new NetworkKey(new byte[16], 0));
    centre.expect(METER, key, 600_000_000);
    centre.permit(600_000_000);
    device.join();
  }

  /** Who takes what came, as from a dongle. */
  ModelAir office(Consumer<Incoming> taker) {
    office = taker;
    return this;
  }

  private void came(int from, ApsFrame frame) {
    if (frame.profile() == 0) {
      if (frame.cluster() == Zdo.DEVICE_ANNOUNCE && address != from) {
        address = from;
        // as the office's first word to a meter is
        say(Clusters.TUNNELING, true, new Zcl(true, false, 1, 0, TunnelEnd.request()));
      }
      return;
    }
    heard.add(frame);
    office.accept(
        new Incoming(
            from,
            frame.fromEndpoint(),
            frame.profile(),
            frame.cluster(),
            frame.secured(),
            frame.counter(),
            frame.payload()));
  }

  /** The office says something to the meter. */
  void say(int cluster, boolean secured, Zcl zcl) {
    say(cluster, secured, zcl, told -> {});
  }

  /** The same; who says it is told whether it was acknowledged. */
  void say(int cluster, boolean secured, Zcl zcl, Consumer<Boolean> told) {
    boolean goes =
        centre
            .aps()
            .send(
                address,
                new ApsFrame(
                    ApsFrame.Type.DATA,
                    false,
                    true,
                    secured,
                    Clusters.ENDPOINT,
                    cluster,
                    Clusters.PROFILE,
                    Clusters.ENDPOINT,
                    centre.aps().nextCounter(address),
                    zcl.bytes()),
                told);
    if (!goes) {
      time.after(0, () -> told.accept(false));
    }
  }

  void run(long seconds) {
    time.advance(time.now() + seconds * 1_000_000);
  }

  InstantSource clock() {
    return () -> BEGUN.plusNanos(time.now() * 1_000);
  }

  byte[] officesKey() {
    return Objects.requireNonNull(centre.aps().keys().get(METER)).copy();
  }

  byte[] metersKey() {
    return Objects.requireNonNull(meter.device().aps().keys().get(CENTRE)).copy();
  }

  @Override
  public Instant now() {
    return clock().instant();
  }

  @Override
  public long wattHours() {
    return 12_345;
  }

  @Override
  public long watts() {
    return 500;
  }

  @Override
  public long deciVolts() {
    return 2_300;
  }
}
