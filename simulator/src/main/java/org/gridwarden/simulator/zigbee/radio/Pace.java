package org.gridwarden.simulator.zigbee.radio;

import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a {@link Timeline} go by the wall's clock, on a thread of its own. Thread-safe. */
public final class Pace implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pace.class);
  private static final long LONGEST = 50_000_000L;

  private final Timeline timeline;
  private final Thread thread;
  private volatile boolean closed;

  private Pace(Timeline timeline) {
    this.timeline = timeline;
    this.thread = Thread.ofPlatform().name("zigbee-model").daemon().unstarted(this::run);
  }

  /** Starts. */
  public static Pace start(Timeline timeline) {
    Pace pace = new Pace(timeline);
    timeline.onPost(() -> LockSupport.unpark(pace.thread));
    pace.thread.start();
    return pace;
  }

  /** Whether it is this thread on which the model runs. */
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  private void run() {
    long start = System.nanoTime();
    while (!closed) {
      try {
        timeline.advance((System.nanoTime() - start) / 1_000);
      } catch (RuntimeException e) {
        LOG.error("a part of the Zigbee model failed; the rest goes on", e);
      }
      long next = timeline.next();
      long wait = next == Long.MAX_VALUE ? LONGEST : next * 1_000 - (System.nanoTime() - start);
      if (wait > 0) {
        LockSupport.parkNanos(Math.min(wait, LONGEST));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
