package org.gridwarden.headend.tamper;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Offer;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.headend.LiveEvent;
import org.gridwarden.headend.LiveFeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a meter's event logs soon after it pushed a fault or worse: what it told and what it wrote
 * down belong together, and what else happened meanwhile stands in the log only. A meter in
 * quarantine is asked as any other. At most once a minute a meter, and a few at once; who is not
 * asked now is read on its schedule. Thread-safe.
 */
public final class LogAsker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogAsker.class);
  private static final Duration ONCE_IN = Duration.ofMinutes(1);
  private static final Duration SESSION = Duration.ofSeconds(45);

  /** So far back the logs are read: the schedule has what is older. */
  private static final Duration BACK = Duration.ofDays(1);

  private static final int AT_ONCE = 16;
  private static final int REMEMBERED = 10_000;

  private final List<Channel> channels;
  private final InstantSource clock;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<MeterId, Instant> asked =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MeterId, Instant> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final LiveFeed.Subscription subscription;

  /**
   * Asks from now on.
   *
   * @param channels the ways to meters, the first that reaches one is taken
   */
  public LogAsker(List<Channel> channels, LiveFeed live, InstantSource clock) {
    this.channels = List.copyOf(channels);
    this.clock = clock;
    this.subscription =
        live.subscribe(event -> {
          if (event instanceof LiveEvent.Raised(Warning warning)
              && warning.source() == Warning.Source.PUSHED
              && warning.severity().compareTo(Severity.FAULT) >= 0) {
            pushed(warning.meter());
          }
        });
  }

  private void pushed(MeterId meter) {
    Instant now = clock.instant();
    synchronized (asked) {
      Instant before = asked.get(meter);
      if (before != null && now.isBefore(before.plus(ONCE_IN)) || !places.tryAcquire()) {
        return;
      }
      asked.put(meter, now);
    }
    threads.execute(() -> {
      try {
        ask(meter);
      } finally {
        places.release();
      }
    });
  }

  private void ask(MeterId meter) {
    for (Channel channel : channels) {
      Offer offer = channel.offer(meter).filter(o -> !o.events().isEmpty()).orElse(null);
      if (offer == null || !channel.reaches(meter)) {
        continue;
      }
      try (MeterSession session = channel.open(meter, Deadline.in(SESSION))) {
        for (ObisCode log : offer.events()) {
          read(meter, session, log);
        }
      } catch (ChannelException e) {
        LOG.info("the logs of {} are read later: {}", meter, e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
  }

  private void read(MeterId meter, MeterSession session, ObisCode log)
      throws ChannelException, InterruptedException {
    Instant now = clock.instant();
    try (Stream<Message> told =
        session.read(new ReadPlan(List.of(log), now.minus(BACK), now.plus(BACK)))) {
      long entries = told.count(); // each is stored when the stream comes to it
      LOG.debug("log {} of {} gave {} entries", log, meter, entries);
    } catch (MeterSession.Broken e) {
      if (e.why().fault().code() != Fault.Code.FORBIDDEN) {
        throw e.why();
      }
      // not every meter has every log
    }
  }

  @Override
  public void close() {
    subscription.close();
    threads.shutdownNow();
  }
}
