package org.gridwarden.channel.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.gridwarden.core.Admission;
import org.gridwarden.core.Fault;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.message.Pipe;
import org.gridwarden.message.listener.Acceptor;
import org.gridwarden.message.listener.Tally;

/**
 * One connection. Until a meter is proven it has one deadline and one small allowance of bytes,
 * whatever trickles in; afterwards a request must arrive in time, and silence has an end. It is one
 * meter's, or one concentrator's, for as long as it lasts. Reading stops while too much waits for
 * its commit.
 */
final class Connection implements Acceptor.Session {
  private static final int FIRST_READ = 1024;
  private static final int LATER_READ = 8 * 1024;
  private static final byte[] PREFACE = {'P', 'R', 'I', ' ', '*'}; // of HTTP/2 (RFC 9113, 3.4)
  private static final String[] PROTOCOLS = {"h2", "http/1.1"};
  private static final Duration DRAIN = Duration.ofSeconds(4);
  private static final Duration PARTING = Duration.ofSeconds(1);
  private static final int QUIET_A_SILENCE = 3;

  private final Pipe pipe;
  private final String name;
  private final Admission.Ticket ticket;
  private final HttpChannel.Shared shared;
  private final Semaphore allowance;
  private Optional<TransportPeer> shown = Optional.empty();
  private volatile Optional<Login.Who> who = Optional.empty();
  private volatile Optional<Wire> wire = Optional.empty();
  private volatile boolean stopping;
  private volatile boolean ended;
  private volatile long deadline;
  private int before; // bytes that came before a meter was proven

  Connection(Acceptor.Accepted accepted, HttpChannel.Shared shared) {
    this.pipe = accepted.pipe();
    this.name = accepted.from();
    this.ticket = accepted.ticket();
    this.shared = shared;
    this.allowance = new Semaphore(shared.limits().inFlight());
    due(shared.limits().connect());
  }

  /** The connection is to be closed. */
  static final class Ended extends IOException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public void run() {
    try {
      pipe.socket().setTcpNoDelay(true);
      offerProtocols(pipe.socket());
      shown = pipe.shakeHands(shared.limits().connect());
      ticket.active(); // it has done something: who has not is put out before it
      read(pipe.socket().getInputStream());
    } catch (SocketTimeoutException e) {
      shared.tally().count(Tally.What.TIMED_OUT);
    } catch (Ended e) {
      // said and counted where it was noticed
      ended = true;
    } catch (IOException e) {
      if (who.isEmpty() && shown.isEmpty() && !stopping) {
        shared.tally().fault(Tally.What.UNAUTHENTICATED, name, String.valueOf(e.getMessage()));
      } // else the meter has gone, or admission has put it out
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      shared.tally().fault(Tally.What.FAILED, name, "the connection failed: " + e);
    } finally {
      finish();
    }
  }

  /** HTTP/2 where the other end wants it (RFC 7301). */
  private static void offerProtocols(Socket socket) {
    if (socket instanceof SSLSocket tls) {
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setApplicationProtocols(PROTOCOLS);
      tls.setSSLParameters(parameters);
    }
  }

