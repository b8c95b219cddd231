package org.gridwarden.dlms.security;

import java.util.function.Consumer;
import org.gridwarden.dlms.InvocationCounter;

/**
 * An invocation counter that is made durable block by block before it is used, so that no crash
 * lets a number come twice: at most the rest of a block is lost. Thread-safe.
 */
public final class StoredCounter implements InvocationCounter {
  /** Where a number is kept. */
  public interface Store {
    /** The number that {@link #save} was given last; 0 before. */
    long load();

    /** Keeps a number. Durable before it returns. */
    void save(long number);
  }

  private static final long END = 1L << 32;

  private final Store store;
  private final int block;
  private final long farthest;
  private final Consumer<String> alarm;
  private long next;
  private long reserved;

  /**
   * @param block how many numbers are made durable at a time, at least 1
   * @param farthest how far a number that nobody vouches for may move it forward: one near the end
   *     would use the key up
   * @param alarm told in words what {@link #hint} did not take
   */
  public StoredCounter(Store store, int block, long farthest, Consumer<String> alarm) {
    if (block < 1) {
      throw new IllegalArgumentException("a block has at least one number");
    }
    this.store = store;
    this.block = block;
    this.farthest = farthest;
    this.alarm = alarm;
    this.next = store.load();
    this.reserved = next;
  }

  /**
   * The next number; 2^32, which is none, for ever once all are used: the key has to be changed.
   */
  @Override
  public synchronized long next() {
    if (next >= END) {
      return END;
    }
    if (next == reserved) {
      reserve();
    }
    return next++;
  }

  private void reserve() {
    long end = Math.min(END, next + block);
    store.save(end);
    reserved = end;
  }

  /**
   * Takes a number that somebody says was used already, such as the one that a meter shows to
   * anybody: numbers go on above it. One below what is stored changes nothing; where it is lower by
   * more than a block, more than a crash and a lost message explain, it raises an alarm, and so
   * does one that is farther ahead than is allowed.
   *
   * @param used 0 to 2^32 - 1
   */
  public synchronized void hint(long used) {
    if (used + 1 + block < next) {
      alarm.accept(
          "a counter of " + used + " was shown, but " + (next - 1) + " is used already; not taken");
    } else if (used >= END || used - next > farthest) {
      alarm.accept("a counter of " + used + " was shown, far ahead of " + next + "; not taken");
    } else if (used + 1 > next) {
      next = used + 1;
      if (next < END) {
        reserve();
      } else {
        store.save(END);
      }
    }
  }
}
