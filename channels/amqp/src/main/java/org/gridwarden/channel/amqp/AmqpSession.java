package org.gridwarden.channel.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.gridwarden.core.Admission;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.message.Pipe;
import org.gridwarden.message.listener.Tally;

/**
 * One client's connection. Until somebody is proven it has one deadline and one small allowance of
 * bytes, whatever trickles in, and no engine; afterwards silence has an end. Reading stops while
 * intake is full.
 */
final class AmqpSession implements Runnable {
  private static final int FIRST_READ = 512;
  private static final int LATER_READ = 8 * 1024;
  private static final Duration DRAIN = Duration.ofSeconds(4);
  private static final Duration PARTING = Duration.ofSeconds(1);
  private static final long SHORTEST_PAUSE = 100;

  private final Pipe pipe;
  private final String name;
  private final Admission.Ticket ticket;
  private final AmqpChannel.Shared shared;
  private final Consumer<AmqpSession> gone;
  private final Frames frames = new Frames(Sasl.LONGEST);
  private Optional<TransportPeer> shown = Optional.empty();
  private Next next = Next.SASL_HEADER;
  private volatile Optional<Proven> proven = Optional.empty();
  private volatile boolean stopping;
  private boolean ended;
  private int before; // bytes that came before somebody was proven
  private long deadline;

  /** What may come next. */
  private enum Next {
    SASL_HEADER,
    SASL_INIT,
    AMQP_HEADER,
    FRAMES
  }

  /** Somebody, and what is there for them. */
  private record Proven(Login.Who who, Wire wire, Links links, Inflow inflow) {}

  AmqpSession(
      Pipe pipe,
      String name,
      Admission.Ticket ticket,
      AmqpChannel.Shared shared,
      Consumer<AmqpSession> gone) {
    this.pipe = pipe;
    this.name = name;
    this.ticket = ticket;
    this.shared = shared;
    this.gone = gone;
    due(shared.limits().connect());
  }

  /** The connection is to be closed. */
  private static final class Ended extends IOException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public void run() {
    try {
      pipe.socket().setTcpNoDelay(true);
      shown = pipe.shakeHands(shared.limits().connect());
      read(pipe.socket().getInputStream());
    } catch (SocketTimeoutException e) {
      shared.tally().count(Tally.What.TIMED_OUT);
    } catch (Ended e) {
      // said and counted where it was noticed
      ended = true;
    } catch (IOException e) {
      if (proven.isEmpty() && shown.isEmpty() && !stopping) {
        shared.tally().fault(Tally.What.UNAUTHENTICATED, name, String.valueOf(e.getMessage()));
      } // else the meter has gone, or admission has put it out
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      shared.tally().fault(Tally.What.FAILED, name, "the session failed: " + e);
    } finally {
      finish();
    }
  }

  private void due(Duration in) {
    deadline = System.nanoTime() + in.toNanos();
  }

  private Ended refused(Tally.What what, String why) {
    shared.tally().fault(what, name, why);
    return new Ended();
  }

