package org.gridwarden.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done every so often, one thing at a time. A failure is logged, and tried again. */
final class Chores implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().name("chores").daemon().unstarted(work));

  /** Does it after the first period, and then with as much time between. */
  void every(String name, Duration period, Runnable chore) {
    Runnable guarded =
        () -> {
          try {
            chore.run();
          } catch (RuntimeException e) {
            LOG.warn("{} failed; it is tried again after {}", name, period, e);
          }
        };
    var unused =
        timer.scheduleWithFixedDelay(
            guarded, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits for the one at work, ten seconds at most. */
  @Override
  public void close() {
    timer.shutdownNow();
    try {
      if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("a chore did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
