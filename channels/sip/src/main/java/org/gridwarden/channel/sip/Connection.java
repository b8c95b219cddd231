package org.gridwarden.channel.sip;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Admission;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.message.Pipe;
import org.gridwarden.message.listener.Acceptor;
import org.gridwarden.message.listener.Tally;

/**
 * One connection. Until somebody is proven over it, it has one deadline and one small allowance of
 * bytes, whatever trickles in; afterwards a message must arrive in time, and silence has an end. It
 * is counted under whoever was proven first: a proxy brings several. Reading stops while too much
 * waits for its commit.
 */
final class Connection implements Flow, Acceptor.Session {
  private static final int FIRST_READ = 1024;
  private static final int LATER_READ = 8 * 1024;
  private static final byte[] PONG = {'\r', '\n'};
  private static final Duration DRAIN = Duration.ofSeconds(4);
  private static final Duration PARTING = Duration.ofSeconds(1);

  private final Pipe pipe;
  private final InetSocketAddress source;
  private final Transport transport;
  private final Admission.Ticket ticket;
  private final SipChannel.Shared shared;
  private final Framer framer;
  private final Semaphore allowance;
  private volatile Optional<TransportPeer> shown = Optional.empty();
  private volatile boolean proven;
  private volatile boolean stopping;
  private volatile boolean over;
  private boolean ended;
  private int before; // bytes that came before somebody was proven
  private long deadline;

  Connection(Acceptor.Accepted accepted, Transport transport, SipChannel.Shared shared) {
    this.pipe = accepted.pipe();
    Socket socket = accepted.pipe().socket();
    this.source = new InetSocketAddress(socket.getInetAddress(), socket.getPort());
    this.transport = transport;
    this.ticket = accepted.ticket();
    this.shared = shared;
    this.framer = new Framer(shared.limits().maxHead(), shared.limits().maxBody());
    this.allowance = new Semaphore(shared.limits().inFlight());
    due(shared.limits().connect());
  }

  /** Serves it until it ends. */
  @Override
  public void run() {
    try {
      pipe.socket().setTcpNoDelay(true);
      shown = pipe.shakeHands(shared.limits().connect());
      ticket.active(); // it has done something: who has not is put out before it
      read(pipe.socket());
    } catch (SocketTimeoutException e) {
      shared.tally().count(Tally.What.TIMED_OUT);
    } catch (IOException e) {
      if (!proven && shown.isEmpty() && !stopping) {
        shared.tally().fault(Tally.What.UNAUTHENTICATED, name(), String.valueOf(e.getMessage()));
      } // else the meter has gone, or admission has put it out
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      shared.tally().fault(Tally.What.FAILED, name(), "the connection failed: " + e);
    } finally {
      finish();
    }
  }

  private void read(Socket socket) throws IOException, InterruptedException {
    InputStream in = socket.getInputStream();
    byte[] bytes = new byte[FIRST_READ];
    while (!stopping && !ended) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        if (allowance.availablePermits() == shared.limits().inFlight()) {
          throw new SocketTimeoutException();
        }
        due(PARTING); // the office is slow
        continue;
      }
      socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
      int length = in.read(bytes);
      if (length < 0) {
        return;
      }
      if (!proven) {
        before += length;
        if (before > mostBefore()) {
          shared
              .tally()
              .fault(Tally.What.OVER_LIMIT, name(), "it said too much before it was proven");
          return;
        }
      }
      boolean begins = !framer.isWithin();
      framer.take(bytes, length);
      takeWhole();
      if (proven) {
        if (!framer.isWithin()) {
          due(shared.limits().keepAlive());
        } else if (begins) {
          due(shared.limits().request());
        }
        if (bytes.length == FIRST_READ) {
          bytes = new byte[LATER_READ];
        }
      }
    }
  }

  /** Who has shown a certificate may say a whole message at once. */
  private int mostBefore() {
    return shown.isPresent()
        ? shared.limits().maxHead() + shared.limits().maxBody()
        : shared.limits().maxUnproven();
  }

  private void takeWhole() throws InterruptedException {
    while (!ended) {
      switch (framer.next()) {
        case Framer.Next.Nothing _ -> {
          return;
        }
        case Framer.Next.Ping _ -> {
          if (proven) {
            ticket.active();
            send(PONG);
          }
        }
        case Framer.Next.Message(Head head, byte[] body, int length) -> {
          shared.agent().take(head, body, Optional.empty(), length, this);
          if (proven) {
            ticket.active();
            due(shared.limits().request()); // for what has come of the next one
          }
        }
        case Framer.Next.Broken(Optional<Head> head, int length, SipException why) -> {
          if (head.isPresent()) {
            shared.agent().refuse(head.get(), length, this, why);
          } else {
            shared.tally().fault(Tally.What.MALFORMED, name(), String.valueOf(why.getMessage()));
          }
          ended = true;
        }
      }
    }
  }

  private void due(Duration in) {
    deadline = System.nanoTime() + in.toNanos();
  }

  private String name() {
    return transport.word() + source;
  }

  @Override
  public boolean isReliable() {
    return true;
  }

  @Override
  public String transport() {
    return transport.name();
  }

  @Override
  public String local() {
    return shared.local(pipe.socket().getLocalAddress(), pipe.socket().getLocalPort());
  }

  @Override
  public InetSocketAddress source() {
    return source;
  }

  @Override
  public Optional<TransportPeer> shown() {
    return shown;
  }

  @Override
  public boolean isOpen() {
    return !over && !stopping;
  }

  @Override
  public void send(byte[] message) {
    pipe.write(message);
  }

  @Override
  public boolean proven(MeterId name) {
    if (!proven) {
      proven = ticket.authenticated(name);
    }
    return proven;
  }

  @Override
  public boolean begin() throws InterruptedException {
    allowance.acquire();
    return true;
  }

  @Override
  public void done() {
    allowance.release();
  }

  /** Lets what is under way be answered, then closes. */
  private void finish() {
    try {
      if (!allowance.tryAcquire(
          shared.limits().inFlight(), DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        shared.tally().fault(Tally.What.FAILED, name(), "closed with messages unanswered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over = true;
      pipe.close(PARTING, ended);
      ticket.close();
    }
  }

  @Override
  public void stop() {
    stopping = true;
    pipe.stopReading();
  }

  @Override
  public void abort() {
    pipe.abort();
  }
}
