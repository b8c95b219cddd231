package org.gridwarden.channel.mqtt;

import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
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
 * The broker has no more under way than the office said when it connected. Thread-safe; one thread
 * takes.
 */
final class BrokerInbox implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(30);
  private static final Duration DRAIN = Duration.ofSeconds(5);

  /** A part of what may be under way may be of meters that are not registered yet. */
  private static final int PART = 4;

  private final OfficeInbox inbox;
  private final CommandDesk desk;
  private final Tally tally;
  private final String place;
  private final long heardNanos;
  private final Semaphore unknown;
  private final Map<MeterId, Long> heard = new ConcurrentHashMap<>();
  private final Semaphore underWay = new Semaphore(Integer.MAX_VALUE);
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("mqtt-broker").daemon().factory());
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

  /** Where messages are taken, one after the other. */
  Executor thread() {
    return this::run;
  }

  /** Takes one; blocks while intake is full. */
  void take(Mqtt5Publish publish) {
    Optional<Topics.Place> from = Topics.up(publish.getTopic().toString());
    if (from.isEmpty()) {
      tally.fault(Tally.What.FORBIDDEN, place, "something came that is under no meter's topic");
      publish.acknowledge();
      return;
    }
    take(publish, from.get(), false);
  }

  /**
   * @param again whether it is of a meter that was not known, and is held for it
   */
  private void take(Mqtt5Publish publish, Topics.Place from, boolean again) {
    if (closed) {
      return; // not acknowledged: it comes again
    }
    try {
      OfficeInbox.Taken taken =
          inbox.take(
              publish.getPayloadAsBytes(), Optional.of(from.meter()), Optional.of(from.kind()));
      switch (taken) {
        case OfficeInbox.Taken.Answer(MeterId meter, byte[] signed) -> {
          tally.count(Tally.What.ANSWER);
          heard.put(meter, System.nanoTime());
          desk.answered(meter, signed);
          publish.acknowledge();
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
                      settle(publish, from, again, outcome, failure);
                    } finally {
                      underWay.release();
                    }
                  });
        }
      }
    } catch (MessageException e) {
      tally.fault(kind(e), place, String.valueOf(e.getMessage()));
      publish.acknowledge();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      tally.fault(Tally.What.FAILED, place, "a message could not be taken: " + e);
      retry(publish, from, again, SOON);
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
      Mqtt5Publish publish,
      Topics.Place from,
      boolean again,
      @org.jspecify.annotations.Nullable Outcome outcome,
      @org.jspecify.annotations.Nullable Throwable failure) {
    switch (outcome) {
      case null -> {
        tally.fault(Tally.What.FAILED, place, "intake failed: " + failure);
        retry(publish, from, again, SOON);
        return;
      }
      case Outcome.Stored _ -> tally.count(Tally.What.STORED);
      case Outcome.Duplicate _ -> tally.count(Tally.What.DUPLICATE);
      case Outcome.Waiting _ -> {
        tally.count(Tally.What.WAITING);
        if (again || unknown.tryAcquire()) {
          retry(publish, from, true, LATER); // its meter believes that it is delivered
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
          retry(publish, from, again, SOON);
          return;
        }
      }
    }
    if (again) {
      unknown.release();
    }
    publish.acknowledge();
  }

  private static boolean isPassing(Fault.Code code) {
    return switch (code) {
      case TIMEOUT, BUSY, INTERNAL -> true;
      default -> false;
    };
  }

  private void retry(Mqtt5Publish publish, Topics.Place from, boolean again, Duration pause) {
    Executor later =
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, this::run);
    later.execute(() -> take(publish, from, again));
  }

  private void run(Runnable work) {
    try {
      thread.execute(work);
    } catch (RejectedExecutionException e) {
      // closed: the broker keeps it
    }
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
    } finally {
      thread.shutdownNow();
    }
  }
}
