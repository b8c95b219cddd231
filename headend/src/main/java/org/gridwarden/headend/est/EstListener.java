package org.gridwarden.headend.est;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.gridwarden.core.Admission;
import org.gridwarden.core.ChannelId;
import org.gridwarden.security.certificate.EnrolmentTls;
import org.gridwarden.security.certificate.RefusedCertificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port where devices enrol: TLS 1.3, each connection admitted before a byte of it is read,
 * counted under its source, with one deadline that no byte extends (C40). Thread-safe.
 */
public final class EstListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EstListener.class);
  private static final int BACKLOG = 1_024;
  private static final int MOST_REQUESTS = 16;
  private static final long ACCEPT_PAUSE = Duration.ofMillis(20).toNanos();

  private final ServerSocket server;
  private final EnrolmentTls tls;
  private final EstDesk desk;
  private final Admission admission;
  private final Duration patience;
  private final ChannelId id;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer;
  private volatile boolean closed;

  private EstListener(
      ServerSocket server, EnrolmentTls tls, EstDesk desk, Admission admission, Duration patience) {
    this.server = server;
    this.tls = tls;
    this.desk = desk;
    this.admission = admission;
    this.patience = patience;
    this.id = new ChannelId("est", "tls-" + server.getLocalPort());
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, work -> Thread.ofPlatform().name("est-timer").daemon().unstarted(work));
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Opens the port.
   *
   * @param port 0 takes any free one
   * @param patience how long a connection may last in all
   * @throws IOException where the port is taken; the message says so
   */
  public static EstListener open(
      InetAddress bind,
      int port,
      Duration patience,
      EnrolmentTls tls,
      org.gridwarden.headend.certificate.CertificateOffice office,
      Admission admission)
      throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(bind, port), BACKLOG);
    } catch (IOException e) {
      server.close();
      throw new IOException(
          "est.port " + port + " cannot be opened (" + e.getMessage() + "): take another", e);
    }
    EstListener listener = new EstListener(server, tls, new EstDesk(office), admission, patience);
    Thread.ofPlatform().name("est-" + listener.port()).daemon().start(listener::accept);
    return listener;
  }

  /** The port. */
  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!closed) {
      try {
        admit(server.accept());
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        if (!closed) {
          LOG.warn("{}: a connection was not taken: {}", id, e.toString());
          LockSupport.parkNanos(ACCEPT_PAUSE);
        }
      }
    }
  }

  private void admit(Socket connection) {
    InetAddress source = connection.getInetAddress();
    Optional<Admission.Ticket> ticket =
        source == null ? Optional.empty() : admission.admit(id, source, () -> quietly(connection));
    if (ticket.isEmpty()) {
      quietly(connection);
      return;
    }
    open.add(connection);
    Thread.ofVirtual()
        .name("est")
        .start(() -> {
          Future<?> end =
              timer.schedule(() -> quietly(connection), patience.toMillis(), TimeUnit.MILLISECONDS);
          try {
            serve(connection, ticket.get());
          } catch (IOException e) {
            LOG.debug("{}: {}", id, e.getMessage());
          } catch (RuntimeException e) {
            LOG.warn("{}: a request failed", id, e);
          } finally {
            quietly(connection);
            end.cancel(false);
            ticket.get().close();
            open.remove(connection);
          }
        });
  }

  private void serve(Socket connection, Admission.Ticket ticket) throws IOException {
    connection.setTcpNoDelay(true);
    try (SSLSocket socket = tls.accept(connection)) {
      socket.startHandshake();
      EnrolmentTls.Caller caller;
      try {
        caller = tls.caller(socket);
      } catch (RefusedCertificate e) {
        return;
      }
      InputStream in = new BufferedInputStream(socket.getInputStream(), 2_048);
      for (int i = 1; i <= MOST_REQUESTS && !closed; i++) {
        ticket.active();
        if (!one(in, socket, caller, i == MOST_REQUESTS)) {
          return;
        }
      }
    }
  }

  /** Answers one request; false where it was the last. */
  private boolean one(InputStream in, SSLSocket socket, EnrolmentTls.Caller caller, boolean most)
      throws IOException {
    try {
      Optional<HttpRequest> request = HttpRequest.read(in);
      if (request.isEmpty()) {
        return false;
      }
      boolean last = most || request.get().last();
      HttpAnswer answer;
      try {
        answer = desk.answer(request.get(), caller);
      } catch (RuntimeException e) {
        LOG.warn("{}: {} failed", id, request.get().path(), e);
        answer = HttpAnswer.text(500, "it failed here: try again later");
      }
      answer.write(socket.getOutputStream(), last);
      return !last;
    } catch (HttpRequest.Bad e) {
      HttpAnswer.text(e.status(), String.valueOf(e.getMessage()))
          .write(socket.getOutputStream(), true);
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("closing failed", e);
    }
    open.forEach(EstListener::quietly);
    timer.shutdownNow();
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("closing failed", e);
    }
  }
}
