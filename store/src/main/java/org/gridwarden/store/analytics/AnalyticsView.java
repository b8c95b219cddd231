package org.gridwarden.store.analytics;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.function.Consumer;
import org.gridwarden.core.Quality;
import org.gridwarden.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The one way from the database to analytics: its own connections, under a login that reads the
 * views of analytics and neither names nor meters' ids (C32). Thread-safe.
 */
public final class AnalyticsView implements AutoCloseable {
  /** Which views the login is let read; no other table or view. */
  public static final String VIEWS = "analytics_day, analytics_mark";

  /** So long a question may take. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int FETCH = 500;

  private final HikariDataSource pool;

  /**
   * Connects with the first question.
   *
   * @param url where the database is
   */
  public AnalyticsView(String url, AnalyticsLogin login) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("analytics");
    config.setJdbcUrl(url);
    config.setUsername(login.user());
    config.setPassword(new String(login.password().copy(), StandardCharsets.UTF_8));
    config.setMaximumPoolSize(2);
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setReadOnly(true);
    config.setThreadFactory(AnalyticsView::thread);
    config.addDataSourceProperty("ApplicationName", "gridwarden analytics");
    config.addDataSourceProperty(
        "options", "-c TimeZone=UTC -c statement_timeout=" + PATIENCE.toMillis());
    this.pool = new HikariDataSource(config);
  }

  /**
   * Reads all meters' curves of one civil day, in no order. A meter with several channels that
   * measure the same has a row of each.
   *
   * @throws StoreException where the database does not answer in time
   */
  public void day(LocalDate day, Consumer<CurveDay> each) {
    try (Connection c = pool.getConnection()) {
      c.setAutoCommit(false); // rows are streamed
      try (PreparedStatement s =
          c.prepareStatement(
              "SELECT subject, meter, day, code, interval_s, scaler, slots, quality, places,"
                  + " instead, zone, feeder, tariff, area FROM analytics_day WHERE day = ?")) {
        s.setFetchSize(FETCH);
        s.setObject(1, day);
        try (ResultSet r = s.executeQuery()) {
          while (r.next()) {
            each.accept(row(r));
          }
        }
      } finally {
        c.rollback();
      }
    } catch (SQLException e) {
      throw StoreException.of("reading for analytics", e);
    }
  }

  /**
   * Changes whenever something was erased: what was made of rows read before is to be forgotten.
   */
  public long mark() {
    try (Connection c = pool.getConnection();
        PreparedStatement s = c.prepareStatement("SELECT mark FROM analytics_mark");
        ResultSet r = s.executeQuery()) {
      r.next();
      return r.getLong(1);
    } catch (SQLException e) {
      throw StoreException.of("asking what was erased", e);
    }
  }

  /** The pool's threads outlive the request that is the first to ask, and are none of its own. */
  private static Thread thread(Runnable work) {
    Thread thread = Thread.ofPlatform().name("analytics").daemon().unstarted(work);
    thread.setContextClassLoader(AnalyticsView.class.getClassLoader());
    return thread;
  }

  /** For this room's tests: a connection as the questions get it. */
  Connection connection() throws SQLException {
    return pool.getConnection();
  }

  private static CurveDay row(ResultSet r) throws SQLException {
    Long[] raw = (Long[]) r.getArray(7).getArray();
    byte @Nullable [] quality = r.getBytes(8);
    long[] slots = new long[raw.length];
    boolean[] known = new boolean[raw.length];
    for (int i = 0; i < raw.length; i++) {
      known[i] = raw[i] != null && (quality == null || quality[i] != Quality.MISSING);
      slots[i] = raw[i] == null ? 0 : raw[i];
    }
    Array places = r.getArray(9);
    if (places != null) {
      Integer[] at = (Integer[]) places.getArray();
      Long[] instead = (Long[]) r.getArray(10).getArray();
      for (int i = 0; i < at.length; i++) {
        if (at[i] >= 0 && at[i] < slots.length) {
          slots[at[i]] = instead[i];
          known[at[i]] = true;
        }
      }
    }
    return new CurveDay(
        r.getString(1),
        r.getInt(2),
        r.getObject(3, LocalDate.class),
        r.getString(4),
        r.getInt(5),
        r.getInt(6),
        slots,
        known,
        r.getString(11),
        r.getString(12),
        r.getString(13),
        r.getString(14));
  }

  @Override
  public void close() {
    pool.close();
  }

  @Override
  public String toString() {
    return "AnalyticsView[" + pool.getUsername() + "]";
  }
}
