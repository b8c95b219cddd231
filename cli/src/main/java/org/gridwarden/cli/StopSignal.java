package org.gridwarden.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * Ctrl-C and a polite kill, turned into something to wait for, so that a command ends in good order
 * and prints its summary. The second one ends the process at once. Not a shutdown hook: those run
 * side by side, and the database would be gone before it was asked.
 */
final class StopSignal {
  private static final int KILLED_BY_INTERRUPT = 130;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private StopSignal() {}

  /** From now on. */
  static StopSignal install() {
    StopSignal stop = new StopSignal();
    AtomicBoolean again = new AtomicBoolean();
    for (String name : new String[] {"INT", "TERM"}) {
      Signal.handle(
          new Signal(name),
          signal -> {
            if (again.getAndSet(true)) {
              Runtime.getRuntime().halt(KILLED_BY_INTERRUPT);
            }
            stop.stopped.countDown();
          });
    }
    return stop;
  }

  /** Waits; true where the signal came in this time. */
  boolean await(Duration time) throws InterruptedException {
    return stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
