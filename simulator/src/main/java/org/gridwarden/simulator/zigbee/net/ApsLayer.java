package org.gridwarden.simulator.zigbee.net;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * A node's application support layer: endpoints, acknowledgements end to end, retries, link keys.
 * On the model's thread only.
 */
public final class ApsLayer {
  /** How long an acknowledgement is waited for, in microseconds (apscAckWaitDuration, about). */
  static final long ACK_WAIT = 1_600_000;

  private static final int RETRIES = 3;
  private static final int REMEMBERED = 32;

  private final NetNode node;
  private final Map<Long, LinkKey> keys = new HashMap<>();
  private final Map<Integer, Long> names = new HashMap<>();
  private final Map<Integer, Sent> sent = new HashMap<>();
  private final Map<Integer, Integer> counters = new HashMap<>();
  private final Map<Long, Boolean> heard =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
          return size() > REMEMBERED * 8;
        }
      };
  private final Listener listener;
  private int counter;

  /** Who takes what arrived. */
  public interface Listener {
    /** Data for an endpoint; {@code frame.secured()} says whether it came under the link key. */
    void data(int from, ApsFrame frame);

    /**
     * A command.
     *
     * @param secured whether it came under a link key
     */
    void command(int from, byte[] command, boolean secured);
  }

  private static final class Sent {
    private final int to;
    private final ApsFrame frame;
    private final Consumer<Boolean> done;
    private int tries;
    private Timeline.@Nullable Due timer;

    private Sent(int to, ApsFrame frame, Consumer<Boolean> done) {
      this.to = to;
      this.frame = frame;
      this.done = done;
    }
  }

  public ApsLayer(NetNode node, Listener listener) {
    this.node = node;
    this.listener = listener;
    this.counter = node.net().air().random().nextInt(256);
    node.upper(this::take);
  }

  /** Its network layer. */
  public NetNode node() {
    return node;
  }

  /** The keys that it shares, by the other's address. */
  public Map<Long, LinkKey> keys() {
    return keys;
  }

  /** Which address of the network is whose. */
  public Map<Integer, Long> names() {
    return names;
  }

  /** The next counter of a frame to many. */
  public int nextCounter() {
    counter = counter + 1 & 0xFF;
    return counter;
  }

  /**
   * The next counter of a frame to another node: each has a row of its own, or a coordinator that
   * speaks to many comes round while a frame is still waited for.
   */
  public int nextCounter(int to) {
    return counters.merge(to, counter, (last, none) -> last + 1 & 0xFF);
  }

  /**
   * Sends.
   *
   * @param done told whether it was acknowledged, or where no acknowledgement is asked for, sent
   * @return whether it can be: the link key is known where it must be
   */
  public boolean send(int to, ApsFrame frame, Consumer<Boolean> done) {
    if (frame.secured() && linkKey(to).isEmpty()) {
      return false;
    }
    if (!frame.acknowledged()) {
      node.send(to, sealed(to, frame), done);
      return true;
    }
    Sent one = new Sent(to, frame, done);
    Sent before = sent.put(to << 8 | frame.counter(), one);
    if (before != null) {
      before.done.accept(false);
    }
    attempt(one);
    return true;
  }

  private Optional<LinkKey> linkKey(int address) {
    return Optional.ofNullable(names.get(address)).map(keys::get);
  }

  private byte[] sealed(int to, ApsFrame frame) {
    if (!frame.secured()) {
      return frame.bytes();
    }
    LinkKey key = linkKey(to).orElseThrow();
    return frame.with(ApsSecurity.seal(frame, key, node.eui64())).bytes();
  }

  private void attempt(Sent one) {
    one.tries++;
    // an acknowledgement may come before the first hop is known to have taken it
    one.timer = node.net().air().time().after(ACK_WAIT, () -> again(one));
    node.send(one.to, sealed(one.to, one.frame), taken -> {});
  }

  private void again(Sent one) {
    if (sent.get(one.to << 8 | one.frame.counter()) != one) {
      return;
    }
    if (one.tries > RETRIES) {
      sent.remove(one.to << 8 | one.frame.counter());
      one.done.accept(false);
    } else {
      attempt(one);
    }
  }

  private void take(NwkFrame nwk, boolean secured) {
    ApsFrame frame = ApsFrame.parse(nwk.payload()).orElse(null);
    if (frame == null) {
      return;
    }
    if (frame.secured()) {
      frame = open(nwk.from(), frame).orElse(null);
      if (frame == null) {
        return;
      }
    } else if (!secured) {
      node.watch().unsecured(); // a key in the clear, say
      return;
    }
    switch (frame.type()) {
      case ACK -> acknowledged(nwk.from(), frame);
      case COMMAND -> listener.command(nwk.from(), frame.payload(), frame.secured());
      case DATA -> data(nwk, frame);
    }
  }

  private Optional<ApsFrame> open(int from, ApsFrame frame) {
    Long sender = names.get(from);
    // a newcomer knows one key only, and not yet who is who
    Map.Entry<Long, LinkKey> entry =
        sender != null && keys.containsKey(sender)
            ? Map.entry(sender, keys.get(sender))
            : !node.inside() && keys.size() == 1 ? keys.entrySet().iterator().next() : null;
    if (entry == null) {
      node.watch().apsForged();
      return Optional.empty();
    }
    Optional<byte[]> open = ApsSecurity.open(frame, entry.getValue().key(), entry.getKey());
    if (open.isEmpty()) {
      node.watch().apsForged();
      return Optional.empty();
    }
    if (!entry.getValue().fresh(ApsSecurity.counter(frame.payload()).orElse(-1L))) {
      node.watch().apsReplayed();
      return Optional.empty();
    }
    return open.map(frame::with);
  }

  private void acknowledged(int from, ApsFrame ack) {
    Sent one = sent.get(from << 8 | ack.counter());
    if (one == null || one.frame.secured() && !ack.secured()) {
      return;
    }
    sent.remove(from << 8 | ack.counter());
    if (one.timer != null) {
      one.timer.cancel();
    }
    one.done.accept(true);
  }

  private void data(NwkFrame nwk, ApsFrame frame) {
    if (frame.acknowledged() && nwk.to() < NwkFrame.BROADCAST) {
      node.send(nwk.from(), sealed(nwk.from(), frame.ack()), taken -> {});
    }
    long window = node.net().air().time().now() / (8 * ACK_WAIT);
    long name = (long) nwk.from() << 8 | frame.counter();
    boolean before =
        heard.containsKey(name << 16 | window & 0xFFFF)
            || heard.containsKey(name << 16 | window - 1 & 0xFFFF);
    heard.put(name << 16 | window & 0xFFFF, true);
    if (!before) {
      listener.data(nwk.from(), frame);
    }
  }
}
