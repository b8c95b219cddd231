package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.gridwarden.core.Tx;
import org.gridwarden.core.UnitOfWork;

/** Transactions over pooled connections. Thread-safe. */
final class Transactions implements UnitOfWork {
  /**
   * A plan made while a month's partition, or landing, was nearly empty reads all of it and is kept
   * until the next ANALYZE: measured at fifty times the time. What knows its keys never wants that.
   */
  static final String BY_KEY = "SET LOCAL enable_seqscan = off";

  static final String BY_KEY_NO_MORE = "SET LOCAL enable_seqscan = on";

  private final DataSource source;

  Transactions(DataSource source) {
    this.source = source;
  }

  /** Work that may fail as JDBC does. */
  @FunctionalInterface
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  @Override
  public <T> T call(Function<Tx, T> work) {
    try {
      return in(c -> work.apply(new PgTx(c)));
    } catch (SQLException e) {
      throw StoreException.of("in a transaction", e);
    }
  }

  /** One transaction, committed when the work returns. What the work throws comes through. */
  <T> T in(Work<T> work) throws SQLException {
    try (Connection c = source.getConnection()) {
      c.setAutoCommit(false);
      boolean done = false;
      try {
        T result = work.with(c);
        c.commit();
        done = true;
        return result;
      } finally {
        if (!done) {
          rollBack(c);
        }
      }
    }
  }

  /**
   * One transaction on one snapshot (REPEATABLE READ), tried again where another one wrote what it
   * was to write: what it reads, reckons and writes back cannot be lost. It reads by keys alone.
   */
  <T> T inSnapshot(Work<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return in(c -> {
          try (var s = c.createStatement()) {
            s.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; " + BY_KEY);
          }
          return work.with(c);
        });
      } catch (SQLException e) {
        if (!Retry.helps(e) || attempt == Retry.ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * One question, a transaction by itself: begun and ended with its statement, where {@link #run}
   * takes a round trip more. For work of a single statement that writes nothing.
   */
  <T> T ask(String doing, Work<T> question) {
    try (Connection c = source.getConnection()) {
      return question.with(c);
    } catch (SQLException e) {
      throw StoreException.of(doing, e);
    }
  }

  /** As {@link #in}, with failures as the store's own exception. */
  <T> T run(String doing, Work<T> work) {
    try {
      return in(work);
    } catch (SQLException e) {
      throw StoreException.of(doing, e);
    }
  }

  DataSource source() {
    return source;
  }

  static void rollBack(Connection c) {
    try {
      c.rollback();
    } catch (SQLException e) {
      // the connection is broken: the pool drops it, and PostgreSQL has rolled back by itself
    }
  }
}
