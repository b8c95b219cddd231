package org.gridwarden.channel.coap;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * When a request to a group is answered: at some moment within the leisure time (RFC 7252, clause
 * 8.2), so that not all of a group answer at once. Bounded: where too many wait, none is added.
 * Thread-safe.
 */
final class Leisure {
  private static final int MOST = 256;

  private final ScheduledExecutorService timer;
  private final long nanos;
  private final Semaphore room = new Semaphore(MOST);

  Leisure(ScheduledExecutorService timer, Duration leisure) {
    this.timer = timer;
    this.nanos = leisure.toNanos();
  }

  /**
   * Does something at some moment.
   *
   * @return false where it is not done, since too much waits
   */
  boolean later(Runnable job) {
    if (!room.tryAcquire()) {
      return false;
    }
    var unused =
        timer.schedule(
            () -> {
              room.release();
              job.run();
            },
            ThreadLocalRandom.current().nextLong(nanos),
            TimeUnit.NANOSECONDS);
    return true;
  }
}
