package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.gridwarden.core.Quality;

/**
 * Register readings, captures and momentary values of one transaction. The first value of an
 * instant stands, but an authenticated one takes the place of one that was not.
 */
final class RegisterRows {
  /** Which row: length 0 for a plain reading, a capture's interval otherwise. */
  record Key(int meter, int channel, int lengthSeconds, Instant at) implements Comparable<Key> {
    @Override
    public int compareTo(Key o) {
      int by = Integer.compare(meter, o.meter);
      by = by != 0 ? by : Integer.compare(channel, o.channel);
      by = by != 0 ? by : Integer.compare(lengthSeconds, o.lengthSeconds);
      return by != 0 ? by : at.compareTo(o.at);
    }
  }

  /** What it says; slotObis and modulus matter for captures only. */
  record Value(long value, byte quality, long slotObis, long modulus) {}

  private static final String FROM_2000 =
      "timestamptz '2000-01-01 00:00:00+00' + u.at * interval '1 microsecond'";
  private static final String FIRST_STANDS =
      " DO UPDATE SET value = excluded.value, quality = excluded.quality"
          + " WHERE t.quality & 32 <> 0 AND excluded.quality & 32 = 0";

  private final TreeMap<Key, Value> registers = new TreeMap<>();
  private final TreeMap<Key, Value> momentary = new TreeMap<>();

  void register(Key key, Value value) {
    keep(registers, key, value);
  }

  void momentary(Key key, Value value) {
    keep(momentary, key, value);
  }

  Iterable<Key> registerKeys() {
    return registers.keySet();
  }

  Iterable<Key> momentaryKeys() {
    return momentary.keySet();
  }

  private static void keep(TreeMap<Key, Value> rows, Key key, Value value) {
    rows.merge(
        key,
        value,
        (old, more) ->
            (old.quality() & Quality.UNAUTHENTICATED) != 0
                    && (more.quality() & Quality.UNAUTHENTICATED) == 0
                ? more
                : old);
  }

  /**
   * Writes all of them.
   *
   * @return the captures that are new or changed
   */
  List<Key> write(Connection c) throws SQLException {
    writeMomentary(c);
    if (registers.isEmpty()) {
      return List.of();
    }
    List<Key> captures = new ArrayList<>();
    try (var s =
        c.prepareStatement(
            "INSERT INTO register_reading AS t"
                + " (at, value, meter, channel, length_s, quality, slot_obis, modulus) SELECT "
                + FROM_2000
                + ", u.value, u.meter, u.channel, u.length_s, u.quality, nullif(u.slot_obis, -1),"
                + " nullif(u.modulus, 0)"
                + " FROM unnest(?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::int[], ?::int[],"
                + " ?::bigint[], ?::bigint[])"
                + " u (at, value, meter, channel, quality, length_s, slot_obis, modulus)"
                + " ON CONFLICT (meter, channel, length_s, at)"
                + FIRST_STANDS
                + " RETURNING meter, channel, length_s, at")) {
      bind(c, s, registers);
      List<Value> values = List.copyOf(registers.values());
      s.setArray(
          6,
          Sql.array(c, "int4", registers.keySet().stream().mapToInt(Key::lengthSeconds).toArray()));
      s.setArray(7, Sql.array(c, "int8", values.stream().mapToLong(Value::slotObis).toArray()));
      s.setArray(8, Sql.array(c, "int8", values.stream().mapToLong(Value::modulus).toArray()));
      try (var r = s.executeQuery()) {
        while (r.next()) {
          if (r.getInt(3) > 0) {
            captures.add(
                new Key(
                    r.getInt(1),
                    r.getInt(2),
                    r.getInt(3),
                    r.getObject(4, java.time.OffsetDateTime.class).toInstant()));
          }
        }
      }
    }
    return captures;
  }

  private void writeMomentary(Connection c) throws SQLException {
    if (momentary.isEmpty()) {
      return;
    }
    try (var s =
        c.prepareStatement(
            "INSERT INTO momentary AS t (at, value, meter, channel, quality) SELECT "
                + FROM_2000
                + ", u.value, u.meter, u.channel, u.quality"
                + " FROM unnest(?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::int[])"
                + " u (at, value, meter, channel, quality) ON CONFLICT (meter, channel, at)"
                + FIRST_STANDS)) {
      bind(c, s, momentary);
      s.executeUpdate();
    }
  }

  private static void bind(Connection c, PreparedStatement s, TreeMap<Key, Value> rows)
      throws SQLException {
    s.setArray(
        1,
        Sql.array(
            c, "int8", rows.keySet().stream().mapToLong(k -> CopyWriter.micros(k.at())).toArray()));
    s.setArray(2, Sql.array(c, "int8", rows.values().stream().mapToLong(Value::value).toArray()));
    s.setArray(3, Sql.array(c, "int4", rows.keySet().stream().mapToInt(Key::meter).toArray()));
    s.setArray(4, Sql.array(c, "int4", rows.keySet().stream().mapToInt(Key::channel).toArray()));
    s.setArray(
        5,
        Sql.array(c, "int4", rows.values().stream().mapToInt(v -> v.quality() & 0xFF).toArray()));
  }
}
