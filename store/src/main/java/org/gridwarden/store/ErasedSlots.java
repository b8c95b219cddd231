package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Takes slots of a span out of day rows: a row that has none left goes, another has them missing.
 */
final class ErasedSlots {
  private ErasedSlots() {}

  /** How many rows changed or went. */
  static long blank(Connection c, int meter, ZoneId zone, Instant since, Instant until)
      throws SQLException {
    // slot n is blanked where it begins in the span; 128 is "missing", its value is 0 as anywhere
    String inside =
        "b.day_start + (n - 1) * b.interval_s * interval '1 second' >= ?"
            + " AND b.day_start + (n - 1) * b.interval_s * interval '1 second' < ?";
    String cut =
        "UPDATE interval_block b SET"
            + " \"values\" = (SELECT array_agg(CASE WHEN "
            + inside
            + " THEN 0 ELSE v END ORDER BY n) FROM unnest(b.\"values\") WITH ORDINALITY u (v, n)),"
            + " wide = (SELECT array_agg(CASE WHEN "
            + inside
            + " THEN 0 ELSE v END ORDER BY n) FROM unnest(b.wide) WITH ORDINALITY u (v, n)),"
            + " quality = (SELECT string_agg(set_byte('\\x00'::bytea, 0, CASE WHEN "
            + inside
            + " THEN 128 ELSE coalesce(get_byte(b.quality, (n - 1)::int), 0) END), ''::bytea ORDER"
            + " BY n) FROM generate_series(1, coalesce(cardinality(b.\"values\"),"
            + " cardinality(b.wide))) n)"
            + " WHERE meter = ? AND day BETWEEN ? AND ?"
            + " AND b.day_start < ? AND b.day_start + coalesce(cardinality(b.\"values\"),"
            + " cardinality(b.wide)) * b.interval_s * interval '1 second' > ?";
    var from = since.atOffset(ZoneOffset.UTC);
    var to = until.atOffset(ZoneOffset.UTC);
    LocalDate first = LocalDate.ofInstant(since, zone).minusDays(1);
    LocalDate last = LocalDate.ofInstant(until, zone).plusDays(1);
    long changed;
    try (PreparedStatement s = c.prepareStatement(cut)) {
      int i = 0;
      for (int part = 0; part < 3; part++) {
        s.setObject(++i, from);
        s.setObject(++i, to);
      }
      s.setInt(++i, meter);
      s.setObject(++i, first);
      s.setObject(++i, last);
      s.setObject(++i, to);
      s.setObject(++i, from);
      changed = s.executeUpdate();
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "DELETE FROM interval_block b WHERE meter = ? AND day BETWEEN ? AND ? AND quality ="
                + " decode(repeat('80', coalesce(cardinality(\"values\"), cardinality(wide))),"
                + " 'hex')")) {
      s.setInt(1, meter);
      s.setObject(2, first);
      s.setObject(3, last);
      s.executeUpdate();
    }
    return changed;
  }
}
