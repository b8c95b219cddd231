package org.gridwarden.headend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.gridwarden.core.MeterId;

/**
 * One partition's messages in hand: queued and committing. Bounded by count, by bytes and by meter;
 * who finds no room waits, first come first served. Alarms have a lane of their own with room to
 * spare: they are let in and taken first. One taker, many givers.
 */
final class PartitionQueue {
  private final int maxMessages;
  private final long maxBytes;
  private final int perMeter;
  private final int batchMessages;
  private final long batchBytes;
  private final long lingerNanos;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<Entry> alarms = new ArrayDeque<>();
  private final ArrayDeque<Entry> bulk = new ArrayDeque<>();
  private final ArrayDeque<Waiter> waitingAlarms = new ArrayDeque<>();
  private final ArrayDeque<Waiter> waitingBulk = new ArrayDeque<>();
  private final Map<MeterId, Integer> ofMeter = new HashMap<>();
  private int held;
  private long heldBytes;
  private long queuedBytes;
  private long committingSince = Long.MIN_VALUE;
  private boolean closed;

  PartitionQueue(IntakeSettings settings) {
    this.maxMessages = Math.max(1, settings.queuedMessages() / settings.partitions());
    this.maxBytes = Math.max(1, settings.queuedBytes() / settings.partitions());
    this.perMeter = settings.perMeter();
    this.batchMessages = settings.batchMessages();
    this.batchBytes = settings.batchBytes();
    this.lingerNanos = settings.linger().toNanos();
  }

  /**
   * Puts an entry in, waiting for room.
   *
   * @return false where the queue is closed
   */
  boolean put(Entry entry) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (closed) {
        return false;
      }
      if (fits(entry)) {
        admit(entry);
        return true;
      }
      Waiter waiter = new Waiter(entry, lock.newCondition());
      ArrayDeque<Waiter> line = entry.alarm() ? waitingAlarms : waitingBulk;
      line.addLast(waiter);
      work.signal(); // no use in lingering while somebody waits for room
      try {
        while (!waiter.admitted && !closed) {
          waiter.turn.await();
        }
      } catch (InterruptedException e) {
        if (!waiter.admitted) {
          line.remove(waiter);
          throw e;
        }
        Thread.currentThread().interrupt(); // it is in: its promise holds
      }
      return waiter.admitted;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next batch: alarms at once, others when the oldest has lingered, a batch is full or
   * somebody waits for room. What is taken counts as held until {@link #release}.
   *
   * @return empty where the queue is closed and drained
   */
  List<Entry> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (alarms.isEmpty() && bulk.isEmpty()) {
        if (closed) {
          return List.of();
        }
        work.await();
      }
      while (mayLinger()) {
        long left = bulk.getFirst().sinceNanos() + lingerNanos - System.nanoTime();
        if (left <= 0 || work.awaitNanos(left) <= 0) {
          break;
        }
      }
      return drain();
    } finally {
      lock.unlock();
    }
  }

  /** Gives the room of committed entries to those who wait. */
  void release(List<Entry> batch) {
    lock.lock();
    try {
      for (Entry entry : batch) {
        held--;
        heldBytes -= entry.bytes();
        ofMeter.computeIfPresent(entry.meter(), (meter, count) -> count == 1 ? null : count - 1);
      }
      committingSince = Long.MIN_VALUE;
      letIn(waitingAlarms);
      letIn(waitingBulk);
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody in any more; those who wait are turned away, what is queued is still taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      waitingAlarms.forEach(waiter -> waiter.turn.signal());
      waitingBulk.forEach(waiter -> waiter.turn.signal());
      waitingAlarms.clear();
      waitingBulk.clear();
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** How it stands at this moment. */
  Depth depth() {
    lock.lock();
    try {
      long oldest = committingSince;
      for (ArrayDeque<Entry> lane : List.of(alarms, bulk)) {
        Entry first = lane.peekFirst();
        if (first != null && (oldest == Long.MIN_VALUE || first.sinceNanos() - oldest < 0)) {
          oldest = first.sinceNanos();
        }
      }
      long age = oldest == Long.MIN_VALUE ? 0 : Math.max(0, System.nanoTime() - oldest);
      return new Depth(
          held,
          heldBytes,
          waitingAlarms.size() + waitingBulk.size(),
          age / 1_000_000,
          maxMessages,
          maxBytes);
    } finally {
      lock.unlock();
    }
  }

  record Depth(
      int messages, long bytes, int blocked, long oldestMillis, int maxMessages, long maxBytes) {}

  private boolean mayLinger() {
    return !closed
        && alarms.isEmpty()
        && bulk.size() < batchMessages
        && queuedBytes < batchBytes
        && waitingBulk.isEmpty()
        && waitingAlarms.isEmpty();
  }

  /** Alarms may take half as much again as is there for all. */
  private boolean fits(Entry entry) {
    int spare = entry.alarm() ? 3 : 2;
    return (held == 0
            || held < (long) maxMessages * spare / 2
                && heldBytes + entry.bytes() <= maxBytes * spare / 2)
        && ofMeter.getOrDefault(entry.meter(), 0) < (long) perMeter * spare / 2;
  }

  private void admit(Entry entry) {
    held++;
    heldBytes += entry.bytes();
    queuedBytes += entry.bytes();
    ofMeter.merge(entry.meter(), 1, Integer::sum);
    boolean first = alarms.isEmpty() && bulk.isEmpty();
    (entry.alarm() ? alarms : bulk).addLast(entry);
    if (first || entry.alarm() || bulk.size() >= batchMessages || queuedBytes >= batchBytes) {
      work.signal(); // and not for each message: the taker lingers until one of these
    }
  }

  private void letIn(ArrayDeque<Waiter> line) {
    Iterator<Waiter> next = line.iterator();
    while (next.hasNext()) {
      Waiter waiter = next.next();
      if (fits(waiter.entry)) {
        next.remove();
        admit(waiter.entry);
        waiter.admitted = true;
        waiter.turn.signal();
      } else if (held >= maxMessages || heldBytes >= maxBytes) {
        return; // full for all; else only this one's meter or size stands in its way
      }
    }
  }

  private List<Entry> drain() {
    List<Entry> batch = new ArrayList<>(Math.min(batchMessages, alarms.size() + bulk.size()));
    long bytes = 0;
    // with alarms aboard only a little bulk rides along, so that their commit is short
    int bulkRoom = alarms.isEmpty() ? batchMessages : Math.max(1, batchMessages / 8);
    while (!alarms.isEmpty() && batch.size() < batchMessages && bytes < batchBytes) {
      Entry entry = alarms.removeFirst();
      batch.add(entry);
      bytes += entry.bytes();
    }
    while (!bulk.isEmpty()
        && bulkRoom-- > 0
        && batch.size() < batchMessages
        && bytes < batchBytes) {
      Entry entry = bulk.removeFirst();
      batch.add(entry);
      bytes += entry.bytes();
    }
    queuedBytes -= bytes;
    committingSince = batch.getFirst().sinceNanos();
    return batch;
  }

  private static final class Waiter {
    final Entry entry;
    final Condition turn;
    boolean admitted;

    Waiter(Entry entry, Condition turn) {
      this.entry = entry;
      this.turn = turn;
    }
  }
}
