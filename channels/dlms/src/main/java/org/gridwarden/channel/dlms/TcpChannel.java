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
import org.gridwarden.core.Health;
import org.gridwarden.dlms.PushLayouts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for meters that push over TCP. Each connection is admitted before a byte of it is read,
 * and has a virtual thread of its own. Thread-safe.
 */
final class TcpChannel extends ReceivingChannel {
  private static final Logger LOG = LoggerFactory.getLogger(TcpChannel.class);
  private static final int BACKLOG = 4096;
  private static final long ACCEPT_PAUSE = Duration.ofMillis(20).toNanos();
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final DlmsSettings.Listener listener;
  private final DlmsSettings.Limits limits;
  private final PushLayouts layouts;
  private final Set<TcpSession> sessions = ConcurrentHashMap.newKeySet();
  private volatile ChannelId id;
  private volatile Optional<ServerSocket> server = Optional.empty();
  private volatile boolean closed;

  TcpChannel(DlmsSettings.Listener listener, DlmsSettings.Limits limits, PushLayouts layouts) {
    this.listener = listener;
    this.limits = limits;
    this.layouts = layouts;
    this.id = new ChannelId("dlms", "tcp-" + listener.port());
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) throws ChannelException {
    String where = "channels.dlms.tcp, " + listener.bind() + ":" + listener.port();
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
    id = new ChannelId("dlms", "tcp-" + socket.getLocalPort());
    server = Optional.of(socket);
    PushHandler handler = new PushHandler(host, this::id, layouts, limits, tally);
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
    TcpSession session =
        new TcpSession(
            connection,
            ticket.get(),
            handler,
            listener.link().decoder(limits.maxApdu()),
            limits,
            tally,
            sessions::remove);
    sessions.add(session);
    Thread.ofVirtual().name("dlms-tcp").start(session);
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
