package org.gridwarden.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.gridwarden.core.Layer;

/**
 * The day rows that a transaction touches: read once, merged in memory, written once. New rows go
 * in by COPY, changed ones through a staging table, both in the key's order so that two
 * transactions lock rows in the same one. A row that somebody else made meanwhile fails the
 * transaction on its key; the caller tries again.
 */
final class DayRows {
  private static final String COLUMNS =
      "(day_start, meter, channel, day, interval_s, layer, \"values\", wide, quality)";

  private static final String SELECT =
      "SELECT b.meter, b.channel, b.layer, b.day, b.day_start, b.interval_s, b.\"values\","
          + " b.wide, b.quality";

  /** So many groups are read one by one. */
  private static final int FEW_GROUPS = 8;

  private final TreeMap<DayRow.Key, DayRow> rows = new TreeMap<>();
  private final String lock;

  /**
   * @param lock whether rows are locked as they are read: needed where the transaction is not
   *     REPEATABLE READ, which finds out by itself that another one wrote them
   */
  DayRows(boolean lock) {
    this.lock = lock ? " ORDER BY b.meter, b.channel, b.layer, b.day FOR UPDATE OF b" : "";
  }

  /** What rows of many meters have in common. */
  private record Group(int channel, Layer layer, LocalDate day) {}

  /** Days that arrived, by what row they belong to. */
  record Arrival(
      DayRow.Key key, Instant start, int intervalSeconds, long[] values, byte[] quality) {}

  /**
   * Merges days in their order.
   *
   * @param absorbLanding whether single slots that wait in landing are merged first, as they came
   *     first; folding itself does not
   */
  void merge(Connection c, List<Arrival> arrivals, boolean absorbLanding) throws SQLException {
    TreeMap<DayRow.Key, Arrival> asked = new TreeMap<>();
    for (Arrival a : arrivals) {
      if (!rows.containsKey(a.key())) {
        asked.putIfAbsent(a.key(), a);
      }
    }
    if (!asked.isEmpty()) {
      load(c, asked);
      if (absorbLanding) {
        absorb(c, asked);
      }
    }
    for (Arrival a : arrivals) {
      DayRow row = rows.get(a.key());
      if (row == null) {
        rows.put(
            a.key(),
            DayRow.arrived(a.key(), a.start(), a.intervalSeconds(), a.values(), a.quality()));
      } else {
        row.merge(a.start(), a.values(), a.quality());
      }
    }
  }

  /** The row of a key once {@link #load} has looked for it, made empty where there is none. */
  DayRow row(DayRow.Key key, Instant start, int intervalSeconds, int slots) {
    return rows.computeIfAbsent(key, k -> DayRow.empty(k, start, intervalSeconds, slots));
  }

  /** Reads the stored rows of keys. */
  void load(Connection c, Map<DayRow.Key, ?> asked) throws SQLException {
    Map<Group, List<Integer>> groups = new LinkedHashMap<>();
    for (DayRow.Key key : asked.keySet()) {
      groups
          .computeIfAbsent(new Group(key.channel(), key.layer(), key.day()), g -> new ArrayList<>())
          .add(key.meter());
    }
    if (groups.size() <= FEW_GROUPS) {
      for (Map.Entry<Group, List<Integer>> e : groups.entrySet()) {
        loadGroup(c, e.getKey(), e.getValue());
      }
    } else {
      loadMixed(c, asked.keySet());
    }
  }

  /**
   * The commonest batch by far holds one day of many meters: one walk along the key's index, a
   * third of the time that a join with the keys takes.
   */
  private void loadGroup(Connection c, Group group, List<Integer> meters) throws SQLException {
    try (var s =
        c.prepareStatement(
            SELECT
                + " FROM interval_block b"
                + " WHERE b.meter = ANY (?) AND b.channel = ? AND b.layer = ? AND b.day = ?"
                + lock)) {
      s.setArray(1, Sql.array(c, "int4", meters.stream().mapToInt(Integer::intValue).toArray()));
      s.setInt(2, group.channel());
      s.setInt(3, group.layer().ordinal());
      s.setObject(4, group.day());
      read(s);
    }
  }

