package org.gridwarden.cli;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * How something goes, on one line: rewritten in place on a terminal, else a new line where it has
 * changed, and not too often. Not thread-safe.
 */
final class ProgressLine {
  private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);

  private final PrintWriter err;
  private final boolean terminal = System.console() != null && System.console().isTerminal();
  private String last = "";
  private long printed;

  ProgressLine(PrintWriter err) {
    this.err = err;
  }

  void show(String line) {
    long now = System.nanoTime();
    if (line.equals(last) || !terminal && printed != 0 && now - printed < PLAIN_EVERY.toNanos()) {
      return;
    }
    last = line;
    printed = now;
    if (terminal) {
      err.print("\r\u001b[K" + line);
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Goes on below it. */
  void end() {
    if (terminal && !last.isEmpty()) {
      err.println();
      err.flush();
    }
  }
}
