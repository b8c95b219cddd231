package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.gridwarden.simulator.StreetStats;

/**
 * What a street does, on one line: rewritten in place on a terminal, else a new line now and then.
 * Not thread-safe.
 */
final class StatusLine {
  private static final long PLAIN_EVERY_NANOS = 5_000_000_000L;
  private static final double NANOS = 1e9;

  private final PrintWriter err;
  private final boolean terminal;
  private final int meters;
  private long lastReadings;
  private long lastNanos = System.nanoTime();
  private long lastPrinted;
  private double perSecond;

  StatusLine(PrintWriter err, int meters) {
    this.err = err;
    this.meters = meters;
    this.terminal = System.console() != null && System.console().isTerminal();
  }

  /** Prints the present state; call it about once a second. */
  void show(StreetStats stats) {
    long now = System.nanoTime();
    double rate = (stats.readings() - lastReadings) * NANOS / Math.max(1, now - lastNanos);
    perSecond = perSecond == 0 ? rate : perSecond * 0.7 + rate * 0.3;
    lastReadings = stats.readings();
    lastNanos = now;
    if (!terminal && lastPrinted != 0 && now - lastPrinted < PLAIN_EVERY_NANOS) {
      return;
    }
    lastPrinted = now;
    String line =
        String.format(
            Locale.ROOT,
            "%,d/%,d meters online   %,.0f readings/s stored   %,d readings in %,d pushes confirmed"
                + "   p95 %.0f ms   waiting %,d   resent %,d",
            stats.online(),
            meters,
            perSecond,
            stats.readings(),
            stats.confirmed(),
            stats.p95Millis(),
            stats.waiting(),
            stats.retried());
    if (terminal) {
      err.print("\r\u001b[K" + line);
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Leaves the line as it is and goes on below it. */
  void end() {
    if (terminal) {
      err.println();
      err.flush();
    }
  }
}