  private void loadMixed(Connection c, Set<DayRow.Key> keys) throws SQLException {
    LocalDate first = keys.stream().map(DayRow.Key::day).min(LocalDate::compareTo).get();
    LocalDate last = keys.stream().map(DayRow.Key::day).max(LocalDate::compareTo).get();
    try (var s =
        c.prepareStatement(
            SELECT
                + " FROM unnest(?::int[], ?::int[], ?::int[], ?::int[]) k (meter, channel, layer, day)"
                + " JOIN interval_block b ON b.meter = k.meter AND b.channel = k.channel"
                + " AND b.layer = k.layer::smallint AND b.day = date '1970-01-01' + k.day"
                + " WHERE b.day BETWEEN ? AND ?"
                + lock)) {
      s.setArray(1, ints(c, keys, DayRow.Key::meter));
      s.setArray(2, ints(c, keys, DayRow.Key::channel));
      s.setArray(3, ints(c, keys, k -> k.layer().ordinal()));
      s.setArray(4, ints(c, keys, k -> Math.toIntExact(k.day().toEpochDay())));
      s.setObject(5, first);
      s.setObject(6, last);
      read(s);
    }
  }

  private static Array ints(Connection c, Set<DayRow.Key> keys, ToIntFunction<DayRow.Key> of)
      throws SQLException {
    return Sql.array(c, "int4", keys.stream().mapToInt(of).toArray());
  }

  private void read(PreparedStatement s) throws SQLException {
    try (var r = s.executeQuery()) {
      while (r.next()) {
        DayRow row = row(r);
        rows.put(row.key(), row);
      }
    }
  }

  /**
   * A row from the columns meter, channel, layer, day, day_start, interval_s, values, wide,
   * quality.
   */
  static DayRow row(ResultSet r) throws SQLException {
    DayRow.Key key =
        new DayRow.Key(
            r.getInt(1), r.getInt(2), Layer.values()[r.getInt(3)], r.getObject(4, LocalDate.class));
    Instant start = r.getObject(5, java.time.OffsetDateTime.class).toInstant();
    byte[] quality = r.getBytes(9);
    return DayRow.stored(
        key, start, r.getInt(6), values(r), quality == null ? new byte[0] : quality);
  }

  private static long[] values(ResultSet r) throws SQLException {
    var narrow = r.getArray(7);
    if (narrow != null) {
      Integer[] boxed = (Integer[]) narrow.getArray();
      long[] values = new long[boxed.length];
      for (int i = 0; i < boxed.length; i++) {
        values[i] = boxed[i];
      }
      return values;
    }
    Long[] boxed = (Long[]) r.getArray(8).getArray();
    long[] values = new long[boxed.length];
    for (int i = 0; i < boxed.length; i++) {
      values[i] = boxed[i];
    }
    return values;
  }

