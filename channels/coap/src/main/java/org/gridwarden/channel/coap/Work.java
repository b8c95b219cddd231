package org.gridwarden.channel.coap;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that a listener's protocol runs on, and how much waits for them. Thread-safe. */
final class Work extends ScheduledThreadPoolExecutor {
  private static final int MOST = 10_000;

  private final AtomicInteger waiting = new AtomicInteger();

  Work(String name) {
    super(
        1 + Runtime.getRuntime().availableProcessors(),
        work -> Thread.ofPlatform().name(name).daemon().unstarted(work));
    setRemoveOnCancelPolicy(true);
  }

  @Override
  public void execute(Runnable job) {
    waiting.incrementAndGet();
    super.execute(() -> {
      waiting.decrementAndGet();
      job.run();
    });
  }

  /** Whether so much waits that nothing more is to be read from the network. */
  boolean full() {
    return waiting.get() >= MOST;
  }
}
