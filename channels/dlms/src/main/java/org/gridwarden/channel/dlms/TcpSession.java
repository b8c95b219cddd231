package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.gridwarden.core.Admission;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.dlms.HdlcFrames;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkEvent;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.Wrapper;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a meter. Until its first authentic push it has one deadline that no byte
 * extends; afterwards each push begins the idle time anew. Reading stops while too many pushes wait
 * for their commit. Confirms are written by whichever thread learns of the commit.
 */
final class TcpSession implements Runnable, Peer {
  /** Small until the first push: 10,000 silent connections hold 10 MB. */
  private static final int FIRST_READ = 1024;

  private static final int LATER_READ = 8 * 1024;
  private static final int HDLC_INFORMATION = 128;
  private static final Duration DRAIN = Duration.ofSeconds(4);

  private final Connection connection;
  private final Admission.Ticket ticket;
  private final PushHandler handler;
  private final LinkDecoder decoder;
  private final DlmsSettings.Limits limits;
  private final Tally tally;
  private final Callers callers;
  private final Consumer<TcpSession> gone;
  private final Semaphore allowance;
  private final ReentrantLock writing = new ReentrantLock();
  private final String name;
  private volatile Optional<MeterId> meter = Optional.empty();
  private volatile Optional<TransportPeer> shown = Optional.empty();
  private volatile boolean stopping;
  private final AtomicReference<@Nullable AskedLink> asked = new AtomicReference<>();
  private long deadline;

  TcpSession(
      Connection connection,
      String name,
      Admission.Ticket ticket,
      PushHandler handler,
      LinkDecoder decoder,
      DlmsSettings.Limits limits,
      Tally tally,
      Callers callers,
      Consumer<TcpSession> gone) {
    this.connection = connection;
    this.ticket = ticket;
    this.handler = handler;
    this.decoder = decoder;
    this.limits = limits;
    this.tally = tally;
    this.callers = callers;
    this.gone = gone;
    this.allowance = new Semaphore(limits.inFlight());
    this.name = name;
    this.deadline = System.nanoTime() + limits.firstMessage().toNanos();
  }

  @Override
  public void run() {
    try {
      connection.socket().setTcpNoDelay(true);
      if (admitted()) {
        read(connection.socket().getInputStream());
      }
    } catch (SocketTimeoutException e) {
      tally.count(Tally.What.TIMED_OUT);
    } catch (IOException e) {
      // the meter has gone, or admission has put it out
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      tally.fault(Tally.What.FAILED, name, "the session failed: " + e);
    } finally {
      finish();
    }
  }

  /** Who connects by TLS says who it is before anything else; false where it may not stay. */
  private boolean admitted() {
    Duration within = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    try {
      shown = connection.shakeHands(within);
    } catch (IOException e) {
      tally.fault(Tally.What.UNAUTHENTICATED, name, String.valueOf(e.getMessage()));
      return false;
    }
    if (shown.isPresent() && !ticket.authenticated(shown.get().name())) {
      tally.fault(Tally.What.OVER_LIMIT, name, shown.get() + " holds too many connections");
      return false;
    }
    return true;
  }

  @Override
  public Optional<TransportPeer> shown() {
    return shown;
  }

  private void read(InputStream in) throws IOException, InterruptedException {
    byte[] bytes = new byte[FIRST_READ];
    while (!stopping) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      connection.socket().setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
      int length = in.read(bytes);
      if (length < 0) {
        return;
      }
      decoder.feed(ByteBuffer.wrap(bytes, 0, length));
      if (!events()) {
        return;
      }
      if (meter.isPresent() && bytes.length == FIRST_READ) {
        bytes = new byte[LATER_READ];
      }
    }
  }

  /** Handles what the bytes gave; false where the connection is to be closed. */
  private boolean events() throws InterruptedException {
    for (Optional<LinkEvent> e = decoder.next(); e.isPresent(); e = decoder.next()) {
      switch (e.get()) {
        case LinkEvent.Pdu(LinkInfo link, byte[] apdu, long _) -> {
          ticket.active();
          AskedLink question = asked.get();
          if (question != null && question.takes(link, apdu)) {
            deadline = System.nanoTime() + limits.idle().toNanos();
          } else if (handler.take(link, apdu, Optional.empty(), this) && meter.isPresent()) {
            deadline = System.nanoTime() + limits.idle().toNanos();
          }
        }
        case LinkEvent.Bad bad -> {
          tally.fault(Tally.What.LINK_FAULT, name, "byte " + bad.offset() + ": " + bad.what());
          if (meter.isEmpty()) {
            return false; // no meter speaks like that over TCP; one that is proven may go on
          }
        }
      }
    }
    return true;
  }

  /** Lets what is under way be answered, then closes. */
  private void finish() {
    try {
      boolean answered =
          allowance.tryAcquire(limits.inFlight(), DRAIN.toMillis(), TimeUnit.MILLISECONDS);
      if (!answered) {
        tally.fault(Tally.What.FAILED, name, "closed with pushes unanswered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connection.close();
      ticket.close();
      callers.gone(this);
      AskedLink question = asked.get();
      if (question != null) {
        question.ended();
      }
      gone.accept(this);
    }
  }

  /** No more is read; what is under way is answered first. */
  void stop() {
    stopping = true;
    connection.stopReading();
  }

  void abort() {
    connection.abort();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean proven(MeterId proven, LinkInfo link) {
    if (meter.isPresent()) {
      remember(proven, link);
      return true; // a concentrator speaks for many; it is counted under its first
    }
    if (shown.isEmpty() && !ticket.authenticated(proven)) {
      stopping = true;
      return false;
    }
    meter = Optional.of(proven);
    deadline = System.nanoTime() + limits.idle().toNanos();
    remember(proven, link);
    return true;
  }

  /** Whoever called in over the wrapper can be asked the same way, at the device that pushed. */
  private void remember(MeterId proven, LinkInfo link) {
    if (link.kind() == LinkInfo.Kind.WRAPPER) {
      callers.called(proven, this, link.source().lower());
    }
  }

  /**
   * A link to a meter that has called in, over its own connection: one at a time.
   *
   * @return empty where another one is open, or the connection has ended
   */
  Optional<AskedLink> ask(int client, int device) {
    AskedLink link = new AskedLink(this, client, device, () -> asked.set(null));
    if (stopping || !asked.compareAndSet(null, link)) {
      return Optional.empty();
    }
    return Optional.of(link);
  }

  @Override
  public void begin() throws InterruptedException {
    allowance.acquire();
  }

  @Override
  public void end() {
    allowance.release();
  }

  @Override
  public boolean answers(LinkInfo link) {
    return link.kind() != LinkInfo.Kind.MBUS;
  }

  @Override
  public void reply(LinkInfo link, byte[] apdu) {
    byte[] framed =
        switch (link.kind()) {
          case WRAPPER -> Wrapper.encode(link.destination().lower(), link.source().lower(), apdu);
          case HDLC ->
              HdlcFrames.encodeToMeter(
                  new LinkInfo(link.kind(), link.destination(), link.source()),
                  apdu,
                  HDLC_INFORMATION);
          case RAW -> apdu;
          case MBUS -> new byte[0]; // M-Bus pushes have no way back
        };
    try {
      write(framed);
    } catch (IOException e) {
      connection.abort();
    }
  }

  /** Writes a whole frame. */
  void write(byte[] framed) throws IOException {
    writing.lock();
    try {
      connection.socket().getOutputStream().write(framed);
    } finally {
      writing.unlock();
    }
  }
}
