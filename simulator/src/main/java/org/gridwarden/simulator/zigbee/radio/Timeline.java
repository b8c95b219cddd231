package org.gridwarden.simulator.zigbee.radio;

import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The model's time, in microseconds, and what is due when. All of the model runs on the one thread
 * that calls {@link #advance}; {@link #post} alone may be called from others.
 */
public final class Timeline {
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private volatile Runnable woken = () -> {};
  private long now;
  private long order;

  /** Something that is due, and may be called off. */
  public static final class Due implements Comparable<Due> {
    private final long at;
    private final long order;
    private final Runnable what;
    private boolean off;

    private Due(long at, long order, Runnable what) {
      this.at = at;
      this.order = order;
      this.what = what;
    }

    /** It is not to happen. */
    public void cancel() {
      off = true;
    }

    @Override
    public int compareTo(Due other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(order);
    }
  }

  /** Microseconds since the model began. */
  public long now() {
    return now;
  }

  /** Has something done in so many microseconds. */
  public Due after(long micros, Runnable what) {
    Due entry = new Due(now + Math.max(0, micros), order++, what);
    due.add(entry);
    return entry;
  }

  /** Has something done at once by the model's own thread. Thread-safe. */
  public void post(Runnable what) {
    posted.add(what);
    woken.run();
  }

  /** Who is told that something was posted; must be quick. */
  void onPost(Runnable listener) {
    woken = listener;
  }

  /** When the next thing is due; Long.MAX_VALUE where nothing is. */
  long next() {
    Due first = due.peek();
    return first == null ? Long.MAX_VALUE : first.at;
  }

  /** Does all that is due until then; afterwards it is then. */
  public void advance(long until) {
    for (Runnable one = posted.poll(); one != null; one = posted.poll()) {
      one.run();
    }
    for (Due first = due.peek(); first != null && first.at <= until; first = due.peek()) {
      due.remove();
      now = Math.max(now, first.at);
      if (!first.off) {
        first.what.run();
      }
      for (Runnable one = posted.poll(); one != null; one = posted.poll()) {
        one.run();
      }
    }
    now = Math.max(now, until);
  }
}
