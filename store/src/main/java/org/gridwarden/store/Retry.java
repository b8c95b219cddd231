package org.gridwarden.store;

import java.sql.SQLException;
import java.util.Set;

/** Which failures of a transaction mend themselves when it runs again. */
final class Retry {
  static final String SERIALIZATION = "40001";
  private static final Set<String> AGAIN = Set.of(SERIALIZATION, "40P01", "23505");

  /** How often a transaction is tried. */
  static final int ATTEMPTS = 6;

  private Retry() {}

  /** A serialisation failure, a deadlock, or a key that another transaction was first to take. */
  static boolean helps(SQLException e) {
    return e.getSQLState() != null && AGAIN.contains(e.getSQLState());
  }

  /** The input itself is what the database refuses (class 22, data exception). */
  static boolean dataIsBad(SQLException e) {
    return e.getSQLState() != null && e.getSQLState().startsWith("22");
  }
}
