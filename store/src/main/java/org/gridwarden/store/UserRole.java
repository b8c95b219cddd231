package org.gridwarden.store;

/**
 * What a user may do. Every role reads meters, readings and events. One who grants does not command
 * and one who audits only reads (control C28).
 */
public enum UserRole {
  /** Reads. */
  VIEWER,
  /** Takes meters in and acts on them. */
  OPERATOR,
  /** Manages users and their roles. */
  SECURITY_ADMINISTRATOR,
  /** Reads the audit log, too. */
  AUDITOR;

  /** Whether one person may hold both: an operator grants nothing, and an auditor only reads. */
  public boolean goesWith(UserRole other) {
    return this == other || this == VIEWER || other == VIEWER;
  }
}
