package org.gridwarden.headend.command;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.CommandBook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which meters a command waits for. One that is heard, if only for a moment, makes it due at once.
 * Thread-safe; asking about a meter costs a look into a set.
 */
public final class PutOffs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PutOffs.class);

  private final CommandBook book;
  private final Supplier<Duration> spacing;
  private final Runnable news;
  private final Set<MeterId> waitedFor = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param spacing between two switching commands of one feeder, as the policy has it
   * @param news has commands looked for that are due; quick
   */
  public PutOffs(CommandBook book, Supplier<Duration> spacing, Runnable news) {
    this.book = book;
    this.spacing = spacing;
    this.news = news;
  }

  /** Looks which meters are waited for; to be done every few seconds. */
  public void look() {
    Set<MeterId> now = Set.copyOf(book.waitedFor());
    waitedFor.addAll(now);
    waitedFor.retainAll(now);
  }

  /** A meter was heard. Returns at once. */
  public void heard(MeterId meter) {
    if (!waitedFor.isEmpty() && waitedFor.remove(meter)) {
      threads.execute(() -> wake(meter));
    }
  }

  private void wake(MeterId meter) {
    try {
      if (book.wake(meter, spacing.get())) {
        news.run();
      }
    } catch (RuntimeException e) {
      waitedFor.add(meter);
      LOG.warn("what was put off for meter {} waits on; it is tried again", meter, e);
    }
  }

  /** Waits for what is at work. */
  @Override
  public void close() {
    threads.close();
  }
}
