package org.gridwarden.channel.amqp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.gridwarden.core.Admission;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.TransportSecurity;
import org.gridwarden.message.MessageSession;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.Pipe;
import org.gridwarden.message.listener.Rates;
import org.gridwarden.message.listener.Tally;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An AMQP 1.0 endpoint for meters, no broker: what is sent to it goes to intake, and the delivery's
 * outcome follows the commit; orders go down the meter's own link. Each connection is admitted
 * before a byte of it is read, and has a virtual thread of its own. Thread-safe.
 */
final class AmqpChannel implements Channel {
  private static final Logger LOG = LoggerFactory.getLogger(AmqpChannel.class);
  private static final int BACKLOG = 4096;

  /** So many may wait for a thread: who floods is accepted no faster than others are heard. */
  private static final int STARTING = 64;

  private static final long ACCEPT_PAUSE = Duration.ofMillis(20).toNanos();
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final AmqpSettings.Listener listener;
  private final boolean secure;
  private final AmqpSettings.Limits limits;
  private final Tally tally = new Tally();
  private final Orders orders;
  private final Semaphore starting = new Semaphore(STARTING);
  private final Set<AmqpSession> sessions = ConcurrentHashMap.newKeySet();
  private volatile ChannelId id;
  private volatile Optional<ServerSocket> server = Optional.empty();
  private volatile Optional<Shared> shared = Optional.empty();
  private volatile boolean closed;

  /** What all connections of the channel share. */
  record Shared(
      Channel.Host host, Uplink uplink, Orders orders, AmqpSettings.Limits limits, Tally tally) {}

  /**
   * @param secure whether meters come by TLS and show their certificates
   */
  AmqpChannel(AmqpSettings.Listener listener, boolean secure, AmqpSettings.Limits limits) {
    this.listener = listener;
    this.secure = secure;
    this.limits = limits;
    this.orders = new Orders(limits.grace());
    this.id = named(listener.port());
  }

  private ChannelId named(int port) {
    return new ChannelId("amqp", (secure ? "tls-" : "tcp-") + port);
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) throws ChannelException {
    String where =
        "channels.amqp." + (secure ? "tls, " : "tcp, ") + listener.bind() + ":" + listener.port();
    ServerSocket socket;
    try {
      socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(listener.bind(), listener.port()), BACKLOG);
    } catch (IOException e) {
      throw new ChannelException(
          new Fault(Fault.Code.CONFLICT, where, "take another port or address: " + e.getMessage()),
          e);
    }
    id = named(socket.getLocalPort());
    server = Optional.of(socket);
    Uplink uplink =
        new Uplink(
            host,
            new OfficeInbox(host, this::id),
            new Rates(limits.rate(), limits.burst()),
            tally,
            meter -> {},
            orders::answered);
    Shared all = new Shared(host, uplink, orders, limits, tally);
    shared = Optional.of(all);
    Thread.ofPlatform().name("amqp-" + id.instance()).daemon().start(() -> accept(socket, all));
  }

  private void accept(ServerSocket socket, Shared all) {
    while (!closed) {
      Socket connection;
      try {
        connection = socket.accept();
      } catch (IOException e) {
        if (!closed) {
          // out of file descriptors, say: neither die nor spin; those that close make room
          tally.fault(Tally.What.FAILED, id.toString(), "accept failed: " + e.getMessage());
          LockSupport.parkNanos(ACCEPT_PAUSE);
        }
        continue;
      }
      try {
        admit(connection, all);
      } catch (RuntimeException | OutOfMemoryError e) {
        tally.fault(Tally.What.FAILED, id.toString(), "a connection was dropped: " + e);
        closeQuietly(connection);
      }
    }
  }

  private void admit(Socket connection, Shared all) {
    InetAddress source = connection.getInetAddress();
    if (source == null) {
      closeQuietly(connection);
      return;
    }
    Optional<Admission.Ticket> ticket =
        sessions.size() >= limits.maxSessions()
            ? Optional.empty()
            : all.host().admission().admit(id, source, () -> closeQuietly(connection));
    if (ticket.isEmpty()) {
      tally.count(Tally.What.OVER_LIMIT);
      closeQuietly(connection);
      return;
    }
    Optional<TransportSecurity.Secured> tls = Optional.empty();
    if (secure) {
      try {
        tls = Optional.of(all.host().tls().accept(connection));
      } catch (IOException e) {
        tally.fault(Tally.What.FAILED, id.toString(), "no TLS: " + e.getMessage());
        closeQuietly(connection);
        ticket.get().close();
        return;
      }
    }
    AmqpSession one =
        new AmqpSession(
            new Pipe("amqp-out", connection, tls),
            source + ":" + connection.getPort(),
            ticket.get(),
            all,
            sessions::remove);
    sessions.add(one);
    starting.acquireUninterruptibly();
    Thread.ofVirtual()
        .name("amqp")
        .start(() -> {
          starting.release();
          one.run();
        });
  }

  /** A meter that listens for orders, or did lately. */
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
          Fault.Code.TIMEOUT, meter, "it does not listen for orders now; wait until it does");
    }
    if (secure && !all.host().tls().revocationKnown()) {
      throw fault(
          Fault.Code.CONFLICT,
          meter,
          "it is not known which certificates are revoked, so nothing is commanded: see to the"
              + " database");
    }
    return new MessageSession(
        meter, all.uplink().desk(), message -> orders.send(meter, message, deadline), deadline);
  }

  private static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }

  @Override
  public Health health() {
    if (server.isEmpty() || closed) {
      return new Health(Health.State.DOWN, "not listening");
    }
    return new Health(
        Health.State.UP,
        listener.bind()
            + ":"
            + id.instance().substring(4)
            + ", "
            + sessions.size()
            + " connections, "
            + tally.line());
  }

  /** What became of what came. */
  Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    closed = true;
    server.ifPresent(AmqpChannel::closeQuietly);
    sessions.forEach(AmqpSession::stop);
    long end = System.nanoTime() + DRAIN.toNanos();
    while (!sessions.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(ACCEPT_PAUSE);
    }
    sessions.forEach(AmqpSession::abort);
  }

  static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.debug("closing failed", e);
    }
  }
}
