package org.gridwarden.store;

import java.sql.Connection;
import org.gridwarden.core.Tx;

/**
 * The store's transaction: a connection whose commit is its unit of work's.
 *
 * @param connection not in autocommit
 */
record PgTx(Connection connection) implements Tx {
  static Connection of(Tx tx) {
    if (tx instanceof PgTx mine) {
      return mine.connection();
    }
    throw new IllegalArgumentException("a transaction of another store");
  }
}
