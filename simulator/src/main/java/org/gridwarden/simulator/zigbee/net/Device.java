package org.gridwarden.simulator.zigbee.net;

import java.util.Map;
import java.util.function.Consumer;
import org.gridwarden.simulator.zigbee.radio.MacFrame;

/**
 * A router that is no coordinator: joins by the key of its install code, tells on what others send,
 * and lets further devices in where it is permitted. On the model's thread only.
 */
public final class Device {
  private static final int ALL_AWAKE = 0xFFFD;

  /** After how many microseconds it announces itself again, as long as nobody speaks to it. */
  private static final long[] AGAIN = {4_000_000, 8_000_000, 16_000_000, 32_000_000};

  private final ApsLayer aps;
  private final Newcomer newcomer;
  private final Parent parent;
  private final Consumer<Boolean> joined;
  private Application application = (from, frame) -> {};
  private long joins;
  private boolean spokenTo;

  /** What runs on it. */
  public interface Application {
    /** Data for one of its endpoints. */
    void data(int from, ApsFrame frame);
  }

  /**
   * @param linkKey what its install code makes
   * @param centre the trust centre's address, which it learns with the network's key in truth
   * @param joined told whenever an attempt to join failed or succeeded
   */
  public Device(Net net, long eui64, byte[] linkKey, long centre, Consumer<Boolean> joined) {
    this.joined = joined;
    NetNode node = new NetNode(net, eui64);
    this.parent = new Parent(node, this::came);
    this.newcomer = new Newcomer(node, this::ended);
    this.aps =
        new ApsLayer(
            node,
            new ApsLayer.Listener() {
              @Override
              public void data(int from, ApsFrame frame) {
                heard(from, frame);
              }

              @Override
              public void command(int from, byte[] command, boolean secured) {
                told(command, secured);
              }
            });
    aps.keys().put(centre, new LinkKey(linkKey, 0, -1));
    node.others(this::mac);
  }

  private void mac(MacFrame frame) {
    newcomer.take(frame);
    parent.take(frame);
  }

  /** What runs on it. */
  public void application(Application on) {
    application = on;
  }

  /** Its application support layer. */
  public ApsLayer aps() {
    return aps;
  }

  /** Whether it is in the network. */
  public boolean inside() {
    return aps.node().inside();
  }

  /** How often it has been let in. */
  public long joins() {
    return joins;
  }

  /** How often it has tried to get in. */
  public long attempts() {
    return newcomer.attempts();
  }

  /** Sets out to join. */
  public void join() {
    newcomer.start();
  }

  /** Leaves, and does not come back by itself. */
  public void leave() {
    newcomer.stop();
    aps.node().forget();
    aps.names().clear();
  }

  /** Its link key is another one from now on; its counters begin anew. */
  public void rekey(byte[] key) {
    aps.keys().replaceAll((centre, before) -> new LinkKey(key, 0, -1));
  }

  private void ended(boolean inside) {
    if (inside) {
      joins++;
      aps.names().put(0, aps.keys().keySet().iterator().next());
      spokenTo = false;
      announce();
      for (long later : AGAIN) {
        aps.node().net().air().time().after(later, this::announceAgain);
      }
    }
    joined.accept(inside);
  }

  /** A broadcast may be lost, and what nobody heard is waited for in vain. */
  private void announceAgain() {
    if (inside() && !spokenTo) {
      announce();
    }
  }

  private void announce() {
    int counter = aps.nextCounter();
    aps.send(
        ALL_AWAKE,
        new ApsFrame(
            ApsFrame.Type.DATA,
            true,
            false,
            false,
            0,
            Zdo.DEVICE_ANNOUNCE,
            0,
            0,
            counter,
            Zdo.announce(counter, aps.node().address(), aps.node().eui64())),
        sent -> {});
  }

  private void came(int address, long eui64) {
    byte[] update = KeyCommands.updateDevice(eui64, address, TrustCentre.UNSECURED_JOIN);
    aps.node().send(0, ApsFrame.command(aps.nextCounter(), false, update).bytes(), sent -> {});
  }

  private void told(byte[] command, boolean secured) {
    NetNode node = aps.node();
    switch (command.length == 0 ? -1 : command[0]) {
      case KeyCommands.TRANSPORT_KEY ->
          KeyCommands.transported(command)
              .filter(t -> secured && t.to() == node.eui64())
              .ifPresent(t -> {
                if (node.inside()) {
                  node.nextKey(t.key());
                } else {
                  newcomer.keyed(t.key());
                }
              });
      case KeyCommands.TUNNEL ->
          KeyCommands.tunnelled(command)
              .ifPresent(
                  t -> parent.child(t.to()).ifPresent(child -> node.sendPlain(child, t.frame())));
      case KeyCommands.SWITCH_KEY -> {
        if (command.length == 2) {
          node.switchKey(command[1] & 0xFF);
        }
      }
      case KeyCommands.REMOVE_DEVICE -> {
        leave();
        // the centre has forgotten its key: counters begin anew, as with a device from the box
        aps.keys().replaceAll((who, key) -> new LinkKey(key.copy(), 0, -1));
      }
      default -> {
        // none that is asked of a device here
      }
    }
  }

  private void heard(int from, ApsFrame frame) {
    spokenTo |= from == 0 && !frame.broadcast();
    if (frame.profile() == 0 && frame.cluster() == Zdo.PERMIT_JOINING) {
      if (frame.payload().length >= 2) {
        parent.permit((frame.payload()[1] & 0xFF) * 1_000_000L);
      }
      return;
    }
    application.data(from, frame);
  }

  /** What it shares keys with. */
  Map<Long, LinkKey> keys() {
    return aps.keys();
  }
}
