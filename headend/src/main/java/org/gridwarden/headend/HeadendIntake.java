package org.gridwarden.headend;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.Intake;
import org.gridwarden.core.Received;

/**
 * Intake: messages wait in bounded queues, partitioned by meter, are committed in batches, and only
 * then are their promises kept. Where the queues are full {@link #submit} blocks, which is the
 * back-pressure that channels pass on to their sockets. A message that carries a warning of
 * severity FAULT or above overtakes the others, in the queue and at its door.
 *
 * <p>Promises are kept each in a virtual thread of its own, so that what a channel does next never
 * holds up a commit. Thread-safe.
 */
public final class HeadendIntake implements Intake, AutoCloseable {
  private final IntakeSettings settings;
  private final LiveFeed live;
  private final List<PartitionQueue> queues = new ArrayList<>();
  private final List<Committer> committers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Rate rate = new Rate(System::nanoTime);

  /**
   * Starts intake.
   *
   * @param commit makes a batch durable; called by one thread a partition
   * @param poison keeps what cannot be stored
   * @param live told of what was stored
   * @param metrics where figures go, under {@code gridwarden.intake}
   */
  public HeadendIntake(
      IntakeSettings settings,
      BatchCommit commit,
      PoisonRecord poison,
      LiveFeed live,
      MeterRegistry metrics) {
    this.settings = settings;
    this.live = live;
    IntakeMetrics figures = new IntakeMetrics(metrics, this::state);
    for (int i = 0; i < settings.partitions(); i++) {
      PartitionQueue queue = new PartitionQueue(settings);
      Committer committer = new Committer(queue, settings, commit, poison, figures, this::settle);
      queues.add(queue);
      committers.add(committer);
      threads.add(Thread.ofPlatform().name("intake-" + i).start(committer));
    }
  }

  @Override
  public CompletionStage<Outcome> submit(Received message) throws InterruptedException {
    Entry entry = Entry.of(message, System.nanoTime());
    int partition = Partitions.of(entry.meter(), settings.partitions());
    if (!queues.get(partition).put(entry)) {
      return CompletableFuture.completedFuture(
          new Outcome.Refused(
              new Fault(Fault.Code.BUSY, "intake", "the head-end is stopping; send again later")));
    }
    return entry.promise();
  }

  /** How it stands now. */
  public IntakeState state() {
    int queued = 0;
    long bytes = 0;
    int blocked = 0;
    long oldest = 0;
    boolean crowded = false;
    for (PartitionQueue queue : queues) {
      PartitionQueue.Depth depth = queue.depth();
      queued += depth.messages();
      bytes += depth.bytes();
      blocked += depth.blocked();
      oldest = Math.max(oldest, depth.oldestMillis());
      crowded |=
          depth.messages() > depth.maxMessages() * 0.8 || depth.bytes() > depth.maxBytes() * 0.8;
    }
    return new IntakeState(
        queued, bytes, blocked, rate.perSecond(), oldest, health(queued, oldest, crowded));
  }

  /** Whether the database takes what comes. */
  public Health health() {
    return state().health();
  }

  /**
   * Lets nothing more in, commits what is queued within the grace period, and refuses the rest as
   * BUSY: their meters send again. Returns when the committing threads have ended.
   */
  @Override
  public void close() {
    queues.forEach(PartitionQueue::close);
    long deadline = System.nanoTime() + settings.grace().toNanos();
    boolean interrupted = false;
    for (int i = 0; i < threads.size(); i++) {
      interrupted |= !join(threads.get(i), deadline - System.nanoTime());
      committers.get(i).hurry();
    }
    for (Thread thread : threads) {
      interrupted |= !join(thread, TimeUnit.SECONDS.toNanos(30)); // a commit that hangs in a socket
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Health health(int queued, long oldest, boolean crowded) {
    for (Committer committer : committers) {
      Committer.Trouble trouble = committer.trouble();
      if (trouble != null) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - trouble.sinceNanos());
        return new Health(
            Health.State.DOWN,
            "the database has failed for "
                + seconds
                + " s, nothing is acknowledged: "
                + trouble.what());
      }
    }
    String figures = queued + " in hand, the oldest for " + oldest + " ms";
    return new Health(crowded ? Health.State.ATTENTION : Health.State.UP, figures);
  }

  private void settle(Entry entry, Outcome outcome) {
    if (outcome instanceof Outcome.Stored) {
      live.stored(entry.message());
    }
    if (!(outcome instanceof Outcome.Refused)) {
      rate.add(1);
    }
    Thread.startVirtualThread(() -> entry.promise().complete(outcome));
  }

  /** False where it was interrupted. */
  private static boolean join(Thread thread, long nanos) {
    try {
      thread.join(java.time.Duration.ofNanos(Math.max(1, nanos)));
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