  private void read(InputStream in) throws IOException, InterruptedException {
    byte[] bytes = new byte[FIRST_READ];
    int held = 0; // of what may be HTTP/2's preface
    long pause = Math.max(1, shared.limits().keepAlive().toMillis() / QUIET_A_SILENCE);
    while (!stopping) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        if (!isBusy()) {
          throw new SocketTimeoutException();
        }
        due(PARTING); // the office is slow, or holds a question for orders
        continue;
      }
      pipe.socket().setSoTimeout((int) Math.min(left, Math.min(pause, Integer.MAX_VALUE)));
      int length;
      try {
        length = in.read(bytes, held, bytes.length - held);
      } catch (SocketTimeoutException e) {
        wire.ifPresent(Wire::quiet);
        continue;
      }
      if (length < 0) {
        return;
      }
      if (who.isEmpty()) {
        before += length;
        if (before > shared.limits().maxUnproven()) {
          throw refused(Tally.What.OVER_LIMIT, "it said too much before it was proven");
        }
      }
      held += length;
      if (wire.isEmpty()) {
        if (held < PREFACE.length && isPreface(bytes, held)) {
          continue;
        }
        wire =
            Optional.of(
                isPreface(bytes, Math.min(held, PREFACE.length))
                    ? new Http2(this, pipe, shared)
                    : new Http1(this, pipe, shared));
      }
      wire.orElseThrow().read(bytes, held);
      held = 0;
      if (who.isPresent() && bytes.length == FIRST_READ) {
        bytes = new byte[LATER_READ];
      }
    }
  }

  private static boolean isPreface(byte[] bytes, int length) {
    return Arrays.equals(bytes, 0, length, PREFACE, 0, length);
  }

  /** Something that ends the connection, told and counted. */
  Ended refused(Tally.What what, String why) {
    shared.tally().fault(what, name, why);
    return new Ended();
  }

  private void due(Duration in) {
    deadline = System.nanoTime() + in.toNanos();
  }

  /** A request begins: it is to arrive in time. */
  void begun() {
    if (who.isPresent()) {
      ticket.active();
      due(shared.limits().request());
    }
  }

  /** A request has been answered, or something came over a socket: now there may be silence. */
  void alive() {
    if (who.isPresent()) {
      due(shared.limits().keepAlive());
    }
  }

  /**
   * Looks who asks, before anything else of a request is looked at.
   *
   * @return the answer, where that is not known or may not be
   */
  Optional<Response> admit(HttpHeaders headers) {
    Optional<Login.Who> asks =
        Login.of(
            shared.host(), shown, Optional.ofNullable(headers.get(HttpHeaderNames.AUTHORIZATION)));
    if (asks.isEmpty()) {
      shared.tally().fault(Tally.What.UNAUTHENTICATED, name, "neither certificate nor key fits");
      return Optional.of(
          Problem.of(
                  401,
                  Fault.Code.UNAUTHENTICATED,
                  "the request",
                  "show a meter's certificate, or its id and key in the field Authorization")
              .response()
              .with(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"gridwarden\"")
              .andEnd());
    }
    Login.Who now = asks.get();
    if (who.isPresent()) {
      return who.get().equals(now)
          ? Optional.empty()
          : Optional.of(
              Problem.of(
                      403,
                      Fault.Code.FORBIDDEN,
                      "meter " + now.name(),
                      "the connection is meter " + who.get().name() + "'s: open one of its own")
                  .response()
                  .andEnd());
    }
    if (!ticket.authenticated(now.name())) {
      shared.tally().fault(Tally.What.OVER_LIMIT, name, now.name() + " holds too many connections");
      return Optional.of(
          Problem.of(
                  503,
                  Fault.Code.BUSY,
                  "meter " + now.name(),
                  "it holds too many connections; close one")
              .response()
              .with(HttpHeaderNames.RETRY_AFTER, "5")
              .andEnd());
    }
    who = asks;
    begun();
    return Optional.empty();
  }

  /** Who was admitted. */
  Login.Who who() {
    return who.orElseThrow();
  }

  /** Where it comes from, for people. */
  String name() {
    return name;
  }

  /** One more waits for its commit; blocks while too many do. */
  void take() throws InterruptedException {
    allowance.acquire();
  }

  /** One less does. */
  void release() {
    allowance.release();
  }

  private boolean isBusy() {
    return allowance.availablePermits() < shared.limits().inFlight();
  }

  /**
   * Answers a request of whoever was admitted. Blocks while too many wait for their commit; whoever
   * has written the answer calls {@link #release}.
   *
   * @return the answer; whoever completes it earlier gives up waiting for an order
   */
  CompletableFuture<Response> answer(Request request) throws InterruptedException {
    take();
    try {
      return shared.resources().answer(who(), request, name).toCompletableFuture();
    } catch (RuntimeException e) {
      shared.tally().fault(Tally.What.FAILED, name, request + " failed: " + e);
      return CompletableFuture.completedFuture(failed());
    } catch (InterruptedException e) {
      release();
      throw e;
    }
  }

  /** What is said where nothing better can be. */
  static Response failed() {
    return Problem.of(500, Fault.Code.INTERNAL, "the office", "keep it, and send it again")
        .response();
  }

  /** From now on something else is spoken. */
  void upgrade(Wire next) {
    wire.ifPresent(Wire::close);
    wire = Optional.of(next);
    alive();
  }

  /** Nothing more is read; what is under way is answered first. */
  void end() {
    ended = true;
    pipe.stopReading();
  }

  /** Lets what is under way be answered, then closes. */
  private void finish() {
    wire.ifPresent(Wire::over);
    try {
      if (!allowance.tryAcquire(
          shared.limits().inFlight(), DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        shared.tally().fault(Tally.What.FAILED, name, "closed with messages unanswered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pipe.close(PARTING, ended);
      ticket.close();
      wire.ifPresent(Wire::close);
    }
  }

  @Override
  public void stop() {
    stopping = true;
    wire.ifPresent(Wire::leave);
    pipe.stopReading();
  }

  @Override
  public void abort() {
    pipe.abort();
  }
}
