package org.gridwarden.core;

/**
 * Tells a new message from a resend and a resend from an attack, by a window of 1,024 counters per
 * (meter, key). Implemented in store; moves in the transaction that stores the message.
 */
public interface ReplayWindow {
  Verdict accept(Tx tx, MessageId id);

  /** New, the same once more, or a counter used again for other bytes or long passed. */
  enum Verdict {
    NEW,
    SAME,
    REPLAY
  }
}
