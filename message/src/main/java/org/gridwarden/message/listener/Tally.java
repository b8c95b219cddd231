package org.gridwarden.message.listener;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what became of what came, and of what went down; of each kind of fault one is logged a
 * minute. Thread-safe.
 */
public final class Tally {
  private static final Logger LOG = LoggerFactory.getLogger(Tally.class);
  private static final long MINUTE = 60_000_000_000L;

  /** What can become of it; a channel counts what it knows. */
  public enum What {
    STORED,
    DUPLICATE,
    WAITING,
    REFUSED,
    /** A receipt, or another answer to an order. */
    ANSWER,
    /** An order that went down. */
    ORDER,
    /** A question for orders. */
    POLL,
    /** A part of a message that comes in several. */
    PART,
    /** What a meter left to be told once it could not any more. */
    WILL,
    /** A request to a group that is answered. */
    GROUP,
    /** What was sent to a group and is nobody's business here. */
    PASSED_OVER,
    /** Somebody was asked to prove who they are. */
    CHALLENGED,
    REGISTERED,
    SUBSCRIBED,
    /** A datagram that came before. */
    REPEATED,
    /** A meter that could not be called any more. */
    GONE,
    MALFORMED,
    UNSUPPORTED,
    UNAUTHENTICATED,
    FORBIDDEN,
    TIMED_OUT,
    OVER_LIMIT,
    TOO_FAST,
    FAILED
  }

  private final Map<What, LongAdder> counts = new EnumMap<>(What.class);
  private final Map<What, AtomicLong> logged = new EnumMap<>(What.class);

  public Tally() {
    for (What what : What.values()) {
      counts.put(what, new LongAdder());
      logged.put(what, new AtomicLong(System.nanoTime() - MINUTE));
    }
  }

  /** Counts one. */
  public void count(What what) {
    counts.getOrDefault(what, new LongAdder()).increment();
  }

  /**
   * Counts, and says so where nothing like it was said within the last minute.
   *
   * @param where for people: an address, a meter
   * @param why without anything secret
   */
  public void fault(What what, String where, String why) {
    count(what);
    AtomicLong last = logged.getOrDefault(what, new AtomicLong());
    long before = last.get();
    long now = System.nanoTime();
    if (now - before >= MINUTE && last.compareAndSet(before, now)) {
      LOG.warn("{}: {} ({} so far, {})", where, why, of(what), what);
    }
  }

  /** How many so far. */
  public long of(What what) {
    return counts.getOrDefault(what, new LongAdder()).sum();
  }

  /** One line for a person. */
  public String line() {
    StringBuilder out = new StringBuilder();
    for (What what : What.values()) {
      if (of(what) > 0) {
        out.append(out.isEmpty() ? "" : ", ").append(of(what)).append(' ');
        out.append(what.name().toLowerCase(Locale.ROOT).replace('_', ' '));
      }
    }
    return out.isEmpty() ? "nothing came yet" : out.toString();
  }
}
