package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;

/** A query's rows as a stream that reads as it is consumed and lets go when it is closed. */
final class RowStream {
  private static final int FETCH = 2_000;

  private RowStream() {}

  /** Prepares the query. */
  @FunctionalInterface
  interface Query {
    PreparedStatement on(Connection c) throws SQLException;
  }

  /** Reads the row that the cursor is on. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet r) throws SQLException;
  }

  static <T> Stream<T> open(DataSource source, Query query, Row<T> row) {
    Connection c;
    try {
      c = source.getConnection();
    } catch (SQLException e) {
      throw StoreException.of("connecting", e);
    }
    try {
      c.setAutoCommit(false); // a cursor, not the whole result in memory
      PreparedStatement s = query.on(c);
      s.setFetchSize(FETCH);
      ResultSet r = s.executeQuery();
      Spliterator<T> rows =
          new Spliterators.AbstractSpliterator<>(Long.MAX_VALUE, Spliterator.ORDERED) {
            @Override
            public boolean tryAdvance(Consumer<? super T> action) {
              try {
                if (!r.next()) {
                  return false;
                }
                action.accept(row.read(r));
                return true;
              } catch (SQLException e) {
                throw StoreException.of("reading", e);
              }
            }
          };
      return StreamSupport.stream(rows, false).onClose(() -> end(c));
    } catch (SQLException e) {
      end(c);
      throw StoreException.of("reading", e);
    }
  }

  private static void end(Connection c) {
    try (c) {
      c.rollback();
    } catch (SQLException e) {
      // broken: the pool drops it
    }
  }
}
