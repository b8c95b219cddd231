package org.gridwarden.headend.command;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that has a sender do its rounds: at once where there is news, and every so often in any
 * case. A round that fails is logged, and followed by the next. Thread-safe.
 */
public final class CommandRounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandRounds.class);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

  private final CommandSender sender;
  private final Duration every;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final Thread thread = Thread.ofPlatform().name("commands").unstarted(this::run);
  private boolean news;
  private boolean closed;

  /**
   * Nothing runs before it is started.
   *
   * @param sender closed with this
   * @param every the longest pause between two rounds
   */
  public CommandRounds(CommandSender sender, Duration every) {
    this.sender = sender;
    this.every = every;
    sender.whenFree(this::news);
  }

  /** Begins. */
  public void start() {
    thread.start();
  }

  /** There may be something to send now. */
  public void news() {
    lock.lock();
    try {
      news = true;
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (next()) {
      try {
        sender.round();
      } catch (RuntimeException e) {
        LOG.warn("commands that are due cannot be looked up; tried again in a moment", e);
        rest(AFTER_TROUBLE);
      }
    }
  }

  /** Waits for news or for the next round's time; whether there is one. */
  private boolean next() {
    lock.lock();
    try {
      long left = every.toNanos();
      while (!closed && !news && left > 0) {
        left = something.awaitNanos(left);
      }
      news = false;
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void rest(Duration pause) {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!closed && left > 0) {
        left = something.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the rounds, then waits for what is on its way. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      something.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.close();
  }
}
