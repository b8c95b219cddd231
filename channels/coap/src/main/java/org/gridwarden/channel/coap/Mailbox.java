package org.gridwarden.channel.coap;

import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.ExchangeCompleteException;
import org.eclipse.californium.core.observe.ObserveNotificationOrderer;
import org.eclipse.californium.core.observe.ObserveRelation;
import org.eclipse.californium.core.server.resources.ObservableResource;
import org.gridwarden.core.Deadline;

/**
 * One meter's mailbox: one order at most, as one at a time waits for its receipt. One observer, the
 * latest. Thread-safe.
 */
final class Mailbox implements ObservableResource {
  /** After so many seconds a meter that has heard nothing asks again; the office may have died. */
  private static final int MAX_AGE = 900;

  private final ObserveNotificationOrderer order = new ObserveNotificationOrderer();
  private Optional<Order> waiting = Optional.empty();
  private Optional<Ask> asked = Optional.empty();
  private Optional<Watch> watch = Optional.empty();

  @SuppressWarnings("ArrayRecordComponent") // stays here
  private record Order(byte[] message, Deadline until) {}

  private record Watch(ObserveRelation relation, Ask ask) {}

  /** Somebody asks to be told; {@link #addObserveRelation} follows once it was answered. */
  synchronized void watched(Ask ask) {
    asked = Optional.of(ask);
  }

  /** What stands in it now. */
  synchronized Response content() {
    waiting = waiting.filter(o -> !o.until.left().isNegative());
    Response response = new Response(ResponseCode.CONTENT);
    response.getOptions().setMaxAge(MAX_AGE);
    waiting.ifPresent(o -> {
      response.getOptions().setContentFormat(Uplink.COSE_ENCRYPT0);
      response.setPayload(o.message);
    });
    return response;
  }

  boolean put(byte[] message, Deadline until) {
    Optional<Watch> to;
    synchronized (this) {
      to = watch;
      if (to.isEmpty()) {
        return false;
      }
      waiting = Optional.of(new Order(message.clone(), until));
    }
    to.ifPresent(this::tell);
    return true;
  }

  private void tell(Watch to) {
    to.ask
        .exchange()
        .execute(() -> {
          // the exchange is complete between two notifications, and begins again with each
          if (!to.relation.isCanceled()) {
            order.getNextObserveNumber();
            try {
              to.ask.exchange().sendResponse(to.ask.seal().apply(content()));
            } catch (ExchangeCompleteException e) {
              // it has just given up listening
            }
          }
        });
  }

  /** Its order was answered. */
  synchronized void empty() {
    waiting = Optional.empty();
  }

  synchronized boolean isWatched() {
    return watch.isPresent();
  }

  /** The meter wants to be told no longer. */
  void cancel() {
    Optional<Watch> over;
    synchronized (this) {
      over = watch;
    }
    over.ifPresent(w -> w.relation.cancel());
  }

  @Override
  public void addObserveRelation(ObserveRelation relation) {
    Optional<Watch> before;
    synchronized (this) {
      before = watch;
      watch =
          asked
              .filter(ask -> ask.exchange() == relation.getExchange())
              .map(ask -> new Watch(relation, ask));
      asked = Optional.empty();
    }
    before.filter(w -> w.relation != relation).ifPresent(w -> w.relation.cancel());
  }

  @Override
  public synchronized void removeObserveRelation(ObserveRelation relation) {
    watch = watch.filter(w -> w.relation != relation);
  }

  @Override
  public String getURI() {
    return "/" + Door.ROOT + "/" + Door.ORDERS;
  }

  @Override
  public Type getObserveType() {
    return Type.CON;
  }

  @Override
  public int getNotificationSequenceNumber() {
    return order.getCurrent();
  }

  @Override
  public boolean isObservable() {
    return true;
  }

  @Override
  public int getObserverCount() {
    return isWatched() ? 1 : 0;
  }
}
