package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.core.Tx;

/**
 * Deletes what was measured before a day, and all that was made of it (C33): day rows and single
 * slots, revisions, estimated and edited versions, registers, momentary values, events and closed
 * alarms. Whole months go as partitions, the rest as rows. Raw messages have a retention of their
 * own, by their receipt. Thread-safe.
 */
public final class OldReadings {
  private static final List<String> BY_MONTH =
      List.of("interval_block", "register_reading", "momentary");

  OldReadings() {}

  /**
   * Deletes.
   *
   * @param keepFrom the first day that is kept; of instants, from its beginning in UTC
   * @return how many rows and partitions went
   */
  public long delete(Tx tx, LocalDate keepFrom) {
    Connection c = PgTx.of(tx);
    try {
      long gone = 0;
      for (String table : BY_MONTH) {
        gone += dropMonths(c, table, keepFrom);
      }
      gone += run(c, "DELETE FROM interval_block WHERE day < ?", keepFrom);
      Object start = keepFrom.atStartOfDay().atOffset(ZoneOffset.UTC);
      for (String sql :
          List.of(
              "DELETE FROM landing WHERE start < ?",
              "DELETE FROM slot_revision WHERE start < ?",
              "DELETE FROM slot_version WHERE start < ?",
              "DELETE FROM register_reading WHERE at < ?",
              "DELETE FROM momentary WHERE at < ?",
              "DELETE FROM consumer_budget_alert WHERE at < ?",
              "DELETE FROM alarm_evidence WHERE at < ?",
              "DELETE FROM alarm a WHERE closed IS NOT NULL AND last < ? AND NOT EXISTS (SELECT"
                  + " FROM alarm_evidence e WHERE e.alarm = a.id)",
              "DELETE FROM event e WHERE at < ? AND NOT EXISTS (SELECT FROM alarm_queue q WHERE"
                  + " q.event = e.id)")) {
        gone += run(c, sql, start);
      }
      return gone;
    } catch (SQLException e) {
      throw StoreException.of("deleting old readings", e);
    }
  }

  private static long dropMonths(Connection c, String table, LocalDate keepFrom)
      throws SQLException {
    List<String> old = new ArrayList<>();
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT i.inhrelid::regclass::text FROM pg_inherits i"
                + " WHERE i.inhparent = ?::regclass AND i.inhrelid::regclass::text ~"
                + " '_[0-9]{4}_[0-9]{2}$'")) {
      s.setString(1, table);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          String name = r.getString(1);
          YearMonth month = YearMonth.parse(name.substring(name.length() - 7).replace('_', '-'));
          if (!month.plusMonths(1).atDay(1).isAfter(keepFrom)) {
            old.add(name);
          }
        }
      }
    }
    for (String name : old) {
      try (var s = c.createStatement()) {
        s.execute("DROP TABLE " + name); // as regclass quotes it
      }
    }
    return old.size();
  }

  private static long run(Connection c, String sql, Object value) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      s.setObject(1, value);
      return s.executeUpdate();
    }
  }
}
