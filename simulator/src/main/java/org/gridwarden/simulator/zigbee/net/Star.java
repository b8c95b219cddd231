package org.gridwarden.simulator.zigbee.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.gridwarden.simulator.zigbee.radio.Air;
import org.gridwarden.simulator.zigbee.radio.Timeline;

/**
 * A coordinator and meters around it that all hear each other, in and with both keys, in time that
 * goes as fast as it can. The coordinator's address is 0, a meter's its number, from 1.
 */
final class Star {
  private static final long CENTRE = 1L << 40;
  private static final int PAN = 0x1A62;

  private final Timeline time = new Timeline();
  private final Air air;
  private final ApsLayer centre;
  private final List<ApsLayer> meters = new ArrayList<>();

  /** Hears what the application support layer of a node has received. */
  interface Ear {
    /** A frame has come from one address to another. */
    void heard(int from, int at, ApsFrame frame);
  }

  /**
   * @param loss which part of the frames is lost without a collision, 0 to 1
   */
  Star(int count, double loss, long seed, Ear ear) {
    air = new Air(time, new Random(seed));
    Net net = new Net(air);
    NetworkKey key = new NetworkKey(new byte[16], 0);
    centre = layer(net, 0, ear);
    centre.node().form(PAN, key);
    for (int i = 1; i <= count; i++) {
      ApsLayer meter = layer(net, i, ear);
      meter.node().address(PAN, i);
      meter.node().key(key);
      byte[] link = new byte[16];
      link[0] = (byte) i;
      link[1] = (byte) (i >>> 8);
      meter.keys().put(CENTRE, new LinkKey(link, 0, -1));
      meter.names().put(0, CENTRE);
      centre.keys().put(CENTRE + i, new LinkKey(link, 0, -1));
      centre.names().put(i, CENTRE + i);
      Air.Station own = meter.node().mac().station();
      air.link(own, centre.node().mac().station(), loss);
      meters.forEach(other -> air.link(own, other.node().mac().station(), loss));
      meters.add(meter);
    }
    net.changed();
  }

  private static ApsLayer layer(Net net, int address, Ear ear) {
    return new ApsLayer(
        new NetNode(net, CENTRE + address),
        new ApsLayer.Listener() {
          @Override
          public void data(int from, ApsFrame frame) {
            ear.heard(from, address, frame);
          }

          @Override
          public void command(int from, byte[] command, boolean secured) {
            // none is sent
          }
        });
  }

  Timeline time() {
    return time;
  }

  Air air() {
    return air;
  }

  ApsLayer centre() {
    return centre;
  }

  /** All meters, by their numbers from 1. */
  List<ApsLayer> meters() {
    return meters;
  }
}