  /** Single slots that wait for days of this batch came before it: they are merged before it. */
  private void absorb(Connection c, Map<DayRow.Key, Arrival> asked) throws SQLException {
    TreeMap<Integer, List<Arrival>> byMeter = new TreeMap<>();
    Instant first = Instant.MAX;
    Instant last = Instant.MIN;
    for (Arrival a : asked.values()) {
      if (a.key().layer() == Layer.RAW) {
        byMeter.computeIfAbsent(a.key().meter(), m -> new ArrayList<>(1)).add(a);
        Instant end = a.start().plusSeconds((long) a.values().length * a.intervalSeconds());
        first = a.start().isBefore(first) ? a.start() : first;
        last = end.isAfter(last) ? end : last;
      }
    }
    if (byMeter.isEmpty()) {
      return;
    }
    try (var s =
        c.prepareStatement(
            "SELECT meter, channel, start, value, quality FROM landing"
                + " WHERE meter = ANY (?) AND start >= ? AND start < ? ORDER BY seq")) {
      s.setArray(
          1, Sql.array(c, "int4", byMeter.keySet().stream().mapToInt(Integer::intValue).toArray()));
      s.setObject(2, first.atOffset(ZoneOffset.UTC));
      s.setObject(3, last.atOffset(ZoneOffset.UTC));
      try (var r = s.executeQuery()) {
        while (r.next()) {
          Instant start = r.getObject(3, java.time.OffsetDateTime.class).toInstant();
          for (Arrival a : byMeter.getOrDefault(r.getInt(1), List.of())) {
            long off = start.getEpochSecond() - a.start().getEpochSecond();
            if (a.key().channel() == r.getInt(2)
                && off >= 0
                && off < (long) a.values().length * a.intervalSeconds()) {
              row(a.key(), a.start(), a.intervalSeconds(), a.values().length)
                  .merge(start, r.getLong(4), (byte) r.getInt(5));
            }
          }
        }
      }
    }
  }

  /** Writes what changed, and the revisions. */
  void write(Connection c) throws SQLException {
    List<DayRow> fresh = new ArrayList<>();
    List<DayRow> changed = new ArrayList<>();
    List<DayRow> revised = new ArrayList<>();
    for (DayRow row : rows.values()) {
      if (row.isChanged()) {
        (row.isStored() ? changed : fresh).add(row);
      }
      if (!row.revisions().isEmpty()) {
        revised.add(row);
      }
    }
    if (!fresh.isEmpty()) {
      CopyWriter.copy(c, "interval_block " + COLUMNS, out -> encode(out, fresh));
    }
    if (!changed.isEmpty()) {
      update(c, changed);
    }
    if (!revised.isEmpty()) {
      Revisions.write(c, revised);
    }
  }

  /** The rows whose slots came again with other values. */
  List<DayRow> revised() {
    return rows.values().stream().filter(r -> !r.revisions().isEmpty()).toList();
  }

  private static void update(Connection c, List<DayRow> changed) throws SQLException {
    try (var s = c.createStatement()) {
      s.execute(
          "CREATE TEMPORARY TABLE IF NOT EXISTS block_stage (LIKE interval_block)"
              + " ON COMMIT DELETE ROWS");
    }
    CopyWriter.copy(c, "block_stage " + COLUMNS, out -> encode(out, changed));
    int n;
    try (var s =
        c.prepareStatement(
            "UPDATE interval_block b"
                + " SET \"values\" = s.\"values\", wide = s.wide, quality = s.quality"
                + " FROM block_stage s WHERE b.meter = s.meter AND b.channel = s.channel"
                + " AND b.layer = s.layer AND b.day = s.day AND b.day BETWEEN ? AND ?")) {
      s.setObject(1, changed.stream().map(r -> r.key().day()).min(LocalDate::compareTo).get());
      s.setObject(2, changed.stream().map(r -> r.key().day()).max(LocalDate::compareTo).get());
      n = s.executeUpdate();
    }
    try (var s = c.createStatement()) {
      s.execute("TRUNCATE block_stage");
    }
    if (n != changed.size()) {
      throw new SQLException("day rows went away while they were merged", Retry.SERIALIZATION);
    }
  }

  private static void encode(CopyWriter out, List<DayRow> rows) throws SQLException {
    for (DayRow row : rows) {
      out.row(9);
      out.timestamp(row.start());
      out.int4(row.key().meter());
      out.int4(row.key().channel());
      out.date(row.key().day());
      out.int4(row.intervalSeconds());
      out.int2(row.key().layer().ordinal());
      if (row.wide()) {
        out.nothing();
        out.int8Array(row.values());
      } else {
        out.int4Array(row.values());
        out.nothing();
      }
      byte[] quality = row.quality();
      if (quality.length == 0) {
        out.nothing();
      } else {
        out.bytes(quality);
      }
    }
  }
}
