package org.gridwarden.channel.amqp;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;

/**
 * A mailbox each meter: one order at most, as one at a time waits for its receipt. It goes down the
 * meter's link while there is one; where the network fails before the meter has taken it, it goes
 * down the next, until it was answered or its time is over. Mailboxes are of proven meters, so
 * there are as many as meters at most. Thread-safe.
 */
final class Orders {
  private final Duration grace;
  private final Map<MeterId, Mailbox> boxes = new ConcurrentHashMap<>();

  /**
   * An order that waits.
   *
   * @param message a secured message; not to be changed
   * @param until when it may be taken out
   */
  @SuppressWarnings("ArrayRecordComponent") // stated above
  record Order(byte[] message, Deadline until) {
    boolean isOver() {
      return until.left().isNegative();
    }
  }

  /** A link down which a meter's orders go. Thread-safe. */
  interface Ear {
    /** Hands an order to the network, where it can now. */
    void hear(Order order);
  }

  /** Who listens, and what lies there. Guarded by itself; nobody is called out of it. */
  private static final class Mailbox {
    private Optional<Ear> ear = Optional.empty();
    private Optional<Order> order = Optional.empty();
    private boolean heard;
    private long lastHeard;

    private void touched() {
      heard = true;
      lastHeard = System.nanoTime();
    }
  }

  /**
   * @param grace how long after a link has ended its meter still counts as reached
   */
  Orders(Duration grace) {
    this.grace = grace;
  }

  private Mailbox box(MeterId meter) {
    return boxes.computeIfAbsent(meter, m -> new Mailbox());
  }

  /** A meter listens from now on; what lies in its mailbox goes down. */
  void listens(MeterId meter, Ear ear) {
    Mailbox box = box(meter);
    Optional<Order> order;
    synchronized (box) {
      box.ear = Optional.of(ear);
      box.touched();
      box.order = box.order.filter(o -> !o.isOver());
      order = box.order;
    }
    order.ifPresent(ear::hear);
  }

  /** It listens no longer; somebody else may do. */
  void deaf(MeterId meter, Ear ear) {
    Mailbox box = box(meter);
    synchronized (box) {
      if (box.ear.isPresent() && box.ear.get() == ear) {
        box.ear = Optional.empty();
        box.touched();
      }
    }
  }

  /** Whether a meter listens, or did within the grace. */
  boolean reaches(MeterId meter) {
    Mailbox box = boxes.get(meter);
    if (box == null) {
      return false;
    }
    synchronized (box) {
      return box.ear.isPresent()
          || box.heard && System.nanoTime() - box.lastHeard < grace.toNanos();
    }
  }

  /**
   * Lays an order in, and sends it where somebody listens.
   *
   * @throws ChannelException TIMEOUT where nobody does or did lately: nothing was sent
   */
  void send(MeterId meter, byte[] message, Deadline until) throws ChannelException {
    if (!reaches(meter)) {
      throw new ChannelException(
          new Fault(
              Fault.Code.TIMEOUT,
              "meter " + meter,
              "it does not listen for orders any more; nothing was sent"));
    }
    Order order = new Order(message, until);
    Mailbox box = box(meter);
    Optional<Ear> ear;
    synchronized (box) {
      box.order = Optional.of(order);
      ear = box.ear;
    }
    ear.ifPresent(e -> e.hear(order));
  }

  /** A meter has an order, or will not have it: it is not sent again. */
  void settled(MeterId meter, Order order) {
    Mailbox box = box(meter);
    synchronized (box) {
      box.order = box.order.filter(o -> o != order);
    }
  }

  /** A meter has answered. */
  void answered(MeterId meter) {
    Mailbox box = box(meter);
    synchronized (box) {
      box.order = Optional.empty();
    }
  }
}
