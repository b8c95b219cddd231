package org.gridwarden.message.listener;

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
import java.util.function.Function;
import org.gridwarden.core.Admission;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.TransportSecurity;
import org.gridwarden.message.Pipe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for meters' TCP connections. Each is admitted before a byte of it is read, gets TLS where
 * the listener has it, and a virtual thread of its own.
 *
 * <p>Accepting waits for the accepted: while {@value #STARTING} connections wait for a thread no
 * more are taken. Otherwise a flood fills the scheduler's queue faster than sessions that were put
 * out can leave it, and honest meters wait behind them.
 *
 * <p>Thread-safe. Controls: C25, C40.
 */
public final class Acceptor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
  private static final int BACKLOG = 4096;
  static final int STARTING = 64;
  private static final long PAUSE = Duration.ofMillis(20).toNanos();
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final Place place;
  private final int maxSessions;
  private final Tally tally;
  private final Semaphore starting = new Semaphore(STARTING);
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private volatile ChannelId id;
  private volatile Optional<ServerSocket> server = Optional.empty();
  private volatile boolean closed;

  /** How connections are secured. */
  public enum Security {
    /** Not at all: what is said is secured by itself. */
    NONE("tcp"),
    /** By TLS; who connects must show a certificate. */
    CERTIFICATE("tls"),
    /** By TLS; who shows no certificate is proven by what it says then, a password. */
    EITHER("tls");

    private final String word;

    Security(String word) {
      this.word = word;
    }
  }

  /**
   * Where to listen.
   *
   * @param protocol the channel's name, {@code mqtt} say
   * @param bind the address
   * @param port 0 takes any free one
   */
  public record Place(String protocol, String bind, int port, Security security) {}

  /**
   * A connection that was taken in.
   *
   * @param pipe not shaken hands over yet
   * @param from address and port, for people
   * @param ticket to be given back at its end
   */
  public record Accepted(Pipe pipe, String from, Admission.Ticket ticket) {}

  /** What serves one connection. */
  public interface Session {
    /** Serves it until it ends, closes it, and gives its ticket back. */
    void run();

    /** Reads no more; what is under way is answered first. */
    void stop();

    /** Closes at once. */
    void abort();
  }

  /**
   * @param maxSessions how many connections it holds at most
   * @param tally where it counts those over the limit, and failures
   */
  public Acceptor(Place place, int maxSessions, Tally tally) {
    this.place = place;
    this.maxSessions = maxSessions;
    this.tally = tally;
    this.id = named(place.port());
  }

  private ChannelId named(int port) {
    return new ChannelId(place.protocol(), place.security().word + "-" + port);
  }

  /** The channel that it is: its protocol, {@code tcp} or {@code tls}, and its port. */
  public ChannelId id() {
    return id;
  }

  /**
   * Whether orders may go down now: over TLS only while it is known which certificates are revoked.
   */
  public boolean maySendOrders(Channel.Host host) {
    return place.security() == Security.NONE || host.tls().revocationKnown();
  }

  /**
   * Begins to listen.
   *
   * @param serve makes a connection's session; quick, reads nothing
   * @throws ChannelException where the port is taken or the address not this machine's
   */
  public void start(Channel.Host host, Function<Accepted, Session> serve) throws ChannelException {
    ServerSocket socket;
    try {
      socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(place.bind(), place.port()), BACKLOG);
    } catch (IOException e) {
      throw new ChannelException(
          new Fault(
              Fault.Code.CONFLICT,
              "channels."
                  + place.protocol()
                  + "."
                  + place.security().word
                  + ", "
                  + place.bind()
                  + ":"
                  + place.port(),
              "take another port or address: " + e.getMessage()),
          e);
    }
    id = named(socket.getLocalPort());
    server = Optional.of(socket);
    Thread.ofPlatform()
        .name(place.protocol() + "-" + id.instance())
        .daemon()
        .start(() -> accept(socket, host, serve));
  }

  private void accept(ServerSocket socket, Channel.Host host, Function<Accepted, Session> serve) {
    while (!closed) {
      Socket connection;
      try {
        connection = socket.accept();
      } catch (IOException e) {
        if (!closed) {
          // out of file descriptors, say: neither die nor spin; those that close make room
          tally.fault(Tally.What.FAILED, id.toString(), "accept failed: " + e.getMessage());
          LockSupport.parkNanos(PAUSE);
        }
        continue;
      }
      try {
        admit(connection, host, serve);
      } catch (RuntimeException | OutOfMemoryError e) {
        tally.fault(Tally.What.FAILED, id.toString(), "a connection was dropped: " + e);
        closeQuietly(connection);
      }
    }
  }

  private void admit(Socket connection, Channel.Host host, Function<Accepted, Session> serve) {
    InetAddress source = connection.getInetAddress();
    if (source == null) {
      closeQuietly(connection);
      return;
    }
    Optional<Admission.Ticket> ticket =
        sessions.size() >= maxSessions
            ? Optional.empty()
            : host.admission().admit(id, source, () -> closeQuietly(connection));
    if (ticket.isEmpty()) {
      tally.count(Tally.What.OVER_LIMIT);
      closeQuietly(connection);
      return;
    }
    Pipe pipe;
    try {
      pipe = new Pipe(place.protocol() + "-out", connection, secure(connection, host.tls()));
    } catch (IOException e) {
      tally.fault(Tally.What.FAILED, id.toString(), "no TLS: " + e.getMessage());
      closeQuietly(connection);
      ticket.get().close();
      return;
    }
    Session session =
        serve.apply(new Accepted(pipe, source + ":" + connection.getPort(), ticket.get()));
    sessions.add(session);
    starting.acquireUninterruptibly();
    Thread.ofVirtual().name(place.protocol()).start(() -> serve(session));
  }

  private Optional<TransportSecurity.Secured> secure(Socket connection, TransportSecurity tls)
      throws IOException {
    return switch (place.security()) {
      case NONE -> Optional.empty();
      case CERTIFICATE -> Optional.of(tls.accept(connection));
      case EITHER -> Optional.of(tls.acceptEither(connection));
    };
  }

  private void serve(Session session) {
    starting.release();
    try {
      session.run();
    } finally {
      sessions.remove(session);
    }
  }

  /** How it is: where it listens, how many connections it has, what became of what came. */
  public Health health() {
    if (server.isEmpty() || closed) {
      return new Health(Health.State.DOWN, "not listening");
    }
    return new Health(
        Health.State.UP,
        place.bind()
            + ":"
            + server.get().getLocalPort()
            + ", "
            + sessions.size()
            + " connections, "
            + tally.line());
  }

  /** Stops listening, lets every session finish what is under way, and waits for that a while. */
  @Override
  public void close() {
    closed = true;
    server.ifPresent(Acceptor::closeQuietly);
    sessions.forEach(Session::stop);
    long end = System.nanoTime() + DRAIN.toNanos();
    while (!sessions.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE);
    }
    sessions.forEach(Session::abort);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.debug("closing failed", e);
    }
  }
}
