package org.gridwarden.simulator.zigbee.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.gridwarden.simulator.zigbee.radio.Air;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.gridwarden.simulator.zigbee.security.InstallCode;

/** A coordinator and devices in rings, in time that goes as fast as it can. */
final class Rings {
  static final long CENTRE = 0x0247_5700_0000_0000L;
  static final int PAN = 0x1A62;

  final Timeline time = new Timeline();
  final Air air;
  final Net net;
  final TrustCentre centre;
  final List<Device> devices = new ArrayList<>();

  /** What came to the coordinator: from, cluster, secured, payload. */
  record Heard(int from, ApsFrame frame) {}

  /** Who knocked: the decision. */
  record Knocked(long eui64, int decision) {}

  final List<Heard> heard = new ArrayList<>();
  final List<Knocked> knocked = new ArrayList<>();

  Rings(int count, int ring, double loss, long seed) {
    air = new Air(time, new Random(seed));
    net = new Net(air);
    centre =
        new TrustCentre(
            net,
            CENTRE,
            new TrustCentre.Listener() {
              @Override
              public void data(int from, ApsFrame frame) {
                heard.add(new Heard(from, frame));
              }

              @Override
              public void device(int address, long eui64, int status, int decision, int by) {
                knocked.add(new Knocked(eui64, decision));
              }
            });
    for (int i = 0; i < count; i++) {
      Device device = new Device(net, CENTRE + 1 + i, key(i), CENTRE, inside -> {});
      Air.Station own = device.aps().node().mac().station();
      for (int other = 0; other < i; other++) {
        if (i / ring - other / ring <= 1) {
          air.link(own, devices.get(other).aps().node().mac().station(), loss);
        }
      }
      if (i < ring) {
        air.link(own, centre.aps().node().mac().station(), loss);
      }
      devices.add(device);
    }
    centre.aps().node().form(PAN, new NetworkKey(new byte[16], 0));
  }

  static byte[] key(int index) {
    byte[] code = new byte[16];
    code[0] = (byte) index;
    return InstallCode.key(InstallCode.withCrc(code));
  }

  /** Lets all in whose index is below. */
  void letIn(int below, long seconds) {
    for (int i = 0; i < below; i++) {
      centre.expect(CENTRE + 1 + i, key(i), seconds * 1_000_000);
    }
    // those who joined meanwhile are told, too
    for (int i = 0; i < seconds; i += 15) {
      time.after(i * 1_000_000L, () -> permit(30));
    }
    for (int i = 0; i < devices.size(); i++) {
      time.after(i * 150_000L, devices.get(i)::join);
    }
  }

  void permit(int seconds) {
    centre.permit(seconds * 1_000_000L);
    centre
        .aps()
        .send(
            0xFFFC,
            new ApsFrame(
                ApsFrame.Type.DATA,
                true,
                false,
                false,
                0,
                Zdo.PERMIT_JOINING,
                0,
                0,
                centre.aps().nextCounter(),
                new byte[] {0, (byte) seconds, 1}),
            sent -> {});
  }

  void run(long seconds) {
    time.advance(time.now() + seconds * 1_000_000);
  }

  long inside() {
    return devices.stream().filter(Device::inside).count();
  }
}