  private void read(InputStream in) throws IOException, InterruptedException {
    byte[] bytes = new byte[FIRST_READ];
    while (!stopping) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        if (proven.filter(p -> p.inflow().isBusy()).isEmpty()) {
          throw new SocketTimeoutException();
        }
        due(PARTING); // the office is slow
        continue;
      }
      long tick = proven.flatMap(p -> p.wire().tick()).orElse(left);
      pipe.socket()
          .setSoTimeout((int) Math.clamp(tick, SHORTEST_PAUSE, Math.max(SHORTEST_PAUSE, left)));
      int length;
      try {
        length = in.read(bytes);
      } catch (SocketTimeoutException e) {
        continue; // something may have to be said, or the time is over
      }
      if (length < 0) {
        return;
      }
      if (proven.isEmpty()) {
        before += length;
        if (before > shared.limits().maxUnproven()) {
          throw refused(Tally.What.OVER_LIMIT, "it said too much before it was proven");
        }
      }
      take(bytes, length);
      if (proven.isPresent()) {
        ticket.active();
        due(shared.limits().keepAlive().multipliedBy(3).dividedBy(2));
        if (bytes.length == FIRST_READ) {
          bytes = new byte[LATER_READ];
        }
      }
    }
  }

  private void take(byte[] bytes, int length) throws IOException, InterruptedException {
    try {
      frames.add(bytes, length);
      for (Optional<byte[]> unit = frames.next(); unit.isPresent(); unit = frames.next()) {
        take(unit.get());
      }
    } catch (AmqpException e) {
      // whoever is known hears why; a stranger does not
      proven.ifPresent(p ->
          p.wire()
              .close(
                  Optional.of(
                      new ErrorCondition(
                          "amqp:connection:framing-error", String.valueOf(e.getMessage())))));
      throw refused(Tally.What.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private void take(byte[] unit) throws AmqpException, IOException, InterruptedException {
    switch (next) {
      case SASL_HEADER -> {
        pipe.write(Sasl.HEADER);
        if (!Arrays.equals(unit, Sasl.HEADER)) {
          throw refused(Tally.What.MALFORMED, "it does not begin with SASL 1.0");
        }
        pipe.write(Sasl.mechanisms(Login.mechanisms(shown)));
        next = Next.SASL_INIT;
      }
      case SASL_INIT -> {
        login(Sasl.init(unit));
        frames.expectHeader();
        next = Next.AMQP_HEADER;
      }
      case AMQP_HEADER -> {
        if (!Arrays.equals(unit, Sasl.AMQP_HEADER)) {
          pipe.write(Sasl.AMQP_HEADER);
          throw refused(Tally.What.MALFORMED, "it does not go on with AMQP 1.0");
        }
        frames.longest(shared.limits().maxFrame());
        proven.orElseThrow().wire().take(unit);
        next = Next.FRAMES;
      }
      case FRAMES -> frame(unit);
    }
  }

  private void login(Sasl.Init init) throws IOException {
    Optional<Login.Who> found = Login.of(shared.host(), shown, init);
    if (found.isEmpty()) {
      pipe.write(Sasl.outcome(Sasl.NOT_PROVEN));
      throw refused(Tally.What.UNAUTHENTICATED, "neither certificate nor password fits");
    }
    Login.Who who = found.get();
    if (!ticket.authenticated(who.name())) {
      pipe.write(Sasl.outcome(Sasl.NOT_PROVEN));
      throw refused(Tally.What.OVER_LIMIT, who.name() + " holds too many connections");
    }
    Wire wire = new Wire(pipe);
    Inflow inflow = new Inflow(wire, shared.limits(), Links.MOST);
    Links links = new Links(wire, who, shared, name, inflow);
    wire.start(links::prepare);
    pipe.write(Sasl.outcome(Sasl.OK));
    proven = Optional.of(new Proven(who, wire, links, inflow));
  }

  private void frame(byte[] unit) throws AmqpException, IOException, InterruptedException {
    Proven now = proven.orElseThrow();
    Reduced reduced = Reduced.of(unit);
    now.wire().take(reduced.frame());
    for (Inflow.Arrived message : now.inflow().take()) {
      shared
          .uplink()
          .take(message, Optional.of(now.who().name()), name)
          .whenComplete((outcome, failure) -> {
            if (outcome != null) {
              now.inflow().answer(message, outcome);
            }
          });
    }
    if (now.wire().isOver()) {
      throw new Ended();
    }
  }

  /** Lets what is under way be answered, then closes. */
  private void finish() {
    try {
      proven.ifPresent(p ->
          p.wire()
              .alone(connection -> {
                p.links().over();
                return true;
              }));
      if (proven.isPresent() && !proven.get().inflow().drained(DRAIN.toMillis())) {
        shared.tally().fault(Tally.What.FAILED, name, "closed with messages unanswered");
      }
      if (stopping) {
        proven.ifPresent(p ->
            p.wire()
                .close(
                    Optional.of(
                        new ErrorCondition(
                            "amqp:connection:forced", "the office stops; come again"))));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pipe.close(PARTING, ended);
      proven.ifPresent(p -> p.wire().end());
      ticket.close();
      gone.accept(this);
    }
  }

  /** No more is read; what is under way is answered first. */
  void stop() {
    stopping = true;
    pipe.stopReading();
  }

  void abort() {
    pipe.abort();
  }
}
