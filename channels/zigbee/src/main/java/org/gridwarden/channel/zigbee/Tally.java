package org.gridwarden.channel.zigbee;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of what came. Thread-safe. */
final class Tally {
  private static final Logger LOG = LoggerFactory.getLogger(Tally.class);

  /** What may become of it. */
  enum What {
    STORED,
    DUPLICATE,
    WAITING,
    REFUSED,
    /** No frame, no message, no attribute. */
    MALFORMED,
    /** Without the link key where it must be under it, or by nobody known. */
    UNPROVEN,
    /** More came than is taken. */
    DROPPED,
    /** The serial line had to be opened again. */
    REOPENED,
    FAILED
  }

  private final Map<What, LongAdder> counts = new EnumMap<>(What.class);

  Tally() {
    for (What what : What.values()) {
      counts.put(what, new LongAdder());
    }
  }

  void count(What what) {
    adder(what).increment();
  }

  private LongAdder adder(What what) {
    LongAdder adder = counts.get(what);
    if (adder == null) {
      throw new IllegalStateException("all have one");
    }
    return adder;
  }

  /** Counts, and says so in the log. */
  void fault(What what, String where, String why) {
    count(what);
    LOG.info("{}: {}: {}", where, what, why);
  }

  long of(What what) {
    return adder(what).sum();
  }

  /** One line for a person. */
  String line() {
    StringBuilder line = new StringBuilder();
    for (What what : What.values()) {
      long count = of(what);
      if (count > 0) {
        line.append(line.isEmpty() ? "" : ", ")
            .append(count)
            .append(' ')
            .append(what.name().toLowerCase(Locale.ROOT));
      }
    }
    return line.isEmpty() ? "nothing came yet" : line.toString();
  }
}
