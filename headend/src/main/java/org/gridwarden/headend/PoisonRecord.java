package org.gridwarden.headend;

import org.gridwarden.core.Received;

/** Keeps messages that could not be stored for a reason of their own, for somebody to look at. */
@FunctionalInterface
public interface PoisonRecord {
  /**
   * Called once for each such message; a failure of the call is logged and changes nothing.
   *
   * @param reason without secrets
   */
  void record(Received message, String reason);
}
