package org.gridwarden.channel.coap;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.observe.ObserveManager;
import org.eclipse.californium.elements.config.Configuration;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.Secured;

/**
 * The meters' mailboxes for orders, {@code gw/orders}: each sees the one that is its own, whatever
 * it asks for, since no name of a meter stands in the path (C22). A meter observes it (RFC 7641),
 * and so opens the way down through whatever stands between. Thread-safe.
 */
final class Mailboxes {
  private final ObserveManager relations;
  private final Map<MeterId, Mailbox> boxes = new ConcurrentHashMap<>();

  Mailboxes(Configuration terms) {
    this.relations = new ObserveManager(terms);
  }

  /** A meter looks into its mailbox, and may want to be told from now on. */
  void look(Ask ask) {
    Optional<MeterId> meter = ask.caller().meter();
    if (meter.isEmpty()) {
      ask.refuse(
          ask.caller().isStranger() ? ResponseCode.UNAUTHORIZED : ResponseCode.FORBIDDEN,
          "a meter's alone");
      return;
    }
    int accept = ask.request().getOptions().getAccept();
    if (ask.request().getOptions().hasAccept() && accept != Uplink.COSE_ENCRYPT0) {
      ask.answer(ResponseCode.NOT_ACCEPTABLE);
      return;
    }
    Mailbox box = boxes.computeIfAbsent(meter.get(), m -> new Mailbox());
    boolean first = !ask.request().getOptions().hasBlock2() || firstBlock(ask);
    if (ask.exchange().getRequest().isObserve() && first) {
      box.watched(ask);
      ask.exchange().getRequest().setProtectFromOffload();
      relations.addObserveRelation(ask.exchange(), box);
    } else if (ask.exchange().getRequest().isObserveCancel()) {
      relations.cancelObserveRelation(ask.exchange());
      box.cancel();
    }
    ask.answer(box.content());
  }

  private static boolean firstBlock(Ask ask) {
    return ask.request().getOptions().getBlock2().getNum() == 0;
  }

  /** Whether a meter is told of its orders. */
  boolean watches(MeterId meter) {
    return Optional.ofNullable(boxes.get(meter)).filter(Mailbox::isWatched).isPresent();
  }

  /**
   * Lays an order into a meter's mailbox, and tells it.
   *
   * @param order a {@link Secured} message for the meter
   * @param until when it may be taken out
   * @return false where the meter does not observe it: nothing was sent
   */
  boolean put(MeterId meter, byte[] order, Deadline until) {
    Mailbox box = boxes.get(meter);
    return box != null && box.put(order, until);
  }

  /** A meter has answered: its mailbox is empty. */
  void answered(MeterId meter) {
    Optional.ofNullable(boxes.get(meter)).ifPresent(Mailbox::empty);
  }

  /** How many meters are told of their orders. */
  int watched() {
    return relations.getNumberOfObserverRelations();
  }
}
