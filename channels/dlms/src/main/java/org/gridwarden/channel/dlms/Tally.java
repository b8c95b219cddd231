package org.gridwarden.channel.dlms;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what became of what came. A flood of bad input costs a line in the log a minute and kind,
 * not a line a message. Thread-safe.
 */
final class Tally {
  private static final Logger LOG = LoggerFactory.getLogger(Tally.class);
  private static final long MINUTE = 60_000_000_000L;

  /** What can become of it. */
  enum What {
    STORED,
    DUPLICATE,
    WAITING,
    REFUSED,
    CONFIRMED,
    MALFORMED,
    UNSUPPORTED,
    UNAUTHENTICATED,
    UNKNOWN_METER,
    NO_KEY,
    LINK_FAULT,
    TIMED_OUT,
    OVER_LIMIT,
    FAILED
  }

  private final Map<What, LongAdder> counts = new EnumMap<>(What.class);
  private final Map<What, AtomicLong> logged = new EnumMap<>(What.class);

  private final boolean silent;

  Tally() {
    this(false);
  }

  private Tally(boolean silent) {
    this.silent = silent;
    for (What what : What.values()) {
      counts.put(what, new LongAdder());
      logged.put(what, new AtomicLong(System.nanoTime() - MINUTE));
    }
  }

  /** One that counts and logs nothing. */
  static Tally silent() {
    return new Tally(true);
  }

  void count(What what) {
    adder(what).increment();
  }

  /** Counts, and says so where nothing like it was said within the last minute. */
  void fault(What what, String where, String why) {
    count(what);
    if (silent) {
      return;
    }
    AtomicLong last = logged.computeIfAbsent(what, w -> new AtomicLong());
    long before = last.get();
    long now = System.nanoTime();
    if (now - before >= MINUTE && last.compareAndSet(before, now)) {
      LOG.warn("{}: {} ({} so far, {})", where, why, of(what), what);
    }
  }

  long of(What what) {
    return adder(what).sum();
  }

  private LongAdder adder(What what) {
    return counts.computeIfAbsent(what, w -> new LongAdder());
  }

  /** One line for a person. */
  String line() {
    StringBuilder out = new StringBuilder();
    for (What what : What.values()) {
      long count = of(what);
      if (count > 0) {
        out.append(out.isEmpty() ? "" : ", ").append(count).append(' ');
        out.append(what.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
      }
    }
    return out.isEmpty() ? "nothing came yet" : out.toString();
  }
}
