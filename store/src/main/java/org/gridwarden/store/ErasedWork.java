package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Blanks what the office kept of a consumer's time at a meter: what validation found, and work in
 * the field with its photographs (C33). Works on a caller's connection; stateless.
 */
final class ErasedWork {
  private static final String GONE = "(erased)";

  private static final String OF =
      " IN (SELECT id FROM work_order WHERE meter = ? AND created >= ? AND created < ?)";

  private ErasedWork() {}

  /** How many rows of which table were changed or deleted. */
  static Map<String, Long> blank(Connection c, int meter, OffsetDateTime from, OffsetDateTime to)
      throws SQLException {
    Map<String, Long> rows = new LinkedHashMap<>();
    rows.put(
        "vee_exception",
        run(
            c,
            "DELETE FROM vee_exception WHERE meter = ? AND until > ? AND since < ?",
            meter,
            from,
            to));
    rows.put("work_evidence", run(c, "DELETE FROM work_evidence WHERE work" + OF, meter, from, to));
    rows.put("work_reading", run(c, "DELETE FROM work_reading WHERE work" + OF, meter, from, to));
    rows.put(
        "work_step",
        run(
            c,
            "UPDATE work_step SET note = ? WHERE note <> '' AND work" + OF,
            GONE,
            meter,
            from,
            to));
    rows.put(
        "work_order",
        run(
            c,
            "UPDATE work_order SET title = ?, service_point = '' WHERE meter = ? AND created >= ?"
                + " AND created < ?",
            GONE,
            meter,
            from,
            to));
    return rows;
  }

  private static long run(Connection c, String sql, Object... values) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        s.setObject(i + 1, values[i]);
      }
      return s.executeUpdate();
    }
  }
}
