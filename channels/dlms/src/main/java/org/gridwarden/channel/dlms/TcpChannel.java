package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.gridwarden.core.Admission;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Offer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for meters that push over TCP, and asks them over the same connection. Each connection is
 * admitted before a byte of it is read, and has a virtual thread of its own. Thread-safe.
 */
final class TcpChannel extends ReceivingChannel {
  private static final Logger LOG = LoggerFactory.getLogger(TcpChannel.class);
  private static final int BACKLOG = 4096;
  private static final long ACCEPT_PAUSE = Duration.ofMillis(20).toNanos();
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final DlmsSettings.Listener listener;
  private final boolean secure;
  private final DlmsSettings.Limits limits;
  private final Common common;
  private final Set<TcpSession> sessions = ConcurrentHashMap.newKeySet();
  private final Callers callers = new Callers();
  private volatile Optional<Reader> reader = Optional.empty();
  private volatile ChannelId id;
  private volatile Optional<ServerSocket> server = Optional.empty();
  private volatile boolean closed;

  /**
   * @param secure whether meters come by TLS and show their certificates
   */
  TcpChannel(DlmsSettings.Listener listener, boolean secure, Common common) {
    this.listener = listener;
    this.secure = secure;
    this.common = common;
    this.limits = common.limits();
    this.id = named(listener.port());
  }

  private ChannelId named(int port) {
    return new ChannelId("dlms", (secure ? "tls-" : "tcp-") + port);
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) throws ChannelException {
    String where =
        "channels.dlms." + (secure ? "tls, " : "tcp, ") + listener.bind() + ":" + listener.port();
    ServerSocket socket;
    try {
      socket = new ServerSocket();
    } catch (IOException e) {
      throw cannotOpen(where, "no socket could be made: " + e.getMessage(), e);
    }
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(listener.bind(), listener.port()), BACKLOG);
    } catch (IOException e) {
      closeQuietly(socket);
      throw cannotOpen(where, "take another port or address: " + e.getMessage(), e);
    }
    id = named(socket.getLocalPort());
    server = Optional.of(socket);
    reader = Optional.of(new Reader(common, host, this::id));
    PushHandler handler = common.handler(host, this::id, tally);
    Thread.ofPlatform()
        .name("dlms-" + id.instance())
        .daemon()
        .start(() -> accept(socket, host, handler));
  }

  private void accept(ServerSocket socket, Host host, PushHandler handler) {
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
        admit(connection, host, handler);
      } catch (RuntimeException | OutOfMemoryError e) {
        tally.fault(Tally.What.FAILED, id.toString(), "a connection was dropped: " + e);
        closeQuietly(connection);
      }
    }
  }

  private void admit(Socket connection, Host host, PushHandler handler) {
    InetAddress source = connection.getInetAddress();
    if (source == null) {
      closeQuietly(connection);
      return;
    }
    Optional<Admission.Ticket> ticket =
        sessions.size() >= limits.maxSessions()
            ? Optional.empty()
            : host.admission().admit(id, source, () -> closeQuietly(connection));
    if (ticket.isEmpty()) {
      tally.count(Tally.What.OVER_LIMIT);
      closeQuietly(connection);
      return;
    }
    Connection line;
    try {
      line = Connection.accepted(connection, secure, host.tls());
    } catch (IOException e) {
      tally.fault(Tally.What.FAILED, id.toString(), "no TLS: " + e.getMessage());
      closeQuietly(connection);
      ticket.get().close();
      return;
    }
    TcpSession session =
        new TcpSession(
            line,
            source + ":" + connection.getPort(),
            ticket.get(),
            handler,
            listener.link().decoder(limits.maxApdu()),
            limits,
            tally,
            callers,
            sessions::remove);
    sessions.add(session);
    Thread.ofVirtual().name("dlms-tcp").start(session);
  }

  /** A meter that has called in can be asked while its connection stands. */
  @Override
  public boolean reaches(MeterId meter) {
    return callers.find(meter).isPresent();
  }

  @Override
  public Optional<Offer> offer(MeterId meter) {
    return reader.flatMap(r -> r.offer(meter));
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline)
      throws ChannelException, InterruptedException {
    Reader with =
        reader.orElseThrow(() -> Reader.fault(Fault.Code.CONFLICT, meter, "not listening"));
    Reader.Known known = with.known(meter);
    Callers.Caller caller =
        callers
            .find(meter)
            .orElseThrow(() ->
                Reader.fault(
                    Fault.Code.TIMEOUT, meter, "it has not called in; wait until it does"));
    AskedLink link =
        caller
            .session()
            .ask(known.client().number(), caller.device())
            .orElseThrow(() ->
                Reader.fault(Fault.Code.BUSY, meter, "its connection is in use; try again later"));
    return Guarded.of(
        with.open(known, link, caller.device(), deadline, () -> {}), secure, with.host().tls());
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

  @Override
  public void close() {
    closed = true;
    server.ifPresent(TcpChannel::closeQuietly);
    for (TcpSession session : sessions) {
      session.stop();
    }
    long end = System.nanoTime() + DRAIN.toNanos();
    while (!sessions.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(ACCEPT_PAUSE);
    }
    for (TcpSession session : sessions) {
      session.abort();
    }
  }

  static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.debug("closing failed", e);
    }
  }
}
