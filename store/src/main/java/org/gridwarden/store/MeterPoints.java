package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterId;

/** Which meter was mounted where, and when. Works on a caller's connection; stateless. */
final class MeterPoints {
  private MeterPoints() {}

  /** Mounts meters, by number, from an instant on. */
  static void mount(Connection c, List<Integer> meters, List<String> points, Instant since)
      throws SQLException {
    if (meters.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO service_point_term (since, meter, service_point)"
                + " SELECT ?, m, p FROM unnest(?::int[], ?::text[]) AS t (m, p)")) {
      s.setTimestamp(1, Timestamp.from(since));
      s.setArray(2, c.createArrayOf("int4", meters.toArray()));
      s.setArray(3, c.createArrayOf("text", points.toArray()));
      s.executeUpdate();
    }
    name(c, meters, points);
  }

  /**
   * Takes a meter down.
   *
   * @return false where it was not mounted, or only at or after that instant
   */
  static boolean unmount(Connection c, int meter, Instant until) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "UPDATE service_point_term SET until = ? WHERE meter = ? AND until IS NULL"
                + " AND since < ?")) {
      s.setTimestamp(1, Timestamp.from(until));
      s.setInt(2, meter);
      s.setTimestamp(3, Timestamp.from(until));
      if (s.executeUpdate() == 0) {
        return false;
      }
    }
    name(c, List.of(meter), List.of(""));
    return true;
  }

  /** A service point's meters, the first first. */
  static List<MeterTerm> history(Connection c, String point) throws SQLException {
    List<MeterTerm> terms = new ArrayList<>();
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT m.meter_id, t.service_point, t.since, t.until FROM service_point_term t"
                + " JOIN meter m ON m.id = t.meter WHERE t.service_point = ? ORDER BY t.since, m.id"
                + " LIMIT 1000")) {
      s.setString(1, point);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          terms.add(
              new MeterTerm(
                  new MeterId(r.getString(1)),
                  r.getString(2),
                  r.getTimestamp(3).toInstant(),
                  Optional.ofNullable(r.getTimestamp(4)).map(Timestamp::toInstant)));
        }
      }
    }
    return terms;
  }

  private static void name(Connection c, List<Integer> meters, List<String> points)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "UPDATE meter SET service_point = t.p FROM unnest(?::int[], ?::text[]) AS t (m, p)"
                + " WHERE id = t.m AND service_point <> t.p")) {
      s.setArray(1, c.createArrayOf("int4", meters.toArray()));
      s.setArray(2, c.createArrayOf("text", points.toArray()));
      s.executeUpdate();
    }
  }
}
