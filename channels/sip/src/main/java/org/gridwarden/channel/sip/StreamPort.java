package org.gridwarden.channel.sip;

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
import java.util.function.Supplier;
import org.gridwarden.core.Admission;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.TransportSecurity;
import org.gridwarden.message.Pipe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port for connections, under TLS or not. Each is admitted before a byte of it is read, and has a
 * virtual thread of its own. Thread-safe.
 */
final class StreamPort implements SipChannel.Port {
  private static final Logger LOG = LoggerFactory.getLogger(StreamPort.class);
  private static final int BACKLOG = 4096;

  /** So many may wait for a thread: who floods is accepted no faster than others are heard. */
  private static final int STARTING = 64;

  private static final long ACCEPT_PAUSE = Duration.ofMillis(20).toNanos();
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final ServerSocket socket;
  private final Transport transport;
  private final SipChannel.Shared shared;
  private final Channel.Host host;
  private final Supplier<ChannelId> id;
  private final Semaphore starting = new Semaphore(STARTING);
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  StreamPort(
      ServerSocket socket,
      Transport transport,
      SipChannel.Shared shared,
      Channel.Host host,
      Supplier<ChannelId> id) {
    this.socket = socket;
    this.transport = transport;
    this.shared = shared;
    this.host = host;
    this.id = id;
  }

  static ServerSocket listen(InetSocketAddress at) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(at, BACKLOG);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Accepts until it is closed. */
  void run() {
    while (!closed) {
      Socket connection;
      try {
        connection = socket.accept();
      } catch (IOException e) {
        if (!closed) {
          // out of file descriptors, say: neither die nor spin; those that close make room
          shared.tally().fault(Tally.What.FAILED, name(), "accept failed: " + e.getMessage());
          LockSupport.parkNanos(ACCEPT_PAUSE);
        }
        continue;
      }
      try {
        admit(connection);
      } catch (RuntimeException | OutOfMemoryError e) {
        shared.tally().fault(Tally.What.FAILED, name(), "a connection was dropped: " + e);
        closeQuietly(connection);
      }
    }
  }

  private String name() {
    return id.get().toString();
  }

  private void admit(Socket connection) {
    InetAddress source = connection.getInetAddress();
    if (source == null) {
      closeQuietly(connection);
      return;
    }
    Optional<Admission.Ticket> ticket =
        connections.size() >= shared.limits().maxSessions()
            ? Optional.empty()
            : host.admission().admit(id.get(), source, () -> closeQuietly(connection));
    if (ticket.isEmpty()) {
      shared.tally().count(Tally.What.OVER_LIMIT);
      closeQuietly(connection);
      return;
    }
    Optional<TransportSecurity.Secured> tls = Optional.empty();
    if (transport == Transport.TLS) {
      try {
        tls = Optional.of(host.tls().accept(connection));
      } catch (IOException e) {
        shared.tally().fault(Tally.What.FAILED, name(), "no TLS: " + e.getMessage());
        closeQuietly(connection);
        ticket.get().close();
        return;
      }
    }
    Connection one =
        new Connection(
            new Pipe("sip-out", connection, tls),
            new InetSocketAddress(source, connection.getPort()),
            transport,
            ticket.get(),
            shared,
            connections::remove);
    connections.add(one);
    starting.acquireUninterruptibly();
    Thread.ofVirtual()
        .name("sip")
        .start(() -> {
          starting.release();
          one.run();
        });
  }

  @Override
  public String state() {
    return connections.size() + " connections, ";
  }

  @Override
  public void close() {
    closed = true;
    closeQuietly(socket);
    connections.forEach(Connection::stop);
    long end = System.nanoTime() + DRAIN.toNanos();
    while (!connections.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(ACCEPT_PAUSE);
    }
    connections.forEach(Connection::abort);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.debug("closing failed", e);
    }
  }
}
