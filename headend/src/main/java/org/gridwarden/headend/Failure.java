package org.gridwarden.headend;

import java.sql.SQLException;
import java.sql.SQLTransientException;

/** What kind of failure a commit met. */
enum Failure {
  /** The database is away, full, busy or wrongly set up: the same batch may pass later. */
  DATABASE,
  /** Something in the batch itself: it will never pass as it is. */
  DATA;

  /**
   * Tells them apart by the SQLSTATE class (PostgreSQL's appendix A): 22 is a data exception, 23 a
   * broken constraint, 0A a feature that a value asked for; all others are the database's. Without
   * an SQLException, an error of the machine is like the database's and any other exception is one
   * that the data provoked.
   */
  static Failure of(Throwable thrown) {
    int depth = 0;
    for (Throwable at = thrown; at != null && depth < 32; at = at.getCause(), depth++) {
      if (at instanceof SQLTransientException || at instanceof InterruptedException) {
        return DATABASE;
      }
      if (at instanceof SQLException sql) {
        String state = sql.getSQLState();
        boolean data =
            state != null
                && (state.startsWith("22") || state.startsWith("23") || state.startsWith("0A"));
        return data ? DATA : DATABASE;
      }
      if (at instanceof Error || at instanceof java.io.IOException) {
        return DATABASE;
      }
    }
    return DATA;
  }
}
