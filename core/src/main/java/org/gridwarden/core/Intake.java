package org.gridwarden.core;

import java.util.concurrent.CompletionStage;

/** Where channels hand in what they received. Implemented in headend. Thread-safe. */
public interface Intake {
  /**
   * Takes a message; blocks while the queues are full, which is the back-pressure that a channel
   * passes on to its sockets.
   *
   * @return completes after the commit, never before
   */
  CompletionStage<Outcome> submit(Received message) throws InterruptedException;

  /** What became of it. */
  sealed interface Outcome {
    /** Durable: may be acknowledged. */
    record Stored() implements Outcome {}

    /** Was durable already: may be acknowledged again. */
    record Duplicate() implements Outcome {}

    /** The meter is unknown: on the waiting list, and not acknowledged. */
    record Waiting() implements Outcome {}

    /** Not taken, for a reason. */
    record Refused(Fault fault) implements Outcome {}
  }
}
