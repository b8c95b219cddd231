package org.gridwarden.core;

/** Where a command stands on its way out. */
public enum CommandState {
  /** Said, and not yet held against the policy. */
  DRAFTED(false),
  /** Held back until a second person releases or refuses it. */
  QUARANTINED(false),
  /** Let through, by the policy or by a second person; its operator's signature is awaited. */
  RELEASED(false),
  /** Signed by its operator. */
  SIGNED(false),
  /** Waits for its moment and its channel. */
  QUEUED(false),
  /** On its way; what became of it is not known yet. */
  SENT(false),
  /** Done; the meter's receipt is kept. */
  CONFIRMED(true),
  /** The meter may be connected by its consumer now: ready for reconnection. */
  READY(true),
  /** A second person, the policy or the meter refused it. */
  REFUSED(true),
  /** It was sent, and no receipt came: the meter's state is read before anything is sent again. */
  IN_DOUBT(false),
  /** Its time was over before it was done. */
  EXPIRED(true),
  /** It could not be done. */
  FAILED(true);

  private final boolean end;

  CommandState(boolean end) {
    this.end = end;
  }

  /** Whether nothing follows. */
  public boolean isEnd() {
    return end;
  }
}
