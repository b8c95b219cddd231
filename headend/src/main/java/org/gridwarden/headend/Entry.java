package org.gridwarden.headend;

import java.util.concurrent.CompletableFuture;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;

/** A message in hand and the promise that was given for it. */
record Entry(
    Received message,
    CompletableFuture<Outcome> promise,
    boolean alarm,
    long bytes,
    long sinceNanos) {
  private static final int OBJECT = 64;

  static Entry of(Received message, long nanoTime) {
    return new Entry(
        message, new CompletableFuture<>(), isAlarm(message), weigh(message), nanoTime);
  }

  MeterId meter() {
    return message.id().meter();
  }

  /** An alarm carries a warning that says something is wrong. */
  private static boolean isAlarm(Received message) {
    for (Message content : message.content()) {
      if (content instanceof Warning warning && warning.severity().compareTo(Severity.FAULT) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** About how much memory it takes. */
  private static long weigh(Received message) {
    long bytes = 4L * OBJECT + message.raw().length;
    for (Message content : message.content()) {
      bytes += OBJECT;
      if (content instanceof Usage usage) {
        long parts =
            (long) usage.momentary().size() + usage.slots().size() + usage.captures().size();
        bytes += 2L * OBJECT * parts;
        for (IntervalBlock block : usage.blocks()) {
          bytes += 2L * OBJECT + 8L * block.values().length + block.quality().length;
        }
      }
    }
    return bytes;
  }
}
