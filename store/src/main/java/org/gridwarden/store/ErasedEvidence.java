package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes one meter's raw messages out of segments that hold many meters': their bytes become zeros
 * in their place, so that the others' places stay right, and their index rows go.
 */
final class ErasedEvidence {
  private record Segment(long id, LocalDate day) {}

  private record Place(int offset, int length) {}

  private ErasedEvidence() {}

  /** How many messages went. */
  static long blank(Connection c, int meter, LocalDate from) throws SQLException {
    Map<Segment, List<Place>> places = new LinkedHashMap<>();
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT segment, day, place, length FROM evidence WHERE meter = ? AND day >= ?"
                + " AND segment > 0 ORDER BY segment")) {
      s.setInt(1, meter);
      s.setObject(2, from);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          places
              .computeIfAbsent(
                  new Segment(r.getLong(1), r.getObject(2, LocalDate.class)),
                  k -> new ArrayList<>())
              .add(new Place(r.getInt(3), r.getInt(4)));
        }
      }
    }
    for (Map.Entry<Segment, List<Place>> entry : places.entrySet()) {
      blank(c, entry.getKey(), entry.getValue());
    }
    try (PreparedStatement s =
        c.prepareStatement("DELETE FROM evidence WHERE meter = ? AND day >= ?")) {
      s.setInt(1, meter);
      s.setObject(2, from);
      return s.executeUpdate();
    }
  }

  private static void blank(Connection c, Segment segment, List<Place> places) throws SQLException {
    byte[] bytes;
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT size, compressed FROM evidence_segment WHERE id = ? AND day = ? FOR UPDATE")) {
      s.setLong(1, segment.id());
      s.setObject(2, segment.day());
      try (ResultSet r = s.executeQuery()) {
        if (!r.next()) {
          return;
        }
        bytes = Evidence.inflate(segment.id(), r.getBytes(2), r.getInt(1));
      }
    }
    for (Place place : places) {
      Arrays.fill(bytes, place.offset(), place.offset() + place.length(), (byte) 0);
    }
    try (PreparedStatement s =
        c.prepareStatement("UPDATE evidence_segment SET compressed = ? WHERE id = ? AND day = ?")) {
      s.setBytes(1, EvidenceWriter.deflate(bytes));
      s.setLong(2, segment.id());
      s.setObject(3, segment.day());
      s.executeUpdate();
    }
  }
}
