package org.gridwarden.channel.mqtt;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Tally;

/**
 * What a broker hands over. What is stored is acknowledged, and what can never be taken, too, since
 * the broker would hand it over for ever; what could not be stored now is tried again until it is.
 * Acknowledgements go in the order of the messages (MQTT 5, clause 4.6), so one that is missing
 * holds up all: that is the back-pressure, and why what an unknown meter sent waits here and not
 * there. The broker has no more under way than the office said when it connected. Thread-safe.
 */
final class BrokerInbox implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(10);
  private static final Duration DRAIN = Duration.ofSeconds(5);

  /** So much less than may be under way is held of meters that are not registered yet. */
  private static final int PART = 4;

  private final OfficeInbox inbox;
  private final CommandDesk desk;
  private final Tally tally;
  private final String place;
  private final long heardNanos;
  private final Semaphore unknown;
  private final Map<MeterId, Long> heard = new ConcurrentHashMap<>();
  private final Semaphore underWay = new Semaphore(Integer.MAX_VALUE);
  private volatile boolean closed;

  BrokerInbox(
      Channel.Host host,
      Supplier<ChannelId> via,
      CommandDesk desk,
      BrokerSettings settings,
      Tally tally) {
    this.inbox = new OfficeInbox(host, via);
    this.desk = desk;
    this.tally = tally;
    this.place = "broker " + settings.place();
    this.heardNanos = settings.heard().toNanos();
    this.unknown = new Semaphore(Math.max(1, settings.inFlight() / PART));
  }

  /** Takes one; blocks while intake is full. */
  void take(BrokerLine.Delivery delivery) throws InterruptedException {
    Optional<Topics.Place> from = Topics.up(delivery.topic());
    if (from.isEmpty()) {
      tally.fault(Tally.What.FORBIDDEN, place, "something came that is under no meter's topic");
      delivery.acknowledge().run();
      return;
    }
    take(delivery, from.get(), false);
  }

  /**
   * @param again whether it is acknowledged already, and held for a meter that was not known
   */
  private void take(BrokerLine.Delivery delivery, Topics.Place from, boolean again)
      throws InterruptedException {
    if (closed) {
      return; // not acknowledged: it comes again
    }
    try {
      OfficeInbox.Taken taken =
          inbox.take(
              delivery.payload().clone(), Optional.of(from.meter()), Optional.of(from.kind()));
      switch (taken) {
        case OfficeInbox.Taken.Answer(MeterId meter, byte[] signed) -> {
          tally.count(Tally.What.ANSWER);
          heard.put(meter, System.nanoTime());
          desk.answered(meter, signed);
          done(delivery, again);
        }
        case OfficeInbox.Taken.Submitted submitted -> {
          if (submitted.authentic()) {
            heard.put(submitted.meter(), System.nanoTime());
          }
          underWay.acquireUninterruptibly();
          var settled =
              submitted
                  .outcome()
                  .whenComplete((outcome, failure) -> {
                    try {
                      settle(delivery, from, again, outcome, failure);
                    } finally {
                      underWay.release();
                    }
                  });
        }
      }
    } catch (MessageException e) {
      tally.fault(kind(e), place, String.valueOf(e.getMessage()));
      done(delivery, again);
    } catch (RuntimeException e) {
      tally.fault(Tally.What.FAILED, place, "a message could not be taken: " + e);
      retry(delivery, from, again, SOON);
    }
  }

  private static Tally.What kind(MessageException e) {
    return switch (e.kind()) {
      case MALFORMED -> Tally.What.MALFORMED;
      case UNSUPPORTED -> Tally.What.UNSUPPORTED;
      case UNAUTHENTICATED -> Tally.What.UNAUTHENTICATED;
    };
  }

  /** The commit is known: now, and not before, the broker hears of it. */
  private void settle(
      BrokerLine.Delivery delivery,
      Topics.Place from,
      boolean again,
      @org.jspecify.annotations.Nullable Outcome outcome,
      @org.jspecify.annotations.Nullable Throwable failure) {
    switch (outcome) {
      case null -> {
        tally.fault(Tally.What.FAILED, place, "intake failed: " + failure);
        retry(delivery, from, again, SOON);
        return;
      }
      case Outcome.Stored _ -> tally.count(Tally.What.STORED);
      case Outcome.Duplicate _ -> tally.count(Tally.What.DUPLICATE);
      case Outcome.Waiting _ -> {
        tally.count(Tally.What.WAITING);
        if (again) {
          retry(delivery, from, true, LATER);
          return;
        }
        if (unknown.tryAcquire()) {
          delivery.acknowledge().run(); // its meter believes that it is delivered: it is held here
          retry(delivery, from, true, LATER);
          return;
        }
        tally.fault(
            Tally.What.OVER_LIMIT, place, "a message was dropped: too many of unknown meters wait");
      }
      case Outcome.Refused(Fault fault) -> {
        tally.fault(
            Tally.What.REFUSED,
            place,
            fault.code() + " at " + fault.where() + ": " + fault.remedy());
        if (isPassing(fault.code())) {
          retry(delivery, from, again, SOON);
          return;
        }
      }
    }
    done(delivery, again);
  }

  /** Nothing more is to be done with it. */
  private void done(BrokerLine.Delivery delivery, boolean again) {
    if (again) {
      unknown.release();
    } else {
      delivery.acknowledge().run();
    }
  }

  private static boolean isPassing(Fault.Code code) {
    return switch (code) {
      case TIMEOUT, BUSY, INTERNAL -> true;
      default -> false;
    };
  }

  private void retry(
      BrokerLine.Delivery delivery, Topics.Place from, boolean again, Duration pause) {
    Executor later =
        CompletableFuture.delayedExecutor(
            pause.toMillis(),
            TimeUnit.MILLISECONDS,
            work -> Thread.ofVirtual().name("mqtt-broker-again").start(work));
    later.execute(() -> {
      try {
        take(delivery, from, again);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  /** Whether something of the meter came not long ago. */
  boolean heard(MeterId meter) {
    Long last = heard.get(meter);
    return last != null && System.nanoTime() - last < heardNanos;
  }

  /** It is not there, whatever came of it. */
  void forget(MeterId meter) {
    heard.remove(meter);
  }

  /** How many meters were heard, ever. */
  int meters() {
    return heard.size();
  }

  /** Takes nothing more, and waits a while for what is under way. */
  @Override
  public void close() {
    closed = true;
    try {
      if (!underWay.tryAcquire(Integer.MAX_VALUE, DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        tally.fault(
            Tally.What.FAILED, place, "closed with messages unacknowledged; they come again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
