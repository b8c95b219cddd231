package org.gridwarden.simulator.zigbee.net;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.gridwarden.simulator.zigbee.radio.Indirect;
import org.gridwarden.simulator.zigbee.radio.Mac;
import org.gridwarden.simulator.zigbee.radio.MacAddress;
import org.gridwarden.simulator.zigbee.radio.MacFrame;
import org.jspecify.annotations.Nullable;

/**
 * A node's network layer: addresses, hops, broadcasts that are told on once, and security by the
 * network's key with a counter for each hop's sender. On the model's thread only.
 */
public final class NetNode {
  /** No address yet. */
  static final int NONE = 0xFFFE;

  private static final int RADIUS = 30;

  /** A broadcast is told on within so many microseconds (nwkcMaxBroadcastJitter, 64 ms). */
  private static final int JITTER = 64_000;

  /** How long somebody is waited for who tells it on (nwkPassiveAckTimeout). */
  private static final long PASSIVE_ACK = 500_000;

  /**
   * How often in all a broadcast is sent where nobody is heard (nwkMaxBroadcastRetries and one).
   */
  private static final int TIMES = 3;

  private static final int REMEMBERED = 64;

  private final Net net;
  private final Mac mac;
  private final long eui64;
  private final Watch watch = new Watch();
  private final Map<Long, Long> counters = new HashMap<>();
  private final Map<Integer, Integer> broadcasts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
          return size() > REMEMBERED;
        }
      };
  private int pan = 0xFFFF;
  private int address = NONE;
  private int sequence;
  private @Nullable NetworkKey key;
  private @Nullable NetworkKey next;
  private long counter;
  private Upper upper = (frame, secured) -> {};
  private Consumer<MacFrame> others = frame -> {};
  private final Indirect indirect;
  private int parent = NONE;

  /** Who takes what arrived. */
  interface Upper {
    /**
     * @param secured whether it came under the network's key
     */
    void take(NwkFrame frame, boolean secured);
  }

  public NetNode(Net net, long eui64) {
    this.net = net;
    this.eui64 = eui64;
    this.mac = new Mac(net.air(), eui64, this::heard);
    this.sequence = net.air().random().nextInt(256);
    this.indirect = new Indirect(mac, net.air().time());
    net.add(this);
  }

  void upper(Upper above) {
    upper = above;
  }

  void others(Consumer<MacFrame> taker) {
    others = taker;
  }

  /** What it holds for children that sleep. */
  Indirect indirect() {
    return indirect;
  }

  /** It sleeps: it hears and tells nobody but its parent, and tells nothing on. */
  void sleeps(int itsParent) {
    parent = itsParent;
    net.changed();
  }

  /** Whether it may speak to a neighbour: those who sleep do to their parents alone. */
  boolean speaksTo(NetNode other) {
    return (parent == NONE || parent == other.address)
        && (other.parent == NONE || other.parent == address);
  }

  /** Its MAC layer. */
  public Mac mac() {
    return mac;
  }

  /** The maker's address. */
  public long eui64() {
    return eui64;
  }

  /** The network's address for it. */
  public int address() {
    return address;
  }

  /** The network's number. */
  public int pan() {
    return pan;
  }

  /** What it has refused. */
  public Watch watch() {
    return watch;
  }

  Net net() {
    return net;
  }

  /** Whether it has the network's key. */
  public boolean inside() {
    return key != null && address != NONE;
  }

  /** Gives it an address. */
  void address(int newPan, int newAddress) {
    pan = newPan;
    address = newAddress;
    mac.address(pan, address == NONE ? MacAddress.extended(eui64) : MacAddress.shortly(address));
    net.changed();
  }

  /** Gives it the network's key, from which time on it belongs to it. */
  void key(NetworkKey networkKey) {
    key = networkKey;
    net.changed();
  }

  /** Gives it the key that will follow. */
  void nextKey(NetworkKey networkKey) {
    next = networkKey;
  }

  /** The key that will follow is the key. Its own counter goes on, others' are counted anew. */
  void switchKey(int keySequence) {
    NetworkKey following = next;
    if (following != null && following.sequence() == keySequence) {
      key = following;
      next = null;
      counters.clear(); // they are kept by key (clause 4.3.1.2)
    }
  }

  /** The network's key, for who has it. */
  public Optional<NetworkKey> key() {
    return Optional.ofNullable(key);
  }

  /** The next counter under the network's key. */
  public long counter() {
    return counter;
  }

  /** Has its counter go on from there. */
  public void counter(long value) {
    counter = value;
  }

  /** It belongs to no network any longer. */
  public void forget() {
    key = null;
    next = null;
    counters.clear();
    address(0xFFFF, NONE);
  }

  /** Starts a network of its own. */
  public void form(int newPan, NetworkKey networkKey) {
    address(newPan, 0);
    key(networkKey);
  }

  /**
   * Sends to another node, or to many.
   *
   * @param done told whether the first hop took it
   */
  void send(int to, byte[] payload, Consumer<Boolean> done) {
    sequence = sequence + 1 & 0xFF;
    NwkFrame frame = new NwkFrame(to, address, RADIUS, sequence, true, payload);
    if (to >= NwkFrame.BROADCAST) {
      broadcasts.put(name(frame), 0);
      transmit(frame, MacAddress.ALL, done);
      repeat(frame, 1);
    } else {
      onwards(frame, done);
    }
  }

  /** Sends to a neighbour that has no key yet. */
  void sendPlain(int to, byte[] payload) {
    sequence = sequence + 1 & 0xFF;
    NwkFrame frame = new NwkFrame(to, address, 1, sequence, false, payload);
    mac.send(MacFrame.Type.DATA, pan, MacAddress.shortly(to), frame.plain(), outcome -> {});
  }

  private void onwards(NwkFrame frame, Consumer<Boolean> done) {
    OptionalInt hop = net.nextHop(this, frame.to());
    if (hop.isEmpty()) {
      watch.noWay();
      net.air().time().after(0, () -> done.accept(false));
      return;
    }
    transmit(frame, MacAddress.shortly(hop.getAsInt()), done);
  }

  private void transmit(NwkFrame frame, MacAddress hop, Consumer<Boolean> done) {
    NetworkKey mine = key;
    if (mine == null) {
      done.accept(false);
      return;
    }
    if (indirect.serves(hop)) {
      indirect.hold(
          hop,
          pan,
          () -> frame.sealed(mine, counter++, eui64),
          outcome -> done.accept(outcome == Mac.Outcome.SENT));
      return;
    }
    byte[] sealed = frame.sealed(mine, counter++, eui64);
    mac.send(
        MacFrame.Type.DATA, pan, hop, sealed, outcome -> done.accept(outcome == Mac.Outcome.SENT));
  }

  private void heard(MacFrame mac) {
    if (mac.type() != MacFrame.Type.DATA) {
      indirect.asked(mac);
      others.accept(mac);
      return;
    }
    NwkFrame frame = NwkFrame.parse(mac.payload()).orElse(null);
    if (frame == null) {
      return;
    }
    if (!frame.secured()) {
      if (inside()) {
        watch.unsecured();
      } else if (frame.to() == address) {
        upper.take(frame, false);
      }
      return;
    }
    open(frame).ifPresent(this::route);
  }

  private Optional<NwkFrame> open(NwkFrame frame) {
    NwkFrame.Auxiliary auxiliary = frame.auxiliary().orElse(null);
    NetworkKey mine = key;
    if (auxiliary == null || mine == null) {
      return Optional.empty();
    }
    NetworkKey following = next;
    boolean switched = following != null && auxiliary.keySequence() == following.sequence();
    NetworkKey used = switched && following != null ? following : mine;
    if (auxiliary.keySequence() != used.sequence()) {
      watch.forged();
      return Optional.empty();
    }
    Optional<NwkFrame> open = frame.open(used, auxiliary);
    if (open.isEmpty()) {
      watch.forged();
      return open;
    }
    if (switched) {
      switchKey(used.sequence()); // who hears the new key uses it (clause 4.6.3.4)
    }
    Long last = counters.get(auxiliary.sender());
    if (last != null && auxiliary.counter() <= last) {
      watch.replayed();
      return Optional.empty();
    }
    counters.put(auxiliary.sender(), auxiliary.counter());
    return open;
  }

  private void route(NwkFrame frame) {
    if (frame.to() == address) {
      upper.take(frame, true);
    } else if (frame.to() >= NwkFrame.BROADCAST) {
      if (broadcasts.merge(name(frame), 0, (times, none) -> times + 1) == 0
          && frame.from() != address) {
        upper.take(frame, true);
        onceMore(frame);
      }
    } else if (frame.radius() > 1) {
      onwards(lower(frame), done -> {});
    }
  }

  private void onceMore(NwkFrame frame) {
    if (frame.radius() > 1 && parent == NONE) {
      net.air()
          .time()
          .after(
              net.air().random().nextInt(JITTER),
              () -> {
                transmit(lower(frame), MacAddress.ALL, done -> {});
                repeat(lower(frame), 1);
              });
    }
  }

  private static int name(NwkFrame frame) {
    return frame.from() << 8 | frame.sequence();
  }

  /** Once more where nobody was heard who tells it on. */
  private void repeat(NwkFrame frame, int times) {
    net.air()
        .time()
        .after(
            PASSIVE_ACK,
            () -> {
              Integer heard = broadcasts.get(name(frame));
              if (times < TIMES && heard != null && heard == 0) {
                transmit(frame, MacAddress.ALL, done -> {});
                repeat(frame, times + 1);
              }
            });
  }

  private static NwkFrame lower(NwkFrame frame) {
    return new NwkFrame(
        frame.to(), frame.from(), frame.radius() - 1, frame.sequence(), true, frame.payload());
  }
}
