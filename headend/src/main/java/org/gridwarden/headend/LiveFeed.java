package org.gridwarden.headend;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.gridwarden.core.Message;
import org.gridwarden.core.Received;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has just become durable, for whoever watches. Never blocks who tells of it: each subscriber
 * has a bounded queue and a virtual thread of its own; where it is too slow its oldest events are
 * dropped and counted. Thread-safe.
 */
public final class LiveFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);

  private final int queue;
  private final int subscribers;
  private final List<Subscriber> all = new CopyOnWriteArrayList<>();
  private final AtomicLong dropped = new AtomicLong();

  /** At most 256 subscribers with 8,192 events each. */
  public LiveFeed() {
    this(8_192, 256);
  }

  /**
   * @param queue how many events one subscriber may lag behind, 1 or more
   * @param subscribers how many there may be
   */
  public LiveFeed(int queue, int subscribers) {
    if (queue < 1 || subscribers < 1) {
      throw new IllegalArgumentException("a live feed needs room for one event and one subscriber");
    }
    this.queue = queue;
    this.subscribers = subscribers;
  }

  /** A subscriber's hold on the feed; closing it ends the delivery. */
  public interface Subscription extends AutoCloseable {
    /** How many events this subscriber was too slow for. */
    long dropped();

    @Override
    void close();
  }

  /**
   * Subscribes. The consumer is called by one thread at a time; what it throws is logged, and it is
   * called again with the next event.
   *
   * @throws IllegalStateException where there are too many subscribers already
   */
  public synchronized Subscription subscribe(Consumer<? super LiveEvent> consumer) {
    if (all.size() >= subscribers) {
      throw new IllegalStateException(
          "the live feed has its " + subscribers + " subscribers already; close one first");
    }
    Subscriber subscriber = new Subscriber(consumer);
    all.add(subscriber);
    subscriber.thread.start();
    return subscriber;
  }

  /** How many events were dropped over all subscribers since the start. */
  public long dropped() {
    return dropped.get();
  }

  /** How many subscribers there are. */
  public int subscribers() {
    return all.size();
  }

  @Override
  public void close() {
    all.forEach(Subscriber::close);
  }

  /** Tells of a message that was stored. */
  void stored(Received message) {
    if (all.isEmpty()) {
      return;
    }
    publish(new LiveEvent.Contact(message.id().meter(), message.via(), message.at()));
    for (Message content : message.content()) {
      switch (content) {
        case Usage usage -> {
          if (!usage.slots().isEmpty()) {
            publish(new LiveEvent.Slots(usage.meter(), usage.slots()));
          }
          if (!usage.momentary().isEmpty()) {
            publish(new LiveEvent.Momentary(usage.meter(), usage.momentary()));
          }
        }
        case Warning warning -> publish(new LiveEvent.Raised(warning));
        default -> {}
      }
    }
  }

  /** Tells of something that is durable. Never blocks. */
  public void publish(LiveEvent event) {
    for (Subscriber subscriber : all) {
      subscriber.offer(event);
    }
  }

  private final class Subscriber implements Subscription {
    private final Consumer<? super LiveEvent> consumer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition some = lock.newCondition();
    private final ArrayDeque<LiveEvent> waiting = new ArrayDeque<>();
    private final AtomicLong missed = new AtomicLong();
    private final Thread thread = Thread.ofVirtual().name("live-feed").unstarted(this::deliver);
    private boolean closed;

    Subscriber(Consumer<? super LiveEvent> consumer) {
      this.consumer = consumer;
    }

    void offer(LiveEvent event) {
      lock.lock();
      try {
        if (closed) {
          return;
        }
        if (waiting.size() == queue) {
          waiting.removeFirst();
          missed.incrementAndGet();
          dropped.incrementAndGet();
        }
        waiting.addLast(event);
        some.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public long dropped() {
      return missed.get();
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        waiting.clear();
        some.signal();
      } finally {
        lock.unlock();
      }
      all.remove(this);
    }

    private void deliver() {
      while (true) {
        LiveEvent next;
        lock.lock();
        try {
          while (waiting.isEmpty() && !closed) {
            some.awaitUninterruptibly();
          }
          if (closed) {
            return;
          }
          next = waiting.removeFirst();
        } finally {
          lock.unlock();
        }
        try {
          consumer.accept(next);
        } catch (RuntimeException e) {
          LOG.warn("a subscriber of the live feed failed", e);
        }
      }
    }
  }
}
