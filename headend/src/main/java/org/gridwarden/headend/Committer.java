package org.gridwarden.headend;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Received;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a partition's batches and makes them durable, one after the other. A failure of the
 * database is met with patience: the same batch again, after a pause that doubles, while the full
 * queue holds the sockets back. A failure of the data is met by cutting the batch in two until the
 * message that cannot be stored stands alone; it is refused and recorded, the others are stored.
 */
final class Committer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final Outcome CLOSING =
      new Outcome.Refused(
          new Fault(Fault.Code.BUSY, "intake", "the head-end is stopping; send again later"));

  private final PartitionQueue queue;
  private final IntakeSettings settings;
  private final BatchCommit commit;
  private final PoisonRecord poison;
  private final IntakeMetrics metrics;
  private final Settled settled;
  private final CountDownLatch hurry = new CountDownLatch(1);
  private volatile @Nullable Trouble trouble;

  /** Told of each message whose fate is known. */
  interface Settled {
    void settle(Entry entry, Outcome outcome);
  }

  /** A failure that lasts. */
  record Trouble(long sinceNanos, String what) {}

  Committer(
      PartitionQueue queue,
      IntakeSettings settings,
      BatchCommit commit,
      PoisonRecord poison,
      IntakeMetrics metrics,
      Settled settled) {
    this.queue = queue;
    this.settings = settings;
    this.commit = commit;
    this.poison = poison;
    this.metrics = metrics;
    this.settled = settled;
  }

  /** What the database's trouble is, or null. */
  @Nullable Trouble trouble() {
    return trouble;
  }

  /** Closing has waited long enough: do not wait for the database any more. */
  void hurry() {
    hurry.countDown();
  }

  @Override
  public void run() {
    while (true) {
      List<Entry> batch;
      try {
        batch = queue.take();
      } catch (InterruptedException e) {
        continue; // closing goes through the queue and hurry(), not through interrupts
      }
      if (batch.isEmpty()) {
        return;
      }
      try {
        makeDurable(batch);
      } catch (RuntimeException | Error e) {
        LOG.error("intake: a batch of {} was given up", batch.size(), e);
        batch.forEach(entry -> settle(entry, refusal()));
      } finally {
        queue.release(batch);
      }
    }
  }

  private void makeDurable(List<Entry> batch) {
    ArrayDeque<List<Entry>> parts = new ArrayDeque<>();
    parts.push(batch);
    long pause = settings.firstRetry().toMillis();
    while (!parts.isEmpty()) {
      List<Entry> part = parts.pop();
      try {
        List<Outcome> outcomes = commit(part);
        trouble = null;
        pause = settings.firstRetry().toMillis();
        for (int i = 0; i < part.size(); i++) {
          settle(part.get(i), outcomes.get(i));
        }
      } catch (Exception | Error e) {
        if (Failure.of(e) == Failure.DATABASE) {
          parts.push(part);
          if (!rest(e, pause)) {
            parts.forEach(left -> left.forEach(entry -> settle(entry, CLOSING)));
            return;
          }
          pause = Math.min(2 * pause, settings.lastRetry().toMillis());
        } else if (part.size() == 1) {
          refuse(part.getFirst(), e);
        } else {
          metrics.split();
          int half = part.size() / 2;
          parts.push(part.subList(half, part.size()));
          parts.push(part.subList(0, half));
        }
      }
    }
  }

  private List<Outcome> commit(List<Entry> part) throws Exception {
    List<Received> messages = part.stream().map(Entry::message).toList();
    long start = System.nanoTime();
    List<Outcome> outcomes = commit.commit(messages);
    long end = System.nanoTime();
    if (outcomes.size() != part.size()) {
      throw new java.io.IOException(
          "the store gave " + outcomes.size() + " outcomes for " + part.size() + " messages");
    }
    metrics.committed(part.size(), end - start);
    for (Entry entry : part) {
      metrics.durableAfter(end - entry.sinceNanos());
    }
    return outcomes;
  }

  /** Waits before the next try; false where closing does not let us. */
  private boolean rest(Throwable why, long millis) {
    Trouble before = trouble;
    if (before == null) {
      trouble =
          new Trouble(System.nanoTime(), why.getClass().getSimpleName() + ": " + why.getMessage());
      LOG.error("intake: the database failed; nothing is acknowledged until it is back", why);
    } else {
      LOG.warn("intake: the database is still failing ({})", why.getMessage());
    }
    metrics.retried();
    try {
      return !hurry.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return hurry.getCount() > 0;
    }
  }

  private void refuse(Entry entry, Throwable why) {
    String reason = why.getClass().getSimpleName() + ": " + why.getMessage();
    LOG.error("intake: a message of meter {} cannot be stored and is refused", entry.meter(), why);
    metrics.poisoned();
    try {
      poison.record(entry.message(), reason);
    } catch (RuntimeException e) {
      LOG.error("intake: and it could not be recorded", e);
    }
    settle(entry, refusal());
  }

  private static Outcome refusal() {
    return new Outcome.Refused(
        new Fault(
            Fault.Code.INTERNAL, "intake", "the message cannot be stored; see the server's log"));
  }

  private void settle(Entry entry, Outcome outcome) {
    metrics.settled(outcome);
    settled.settle(entry, outcome);
  }
}
