package org.gridwarden.channel.mqtt;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageSession;
import org.gridwarden.message.listener.Tally;

/**
 * Meters that publish to a broker of somebody else's: the office is one of its clients. Offices of
 * one group share the readings, receipts come to each; both are acknowledged once they are
 * committed, so that the broker keeps what the office has not stored. The broker is trusted with
 * nothing: each message is the meter's own or is not taken. Thread-safe.
 */
final class BrokerChannel implements Channel {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int NO_MATCHING_SUBSCRIBERS = 0x10;
  private static final int FAILED = 0x80;
  private static final String ALL_METERS = "gw/+/up/";

  private final BrokerSettings settings;
  private final Optional<SSLContext> tls;
  private final Tally tally = new Tally();
  private volatile Optional<Office> office = Optional.empty();
  private volatile Optional<BrokerLine> line = Optional.empty();
  private volatile Optional<Thread> thread = Optional.empty();
  private volatile boolean closed;
  private volatile String trouble = "not started";

  /** What there is once it is started. */
  private record Office(BrokerInbox inbox, CommandDesk desk) {}

  /**
   * @param tls how TLS is spoken; empty for none
   */
  BrokerChannel(BrokerSettings settings, Optional<SSLContext> tls) {
    this.settings = settings;
    this.tls = tls;
  }

  @Override
  public ChannelId id() {
    return new ChannelId("mqtt", "broker");
  }

  /** Where the broker is away it is asked again and again; {@link #health} tells. */
  @Override
  public void start(Host host) {
    CommandDesk desk = new CommandDesk(host);
    BrokerInbox inbox = new BrokerInbox(host, this::id, desk, settings, tally);
    office = Optional.of(new Office(inbox, desk));
    trouble = "it has not answered yet";
    thread = Optional.of(Thread.ofVirtual().name("mqtt-broker").start(() -> live(inbox)));
  }

  /** Connects again and again. */
  private void live(BrokerInbox inbox) {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      long begun = System.nanoTime();
      try (BrokerLine now = BrokerLine.open(settings, tls)) {
        line = Optional.of(now);
        now.serve(filters(), inbox::take);
      } catch (IOException | RuntimeException e) {
        trouble = why(e);
        if (!closed) {
          tally.fault(Tally.What.FAILED, "broker " + settings.place(), "no connection: " + trouble);
        }
      } catch (InterruptedException e) {
        return; // it is closed
      } finally {
        line = Optional.empty();
      }
      if (System.nanoTime() - begun > LONGEST_PAUSE.toNanos()) {
        pause = FIRST_PAUSE;
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  /** A group shares the readings; a receipt is for the one that waits for it. */
  private List<String> filters() {
    List<String> filters = new ArrayList<>();
    for (MessageClass kind : MessageClass.values()) {
      String own = ALL_METERS + kind.word();
      boolean shared = kind != MessageClass.CONTROL && settings.group().isPresent();
      filters.add(shared ? "$share/" + settings.group().get() + "/" + own : own);
    }
    return filters;
  }

  private static String why(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last == failure
        ? String.valueOf(failure.getMessage())
        : failure.getMessage() + " (" + last.getMessage() + ")";
  }

  /** The connection, where its subscriptions stand. */
  private Optional<BrokerLine> line() {
    return line.filter(now -> !closed && now.isUp());
  }

  private boolean heard(MeterId meter) {
    return office.filter(now -> now.inbox().heard(meter)).isPresent();
  }

  /** A meter whose message came not long ago. */
  @Override
  public boolean reaches(MeterId meter) {
    return line().isPresent() && heard(meter);
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
    Office now =
        office.orElseThrow(() -> fault(Fault.Code.CONFLICT, meter, "the channel is not started"));
    BrokerLine to =
        line()
            .orElseThrow(() ->
                fault(
                    Fault.Code.TIMEOUT,
                    meter,
                    "its broker " + settings.place() + " is away; wait until it is back"));
    if (!heard(meter)) {
      throw fault(
          Fault.Code.TIMEOUT,
          meter,
          "it has published nothing for " + settings.heard() + "; wait until it does");
    }
    return new MessageSession(
        meter, now.desk(), message -> order(to, meter, message, deadline), deadline);
  }

  /**
   * Publishes an order. The broker drops it once nobody waits for its receipt any more, should the
   * meter be away.
   */
  private void order(BrokerLine to, MeterId meter, byte[] message, Deadline deadline)
      throws ChannelException {
    try {
      Duration left = deadline.left();
      Duration patience = left.compareTo(PATIENCE) < 0 ? left : PATIENCE;
      int reason =
          to.publish(Topics.orders(meter), message, left)
              .get(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS);
      tally.count(Tally.What.ORDER);
      if (reason == NO_MATCHING_SUBSCRIBERS) {
        office.ifPresent(now -> now.inbox().forget(meter));
        throw fault(
            Fault.Code.TIMEOUT, meter, "it listens for no orders at its broker; nothing was sent");
      }
      if (reason >= FAILED) {
        throw fault(
            Fault.Code.FORBIDDEN,
            meter,
            "its broker refuses the order (reason " + reason + "): see to its access list");
      }
    } catch (TimeoutException e) {
      throw fault(Fault.Code.TIMEOUT, meter, "its broker did not say that it has the order");
    } catch (ExecutionException e) {
      throw fault(Fault.Code.TIMEOUT, meter, "its broker was lost before it had the order");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw fault(Fault.Code.TIMEOUT, meter, "it was given up while its broker was asked");
    }
  }

  private static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }

  @Override
  public Health health() {
    if (line().isEmpty()) {
      return new Health(
          Health.State.DOWN, "no connection with broker " + settings.place() + ": " + trouble);
    }
    return new Health(
        Health.State.UP,
        "broker "
            + settings.place()
            + ", "
            + office.map(now -> now.inbox().meters()).orElse(0)
            + " meters heard, "
            + tally.line());
  }

  /** What became of what came. */
  Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    closed = true;
    office.ifPresent(now -> now.inbox().close());
    line.ifPresent(BrokerLine::close);
    thread.ifPresent(Thread::interrupt);
  }
}
