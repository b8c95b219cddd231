package org.gridwarden.channel.mqtt;

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
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.TransportSecurity;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageSession;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.Pipe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MQTT endpoint for meters, no broker: what is published goes to intake and is acknowledged once
 * it is committed; what is sent down goes to the one meter. Each connection is admitted before a
 * byte of it is read, and has a virtual thread of its own. Thread-safe.
 */
final class MqttChannel implements Channel {
  private static final Logger LOG = LoggerFactory.getLogger(MqttChannel.class);
  private static final int BACKLOG = 4096;
  private static final long ACCEPT_PAUSE = Duration.ofMillis(20).toNanos();
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final MqttSettings.Listener listener;
  private final boolean secure;
  private final MqttSettings.Limits limits;
  private final Tally tally = new Tally();
  private final Set<MqttSession> sessions = ConcurrentHashMap.newKeySet();
  private final Sessions names = new Sessions();
  private volatile ChannelId id;
  private volatile Optional<ServerSocket> server = Optional.empty();
  private volatile Optional<Shared> shared = Optional.empty();
  private volatile boolean closed;

  /** What all sessions of the channel share. */
  record Shared(
      Channel.Host host,
      OfficeInbox inbox,
      CommandDesk desk,
      Sessions names,
      MqttSettings.Limits limits,
      Tally tally) {}

  /**
   * @param secure whether meters come by TLS and show their certificates
   */
  MqttChannel(MqttSettings.Listener listener, boolean secure, MqttSettings.Limits limits) {
    this.listener = listener;
    this.secure = secure;
    this.limits = limits;
    this.id = named(listener.port());
  }

  private ChannelId named(int port) {
    return new ChannelId("mqtt", (secure ? "tls-" : "tcp-") + port);
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) throws ChannelException {
    String where =
        "channels.mqtt." + (secure ? "tls, " : "tcp, ") + listener.bind() + ":" + listener.port();
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
    Shared all =
        new Shared(
            host, new OfficeInbox(host, this::id), new CommandDesk(host), names, limits, tally);
    shared = Optional.of(all);
    Thread.ofPlatform().name("mqtt-" + id.instance()).daemon().start(() -> accept(socket, all));
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
    MqttSession session =
        new MqttSession(
            new Pipe("mqtt-out", connection, tls),
            source + ":" + connection.getPort(),
            ticket.get(),
            all,
            sessions::remove);
    sessions.add(session);
    Thread.ofVirtual().name("mqtt").start(session);
  }

  /** A meter that is connected and listens for orders. */
  @Override
  public boolean reaches(MeterId meter) {
    return names.find(meter).filter(MqttSession::listens).isPresent();
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
    Shared all =
        shared.orElseThrow(() -> fault(Fault.Code.CONFLICT, meter, "the channel is not started"));
    MqttSession session =
        names
            .find(meter)
            .filter(MqttSession::listens)
            .orElseThrow(() ->
                fault(
                    Fault.Code.TIMEOUT,
                    meter,
                    "it is not connected, or listens for no orders; wait until it does"));
    if (secure && !all.host().tls().revocationKnown()) {
      throw fault(
          Fault.Code.CONFLICT,
          meter,
          "it is not known which certificates are revoked, so nothing is commanded: see to the"
              + " database");
    }
    return new MessageSession(
        meter, all.desk(), message -> session.order(meter, message), deadline);
  }

  static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
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
    server.ifPresent(MqttChannel::closeQuietly);
    sessions.forEach(MqttSession::stop);
    long end = System.nanoTime() + DRAIN.toNanos();
    while (!sessions.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(ACCEPT_PAUSE);
    }
    sessions.forEach(MqttSession::abort);
  }

  static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.debug("closing failed", e);
    }
  }
}
