package org.gridwarden.headend.trust;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.store.TrustBook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the newest trust list to meters that have an older one, by itself: what the root signed is
 * for all of them. A meter is asked which it has first. Thread-safe.
 */
public final class TrustCourier {
  private static final Logger LOG = LoggerFactory.getLogger(TrustCourier.class);
  private static final Duration SESSION = Duration.ofSeconds(45);

  /** So long a meter is left alone that could not be reached, or did not take it. */
  private static final Duration PAUSE = Duration.ofMinutes(5);

  private static final int MOST = 500;
  private static final int AT_ONCE = 16;

  private final TrustBook book;
  private final List<Channel> channels;

  /**
   * @param channels the ways to meters, the first that reaches one is taken
   */
  public TrustCourier(TrustBook book, List<Channel> channels) {
    this.book = book;
    this.channels = List.copyOf(channels);
  }

  /** One round, to its end. */
  public void round() {
    Optional<TrustBook.Listed> newest = book.newest();
    if (newest.isEmpty()) {
      return;
    }
    Semaphore places = new Semaphore(AT_ONCE);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (MeterId meter : book.due(newest.get().version(), PAUSE, MOST)) {
        Optional<Channel> way =
            channels.stream().filter(channel -> channel.reaches(meter)).findFirst();
        if (way.isEmpty()) {
          continue;
        }
        places.acquireUninterruptibly();
        threads.execute(() -> {
          try {
            bring(meter, way.get(), newest.get());
          } finally {
            places.release();
          }
        });
      }
    }
  }

  private void bring(MeterId meter, Channel channel, TrustBook.Listed list) {
    try (MeterSession session = channel.open(meter, Deadline.in(SESSION))) {
      OptionalLong has = session.trusts();
      if (has.isPresent() && has.getAsLong() < list.version()) {
        session.trust(list.signed());
        has = session.trusts();
      }
      book.has(meter, has.orElse(-1));
    } catch (ChannelException e) {
      LOG.info("meter {} has no newer trust list yet: {}", meter, e.getMessage());
      book.tried(meter);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
