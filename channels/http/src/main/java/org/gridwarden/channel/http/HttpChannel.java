package org.gridwarden.channel.http;

import java.util.Optional;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageSession;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Acceptor;
import org.gridwarden.message.listener.Rates;
import org.gridwarden.message.listener.Tally;

/**
 * A listener for meters that speak HTTP/1.1, HTTP/2 or WebSocket, on one port: what they send goes
 * to intake and is answered once it is committed; orders go down a socket, or lie in a mailbox
 * until the meter asks. Each connection is admitted before a byte of it is read, and has a virtual
 * thread of its own. Thread-safe.
 */
final class HttpChannel implements Channel {
  private final HttpSettings.Limits limits;
  private final Tally tally = new Tally();
  private final Orders orders;
  private final Acceptor acceptor;
  private volatile Optional<Shared> shared = Optional.empty();
  private volatile boolean closed;

  /** What all connections of the channel share. */
  record Shared(
      Channel.Host host,
      Uplink uplink,
      Resources resources,
      CommandDesk desk,
      Orders orders,
      HttpSettings.Limits limits,
      Tally tally) {}

  /**
   * @param secure whether meters come by TLS and show their certificates
   */
  HttpChannel(HttpSettings.Listener listener, boolean secure, HttpSettings.Limits limits) {
    this.limits = limits;
    this.orders = new Orders(limits.grace());
    this.acceptor =
        new Acceptor(
            new Acceptor.Place(
                "http",
                listener.bind(),
                listener.port(),
                secure ? Acceptor.Security.CERTIFICATE : Acceptor.Security.NONE),
            limits.maxSessions(),
            tally);
  }

  @Override
  public ChannelId id() {
    return acceptor.id();
  }

  @Override
  public void start(Host host) throws ChannelException {
    CommandDesk desk = new CommandDesk(host);
    Uplink uplink =
        new Uplink(
            host,
            new OfficeInbox(host, this::id),
            desk,
            orders,
            new Rates(limits.rate(), limits.burst()),
            tally);
    Shared all =
        new Shared(
            host,
            uplink,
            new Resources(host, uplink, orders, limits, tally),
            desk,
            orders,
            limits,
            tally);
    shared = Optional.of(all);
    acceptor.start(host, accepted -> new Connection(accepted, all));
  }

  /** A meter that listens at a socket, or asks for orders. */
  @Override
  public boolean reaches(MeterId meter) {
    return !closed && orders.reaches(meter);
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
    Shared all =
        shared.orElseThrow(() -> fault(Fault.Code.CONFLICT, meter, "the channel is not started"));
    if (!reaches(meter)) {
      throw fault(
          Fault.Code.TIMEOUT,
          meter,
          "it neither listens nor asks for orders now; wait until it does");
    }
    if (!acceptor.maySendOrders(all.host())) {
      throw fault(
          Fault.Code.CONFLICT,
          meter,
          "it is not known which certificates are revoked, so nothing is commanded: see to the"
              + " database");
    }
    return new MessageSession(
        meter, all.desk(), message -> orders.send(meter, message, deadline), deadline);
  }

  private static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }

  @Override
  public Health health() {
    return acceptor.health();
  }

  /** What became of what came. */
  Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    closed = true;
    orders.close();
    acceptor.close();
  }
}
