package org.gridwarden.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/** Small things that JDBC lacks. */
final class Sql {
  private Sql() {}

  /**
   * An array parameter of primitives, which the driver sends in binary.
   *
   * @param elements {@code int[]}, {@code long[]}, {@code byte[][]} or an array of objects
   */
  static Array array(Connection c, String type, Object elements) throws SQLException {
    return c.unwrap(PGConnection.class).createArrayOf(type, elements);
  }
}
