package org.gridwarden.channel.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;

/**
 * The ways by which orders go down: to whoever listens at a socket, else into the mailbox of a
 * meter that asks. Mailboxes are of proven meters, so there are as many as meters at most.
 * Thread-safe.
 */
final class Orders {
  private final Duration grace;
  private final Map<MeterId, Ear> ears = new ConcurrentHashMap<>();
  private final Map<MeterId, Mailbox> boxes = new ConcurrentHashMap<>();

  /** Somebody who listens for a meter's orders at once. Thread-safe. */
  interface Ear {
    /**
     * Hands an order to the network.
     *
     * @return false where its connection has ended: nothing was sent
     */
    boolean hear(byte[] message);
  }

  /**
   * @param grace how long after a question its meter still counts as reached
   */
  Orders(Duration grace) {
    this.grace = grace;
  }

  /** From now on, until another one or {@link #deaf}. */
  void listens(MeterId meter, Ear ear) {
    ears.put(meter, ear);
  }

  /**
   * It listens no longer.
   *
   * @return whether it did
   */
  boolean deaf(MeterId meter, Ear ear) {
    return ears.remove(meter, ear);
  }

  Mailbox box(MeterId meter) {
    return boxes.computeIfAbsent(meter, m -> new Mailbox());
  }

  boolean reaches(MeterId meter) {
    return ears.containsKey(meter) || isAsked(meter);
  }

  private boolean isAsked(MeterId meter) {
    Mailbox box = boxes.get(meter);
    return box != null && box.isAsked(grace);
  }

  /**
   * Sends an order.
   *
   * @throws ChannelException TIMEOUT where nobody listens: nothing was sent
   */
  void send(MeterId meter, byte[] message, Deadline until) throws ChannelException {
    Ear ear = ears.get(meter);
    if (ear != null && ear.hear(message)) {
      return;
    }
    if (!isAsked(meter)) {
      throw new ChannelException(
          new Fault(
              Fault.Code.TIMEOUT,
              "meter " + meter,
              "it neither listens nor asks for orders any more; nothing was sent"));
    }
    box(meter).put(message, until);
  }

  /** A meter has answered. */
  void answered(MeterId meter) {
    Optional.ofNullable(boxes.get(meter)).ifPresent(Mailbox::empty);
  }

  /** Whoever waits gets nothing. */
  void close() {
    boxes.values().forEach(Mailbox::close);
  }
}
