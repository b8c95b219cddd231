package org.gridwarden.core;

/** Where a command stands on its way out. */
public enum CommandState {
  DRAFTED,
  QUARANTINED,
  RELEASED,
  SIGNED,
  QUEUED,
  SENT,
  CONFIRMED,
  REFUSED,
  IN_DOUBT,
  EXPIRED,
  FAILED
}
