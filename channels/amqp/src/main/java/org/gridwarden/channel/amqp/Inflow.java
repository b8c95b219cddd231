package org.gridwarden.channel.amqp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.exceptions.ProtonException;
import org.apache.qpid.protonj2.types.UnsignedLong;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.apache.qpid.protonj2.types.transport.ReceiverSettleMode;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;

/**
 * What comes in over a connection's links: whole messages, and how each ended. The engine believes
 * what the other end says of credit, sizes and pieces; here it is held to it. Its links are touched
 * through the wire alone.
 */
final class Inflow {
  /** In more pieces nobody sends a message. */
  private static final int MOST_PIECES = 64;

  private final Wire wire;
  private final AmqpSettings.Limits limits;
  private final int most;
  private final Semaphore waiting;
  private final ArrayDeque<Arrived> arrived = new ArrayDeque<>();
  private Optional<String> wrong = Optional.empty();
  private int unsettled;

  /**
   * A whole message.
   *
   * @param meter whose it must be; empty where anybody's
   * @param kind of which class it must be; empty where any
   * @param bytes an AMQP message; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // stated above
  record Arrived(
      Link link,
      IncomingDelivery delivery,
      Optional<MeterId> meter,
      Optional<MessageClass> kind,
      byte[] bytes) {}

  /** A link over which messages come. */
  static final class Link {
    private final Receiver receiver;
    private int owed;

    private Link(Receiver receiver) {
      this.receiver = receiver;
    }
  }

  /**
   * @param links how many links there may be
   */
  Inflow(Wire wire, AmqpSettings.Limits limits, int links) {
    this.wire = wire;
    this.limits = limits;
    this.most = limits.inFlight() * links;
    this.waiting = new Semaphore(most);
  }

  /**
   * Takes messages over a link, which is then opened. Within the wire.
   *
   * @param meter whose they must be; empty where anybody's
   * @param kind of which class they must be; empty where any
   */
  void open(Receiver receiver, Optional<MeterId> meter, Optional<MessageClass> kind) {
    Link link = new Link(receiver);
    receiver.setMaxMessageSize(UnsignedLong.valueOf(limits.maxMessage()));
    receiver.deliveryReadHandler(delivery -> read(link, delivery, meter, kind));
    receiver.deliveryAbortedHandler(delivery -> {
      delivery.settle();
      settled(link, false);
    });
    receiver.deliveryStateUpdatedHandler(delivery -> {
      // exactly once, as the protocol has it: the sender has forgotten it, so may this end
      if (delivery.isRemotelySettled() && delivery.getState() != null && !delivery.isSettled()) {
        delivery.settle();
        settled(link, true);
      }
    });
    receiver.open();
    receiver.addCredit(limits.inFlight());
  }

  private void read(
      Link link, IncomingDelivery delivery, Optional<MeterId> meter, Optional<MessageClass> kind) {
    if (delivery.available() > limits.maxMessage()
        || delivery.isPartial() && delivery.getTransferCount() > MOST_PIECES) {
      refuse("amqp:link:message-size-exceeded", "it has " + limits.maxMessage() + " bytes at most");
      return;
    }
    if (delivery.isPartial()) {
      return;
    }
    if (unsettled >= most || !waiting.tryAcquire()) {
      refuse("amqp:link:transfer-limit-exceeded", "more was sent than there was credit for");
      return;
    }
    unsettled++;
    ProtonBuffer payload = delivery.readAll();
    byte[] bytes = new byte[payload == null ? 0 : payload.getReadableBytes()];
    if (payload != null) {
      payload.readBytes(bytes, 0, bytes.length);
      payload.close();
    }
    arrived.add(new Arrived(link, delivery, meter, kind, bytes));
  }

  private void refuse(String condition, String why) {
    wrong = Optional.of(why);
    wire.close(Optional.of(new ErrorCondition(condition, why)));
  }

  /**
   * Takes what has arrived.
   *
   * @throws AmqpException where the other end did not keep to the bounds; it was told
   */
  List<Arrived> take() throws AmqpException {
    List<Arrived> now = new ArrayList<>();
    Optional<String> broken =
        wire.alone(connection -> {
          now.addAll(arrived);
          arrived.clear();
          return wrong;
        });
    if (broken.isPresent()) {
      now.forEach(a -> waiting.release());
      throw new AmqpException(broken.get());
    }
    return now;
  }

  /** It is known what became of a message: tells it, where anybody wants to know. */
  void answer(Arrived message, DeliveryState outcome) {
    try {
      wire.alone(connection -> {
        answer(message.link(), message.delivery(), outcome);
        return true;
      });
    } catch (IllegalStateException | ProtonException e) {
      // its link or session has ended meanwhile: it is sent again, and known again
    } finally {
      waiting.release();
    }
  }

  private void answer(Link link, IncomingDelivery delivery, DeliveryState outcome) {
    if (!wire.isOpen() || link.receiver.isRemotelyClosedOrDetached()) {
      return;
    }
    boolean second =
        link.receiver.getReceiverSettleMode() == ReceiverSettleMode.SECOND
            && !delivery.isRemotelySettled();
    delivery.disposition(outcome, !second);
    if (!second) {
      settled(link, true);
    }
  }

  /** One more may come; credit is given by halves, so that not each message costs a frame. */
  private void settled(Link link, boolean counted) {
    if (counted) {
      unsettled--;
    }
    link.owed++;
    if (link.owed >= Math.max(1, limits.inFlight() / 2) && link.receiver.isLocallyOpen()) {
      link.receiver.addCredit(link.owed);
      link.owed = 0;
    }
  }

  /** Whether something waits for its commit. */
  boolean isBusy() {
    return waiting.availablePermits() < most;
  }

  /**
   * Waits until everything is answered.
   *
   * @return false where it is not, in time
   */
  boolean drained(long milliseconds) throws InterruptedException {
    return waiting.tryAcquire(most, milliseconds, TimeUnit.MILLISECONDS);
  }
}
