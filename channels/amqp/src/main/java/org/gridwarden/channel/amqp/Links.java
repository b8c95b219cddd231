package org.gridwarden.channel.amqp;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.Link;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.apache.qpid.protonj2.types.transport.SenderSettleMode;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.listener.Tally;

/**
 * The links of one connection, which the other end attaches: those over which messages come up, and
 * the one down which orders go. Each is looked at against whoever was proven (C22). Its methods run
 * within the wire.
 */
final class Links {
  /** So many at once: one for each class, one for orders, and some to spare. */
  static final int MOST = 8;

  private static final int MOST_SESSIONS = 4;
  private static final String CONTAINER = "gridwarden";

  private final Wire wire;
  private final Login.Who who;
  private final AmqpChannel.Shared shared;
  private final String name;
  private final Inflow inflow;
  private Optional<Down> down = Optional.empty();
  private int count;

  Links(Wire wire, Login.Who who, AmqpChannel.Shared shared, String name, Inflow inflow) {
    this.wire = wire;
    this.who = who;
    this.shared = shared;
    this.name = name;
    this.inflow = inflow;
  }

  /** What the other end may begin. */
  void prepare(Connection connection) {
    AmqpSettings.Limits limits = shared.limits();
    connection.setContainerId(CONTAINER);
    connection.setMaxFrameSize(limits.maxFrame());
    connection.setChannelMax(MOST_SESSIONS - 1);
    connection.setIdleTimeout(limits.keepAlive().toMillis());
    connection.openHandler(Connection::open);
    connection.closeHandler(Connection::close);
    connection.sessionOpenHandler(session -> {
      session.setHandleMax(MOST - 1);
      session.closeHandler(ended -> {
        ended.links().forEach(this::gone);
        ended.close();
      });
      session.open();
    });
    connection.receiverOpenHandler(this::up);
    connection.senderOpenHandler(this::down);
  }

  /** The other end wants to send. */
  private void up(Receiver link) {
    Target target = link.getRemoteTarget();
    String address = target == null || target.getAddress() == null ? "" : target.getAddress();
    Optional<Addresses.Up> place = Addresses.up(address);
    link.setSource(link.getRemoteSource());
    link.setSenderSettleMode(link.getRemoteSenderSettleMode());
    link.setReceiverSettleMode(link.getRemoteReceiverSettleMode());
    if (place.isEmpty()) {
      refuse(link, "amqp:not-found", "send to gw/METER/up");
      return;
    }
    Optional<MeterId> named = place.get().meter();
    if (named.isPresent() && !who.speaksFor(named.get())) {
      shared.tally().fault(Tally.What.FORBIDDEN, name, who.name() + " may not send where it wants");
      refuse(link, "amqp:unauthorized-access", "it is another meter's");
      return;
    }
    if (!admit(link)) {
      return;
    }
    link.setTarget(new Target().setAddress(address));
    ending(link);
    inflow.open(link, named.or(who::meter), place.get().kind());
  }

  /** The other end wants to hear. */
  private void down(Sender link) {
    Source source = link.getRemoteSource();
    String address = source == null || source.getAddress() == null ? "" : source.getAddress();
    Optional<MeterId> whose = Addresses.down(address);
    link.setTarget(link.<Target>getRemoteTarget());
    link.setSenderSettleMode(link.getRemoteSenderSettleMode());
    link.setReceiverSettleMode(link.getRemoteReceiverSettleMode());
    if (whose.isEmpty()) {
      refuse(link, "amqp:not-found", "orders are at gw/METER/down/control");
      return;
    }
    if (!whose.equals(who.meter())) {
      shared.tally().fault(Tally.What.FORBIDDEN, name, who.name() + " may not hear what it wants");
      refuse(link, "amqp:unauthorized-access", "it is another meter's");
      return;
    }
    if (!admit(link)) {
      return;
    }
    link.setSource(new Source().setAddress(address));
    ending(link);
    Down now = new Down(whose.get(), link);
    down.ifPresent(before -> shared.orders().deaf(before.meter, before));
    down = Optional.of(now);
    link.creditStateUpdateHandler(changed -> {
      if (changed.isDraining()) {
        changed.drained();
      } else if (changed.getCredit() > 0) {
        shared.orders().listens(now.meter, now);
      }
    });
    link.open();
  }

  private boolean admit(Link<?> link) {
    if (count >= MOST) {
      refuse(link, "amqp:resource-limit-exceeded", "it has " + MOST + " links at most");
      return false;
    }
    count++;
    return true;
  }

  /** By attaching nothing, and saying why (part 2, clause 2.6.3). */
  private static void refuse(Link<?> link, String condition, String why) {
    if (link instanceof Receiver receiver) {
      receiver.setTarget((Target) null);
    } else {
      link.setSource(null);
    }
    link.open();
    link.setCondition(new ErrorCondition(condition, why));
    link.close();
  }

  private void ending(Link<?> link) {
    link.closeHandler(ended -> {
      gone(ended);
      ended.close();
    });
    link.detachHandler(ended -> {
      gone(ended);
      ended.detach();
    });
  }

  private void gone(Link<?> link) {
    count = Math.max(0, count - 1);
    down.filter(d -> d.link == link).ifPresent(d -> shared.orders().deaf(d.meter, d));
  }

  /** The connection has ended. */
  void over() {
    down.ifPresent(d -> shared.orders().deaf(d.meter, d));
  }

  /** The link down which a meter's orders go. */
  private final class Down implements Orders.Ear {
    private final MeterId meter;
    private final Sender link;
    private final AtomicLong tags = new AtomicLong();
    private Optional<Orders.Order> last = Optional.empty();

    Down(MeterId meter, Sender link) {
      this.meter = meter;
      this.link = link;
    }

    @Override
    public void hear(Orders.Order order) {
      wire.alone(connection -> {
        boolean sent = last.filter(o -> o == order).isPresent();
        // without credit it lies there, and goes once there is
        if (!sent && wire.isOpen() && link.isLocallyOpen() && link.isSendable()) {
          last = Optional.of(order);
          transfer(order);
        }
        return true;
      });
    }

    private void transfer(Orders.Order order) {
      OutgoingDelivery delivery = link.next();
      delivery.setTag(
          Long.toString(tags.incrementAndGet())
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      boolean settled = link.getSenderSettleMode() == SenderSettleMode.SETTLED;
      if (settled) {
        delivery.settle();
        shared.orders().settled(meter, order);
      }
      delivery.deliveryStateUpdatedHandler(changed -> {
        if (changed.getRemoteState() instanceof Accepted
            || changed.getRemoteState() instanceof Rejected) {
          shared.orders().settled(meter, order);
        }
        if (changed.getRemoteState() != null || changed.isRemotelySettled()) {
          changed.settle();
        }
      });
      long left = Math.max(1, Math.min(Integer.MAX_VALUE, order.until().left().toMillis()));
      delivery.writeBytes(
          ProtonBufferAllocator.defaultAllocator().copy(Body.write(order.message(), (int) left)));
    }
  }
}
