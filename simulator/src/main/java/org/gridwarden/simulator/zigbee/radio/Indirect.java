package org.gridwarden.simulator.zigbee.radio;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a parent holds for children that sleep, until they ask for it (IEEE 802.15.4-2006, clauses
 * 7.5.5 and 7.5.6.3). On the model's thread only.
 */
public final class Indirect {
  /** macTransactionPersistenceTime: 500 times 15.36 ms; then it is dropped. */
  public static final long PERSISTENCE = 7_680_000;

  /** The command by which a child asks. */
  public static final byte DATA_REQUEST = 0x04;

  private static final long ACKNOWLEDGING = Mac.TURNAROUND + Air.airtime(MacFrame.ACK_LENGTH);
  private static final int MOST_HELD = 16;

  private final Mac mac;
  private final Timeline time;
  private final Map<MacAddress, ArrayDeque<Held>> children = new HashMap<>();

  private static final class Held {
    private final MacAddress to;
    private final int pan;
    private final Supplier<byte[]> payload;
    private final Consumer<Mac.Outcome> done;
    private final long until;
    private Timeline.@Nullable Due expiry;

    private Held(
        MacAddress to, int pan, Supplier<byte[]> payload, Consumer<Mac.Outcome> done, long until) {
      this.to = to;
      this.pan = pan;
      this.payload = payload;
      this.done = done;
      this.until = until;
    }
  }

  /**
   * @param mac the parent's
   */
  public Indirect(Mac mac, Timeline time) {
    this.mac = mac;
    this.time = time;
    mac.pending(this::waits);
  }

  /** From now on a child sleeps. */
  public void serve(MacAddress child) {
    children.putIfAbsent(child, new ArrayDeque<>());
  }

  /** Whether it is a child that sleeps. */
  public boolean serves(MacAddress address) {
    return children.containsKey(address);
  }

  /**
   * Holds a frame until a child asks.
   *
   * @param payload made when it is sent, since its counter goes by that
   * @param done told what became of it
   */
  public void hold(
      MacAddress child, int pan, Supplier<byte[]> payload, Consumer<Mac.Outcome> done) {
    ArrayDeque<Held> held = children.computeIfAbsent(child, c -> new ArrayDeque<>());
    if (held.size() >= MOST_HELD) {
      time.after(0, () -> done.accept(Mac.Outcome.FULL));
      return;
    }
    Held one = new Held(child, pan, payload, done, time.now() + PERSISTENCE);
    held.addLast(one);
    expire(held, one);
  }

  private void expire(ArrayDeque<Held> held, Held one) {
    one.expiry =
        time.after(
            one.until - time.now(),
            () -> {
              if (held.remove(one)) {
                one.done.accept(Mac.Outcome.EXPIRED);
              }
            });
  }

  private static boolean asks(MacFrame frame) {
    return frame.type() == MacFrame.Type.COMMAND
        && frame.payload().length == 1
        && frame.payload()[0] == DATA_REQUEST;
  }

  private boolean waits(MacFrame frame) {
    ArrayDeque<Held> held = children.get(frame.from());
    return asks(frame) && held != null && !held.isEmpty();
  }

  /** Takes a command; where a child asks, the first that waits is sent. */
  public void asked(MacFrame frame) {
    ArrayDeque<Held> held = children.get(frame.from());
    if (!asks(frame) || held == null || held.isEmpty()) {
      return;
    }
    Held first = held.removeFirst();
    if (first.expiry != null) {
      first.expiry.cancel();
    }
    // not while the question itself is being acknowledged
    time.after(ACKNOWLEDGING, () -> send(held, first));
  }

  private void send(ArrayDeque<Held> held, Held first) {
    mac.send(
        MacFrame.Type.DATA,
        first.pan,
        first.to,
        first.payload.get(),
        outcome -> {
          if (outcome == Mac.Outcome.SENT || time.now() >= first.until) {
            first.done.accept(outcome);
          } else {
            held.addFirst(first); // until it asks again
            expire(held, first);
          }
        });
  }
}
