package org.gridwarden.simulator.zigbee.net;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.gridwarden.simulator.zigbee.radio.MacFrame;

/**
 * The coordinator: forms the network, and gives its key to those whose install code was told
 * beforehand. On the model's thread only.
 */
public final class TrustCentre {
  /** A device that came in the clear, with a key of its own for the network's key. */
  public static final int UNSECURED_JOIN = 1;

  /** A device that left. */
  public static final int LEFT = 2;

  /** Its own key is used. */
  public static final int USE_KEY = 0;

  /** It is not let in. */
  public static final int DENY = 2;

  private final ApsLayer aps;
  private final Parent parent;
  private final Listener listener;
  private final Map<Long, Transient> codes = new HashMap<>();
  private final Map<Long, LinkKey> admitted = new HashMap<>();
  private boolean joinsAllowed = true;
  private Optional<byte[]> everybodys = Optional.empty();
  private Optional<NetworkKey> following = Optional.empty();

  private record Transient(LinkKey key, long until) {}

  /** Who is told what happens. */
  public interface Listener {
    /** Data for the coordinator. */
    void data(int from, ApsFrame frame);

    /**
     * A device came, or left.
     *
     * @param status {@link #UNSECURED_JOIN} or {@link #LEFT}
     * @param decision {@link #USE_KEY} or {@link #DENY}
     */
    void device(int address, long eui64, int status, int decision, int by);
  }

  public TrustCentre(Net net, long eui64, Listener listener) {
    this.listener = listener;
    NetNode node = new NetNode(net, eui64);
    this.parent = new Parent(node, this::came);
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
                told(from, command);
              }
            });
    node.others(this::mac);
  }

  private void mac(MacFrame frame) {
    parent.take(frame);
  }

  /** Its application support layer. */
  public ApsLayer aps() {
    return aps;
  }

  /** Lets neighbours of its own associate for so long. */
  public void permit(long micros) {
    parent.permit(micros);
  }

  /** Whether anybody is let in at all. */
  public void joinsAllowed(boolean allowed) {
    joinsAllowed = allowed;
  }

  /** A key that a device may come with for so long. */
  public void expect(long eui64, byte[] key, long micros) {
    codes.put(
        eui64,
        new Transient(new LinkKey(key, 0, -1), aps.node().net().air().time().now() + micros));
  }

  /** Lets in whoever has this key, as modules do that know no install codes. */
  public void everybodysKey(byte[] key) {
    everybodys = Optional.of(key.clone());
  }

  /** Whose key is known for some time. */
  public Optional<byte[]> expected(long eui64) {
    return Optional.ofNullable(codes.get(eui64)).map(t -> t.key.copy());
  }

  /** No key is expected any longer. */
  public void expectNobody() {
    codes.clear();
  }

  private void told(int from, byte[] command) {
    KeyCommands.updated(command)
        .ifPresent(u -> {
          if (u.status() == UNSECURED_JOIN) {
            newcomer(u.address(), u.device(), from);
          } else if (u.status() == LEFT) {
            listener.device(u.address(), u.device(), LEFT, 0, from);
          }
        });
  }

  private void came(int address, long eui64) {
    newcomer(address, eui64, 0);
  }

  private void newcomer(int address, long eui64, int by) {
    Transient code = codes.get(eui64);
    LinkKey key =
        code != null && aps.node().net().air().time().now() < code.until
            ? code.key
            : aps.keys().get(eui64);
    if (key == null && everybodys.isPresent()) {
      key = new LinkKey(everybodys.get(), 0, -1);
    }
    NetworkKey network = aps.node().key().orElse(null);
    if (key == null || network == null || !joinsAllowed) {
      listener.device(address, eui64, UNSECURED_JOIN, DENY, by);
      return;
    }
    admitted.put(eui64, key);
    listener.device(address, eui64, UNSECURED_JOIN, USE_KEY, by);
    ApsFrame frame =
        ApsFrame.command(
            aps.nextCounter(), true, KeyCommands.transportKey(network, eui64, aps.node().eui64()));
    byte[] sealed = frame.with(ApsSecurity.sealTransport(frame, key, aps.node().eui64())).bytes();
    if (by == 0) {
      aps.node().sendPlain(address, sealed);
    } else {
      command(by, KeyCommands.tunnel(eui64, sealed));
    }
  }

  private void command(int to, byte[] command) {
    aps.node().send(to, ApsFrame.command(aps.nextCounter(), false, command).bytes(), sent -> {});
  }

  private void heard(int from, ApsFrame frame) {
    if (frame.profile() == 0 && frame.cluster() == Zdo.DEVICE_ANNOUNCE) {
      Zdo.announced(frame.payload()).ifPresent(a -> settle(a.address(), a.eui64()));
    }
    listener.data(from, frame);
  }

  /** A newcomer speaks under the network's key: it has understood, so its own key was right. */
  private void settle(int address, long eui64) {
    LinkKey key = admitted.remove(eui64);
    if (key != null) {
      codes.remove(eui64);
      aps.keys().put(eui64, key);
    }
    if (aps.keys().containsKey(eui64)) {
      aps.names().values().removeIf(name -> name == eui64);
      aps.names().put(address, eui64);
    }
  }

  /** Gives all of the network another key: first told, then switched to (clause 4.6.3.4). */
  public void refreshKey(byte[] key, long switchAfter, Consumer<Boolean> done) {
    Map.copyOf(aps.names()).forEach((address, eui64) -> tellNextKey(address, eui64, key));
    aps.node().net().air().time().after(switchAfter, () -> done.accept(switchKey().isPresent()));
  }

  /**
   * Tells one device the key that will follow, under its link key. The first time it is the
   * coordinator's own following key, too.
   *
   * @return whether the device has a link key
   */
  public boolean tellNextKey(int address, long eui64, byte[] key) {
    LinkKey link = aps.keys().get(eui64);
    if (link == null) {
      return false;
    }
    NetworkKey old = aps.node().key().orElseThrow();
    NetworkKey fresh = new NetworkKey(key.clone(), old.sequence() + 1 & 0xFF);
    aps.node().nextKey(fresh);
    following = Optional.of(fresh);
    ApsFrame frame =
        ApsFrame.command(
            aps.nextCounter(), true, KeyCommands.transportKey(fresh, eui64, aps.node().eui64()));
    aps.node()
        .send(
            address,
            frame.with(ApsSecurity.sealTransport(frame, link, aps.node().eui64())).bytes(),
            sent -> {});
    return true;
  }

  /** Whether a key was told that is not switched to yet. */
  public boolean keyFollows() {
    return following.isPresent();
  }

  /** Has all switch to the key that was told; gives it, where there was one. */
  public Optional<NetworkKey> switchKey() {
    Optional<NetworkKey> fresh = following;
    following = Optional.empty();
    fresh.ifPresent(key -> {
      command(0xFFFD, KeyCommands.switchKey(key.sequence()));
      aps.node().switchKey(key.sequence());
    });
    return fresh;
  }

  /** A device's link key is another one from now on; its counters begin anew. */
  public void rekey(long eui64, byte[] key) {
    aps.keys().put(eui64, new LinkKey(key, 0, -1));
  }

  /** Has a device leave, and forgets its key. */
  public void remove(long eui64) {
    aps.names()
        .forEach((address, name) -> {
          if (name == eui64) {
            command(address, KeyCommands.removeDevice(eui64));
          }
        });
    aps.keys().remove(eui64);
    codes.remove(eui64);
  }
}
