package org.gridwarden.core;

/**
 * Who did what. Where appending fails, the transaction fails: commands stop. Implemented in store.
 */
public interface AuditLog {
  /**
   * Appends an entry.
   *
   * @return its number in the log
   */
  long append(Tx tx, Actor who, String action, byte[] detail);
}
