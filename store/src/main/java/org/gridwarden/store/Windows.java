package org.gridwarden.store;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Received;
import org.gridwarden.core.ReplayWindow.Verdict;

/**
 * The replay windows that one transaction touches: read once, judged in the batch's order, written
 * once. A row that another transaction moved meanwhile fails this one, and it runs again. Which
 * bytes a counter came with is asked of the evidence index; where retention has removed that, a
 * seen counter counts as used for other bytes.
 */
final class Windows {
  private static final Window NONE = new Window(0, new byte[0]);

  private record Key(int meter, ByteBuffer keyId) {}

  private record Counted(int meter, long counter) {}

  private static final class Row {
    private int id = -1;
    private int version;
    private Window window = NONE;
    private Instant contact = Instant.MIN;
    private int via;
    private boolean touched;
  }

  private final Map<Key, Row> rows = new LinkedHashMap<>();
  // digests of the counters in question, by window row: from the evidence and from this batch
  private final Map<Key, Map<Long, Set<Long>>> digests = new HashMap<>();

  private final List<KeyBook.Heard> first = new ArrayList<>();

  /** What a message counts with, or -1: only an authenticated one under a key moves a window. */
  static boolean counted(Received message) {
    return counted(message.id()) && message.how().compareTo(Assurance.MAC) >= 0;
  }

  static boolean counted(MessageId id) {
    return id.counter() != -1 && id.keyId().length > 0;
  }

  static long digest(MessageId id) {
    byte[] digest = id.digest();
    return ByteBuffer.wrap(java.util.Arrays.copyOf(digest, 8)).getLong();
  }

  /**
   * Reads the rows and evidence of a batch; ask {@link #verdict} in the batch's order afterwards.
   */
  void load(Connection c, List<Integer> meters, List<MessageId> ids, List<Boolean> counted)
      throws SQLException {
    TreeSet<Integer> wanted = new TreeSet<>(meters);
    try (var s =
        c.prepareStatement(
            "SELECT id, meter, key_id, top, seen, version FROM replay_window"
                + " WHERE meter = ANY (?)")) {
      s.setArray(1, Sql.array(c, "int4", wanted.stream().mapToInt(Integer::intValue).toArray()));
      try (var r = s.executeQuery()) {
        while (r.next()) {
          Row row = new Row();
          row.id = r.getInt(1);
          row.window = new Window(r.getLong(4), r.getBytes(5));
          row.version = r.getInt(6);
          rows.put(new Key(r.getInt(2), ByteBuffer.wrap(r.getBytes(3))), row);
        }
      }
    }
    List<Counted> questions = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Row row = rows.get(key(meters.get(i), ids.get(i), counted.get(i)));
      if (row != null) {
        if (!counted.get(i)) {
          questions.add(new Counted(meters.get(i), digest(ids.get(i))));
        } else if (row.window.place(ids.get(i).counter()) == Window.Place.SEEN) {
          questions.add(new Counted(meters.get(i), ids.get(i).counter()));
        }
      }
    }
    ask(c, questions);
  }

  private void ask(Connection c, List<Counted> questions) throws SQLException {
    if (questions.isEmpty()) {
      return;
    }
    Map<Integer, Key> byId = new HashMap<>();
    rows.forEach((key, row) -> byId.put(row.id, key));
    try (var s =
        c.prepareStatement(
            "SELECT e.window_id, e.counter, e.digest FROM unnest(?::int[], ?::bigint[]) q (m, n)"
                + " JOIN evidence e ON e.meter = q.m AND e.counter = q.n")) {
      s.setArray(1, Sql.array(c, "int4", questions.stream().mapToInt(Counted::meter).toArray()));
      s.setArray(2, Sql.array(c, "int8", questions.stream().mapToLong(Counted::counter).toArray()));
      try (var r = s.executeQuery()) {
        while (r.next()) {
          Key key = byId.get(r.getInt(1));
          if (key != null) {
            remember(key, r.getLong(2), r.getLong(3));
          }
        }
      }
    }
  }

  /** Judges a message and moves its window where it is new. */
  Verdict verdict(int meter, MessageId id, boolean counted, Instant at, int via) {
    Key key = key(meter, id, counted);
    Row row = rows.computeIfAbsent(key, k -> new Row());
    long digest = digest(id);
    long counter = counted ? id.counter() : digest;
    Verdict verdict;
    if (!counted) {
      verdict = came(key, counter, digest) ? Verdict.SAME : Verdict.NEW;
    } else if (row.window == NONE || row.window.seen().length == 0) {
      row.window = Window.startingAt(counter);
      verdict = Verdict.NEW;
    } else {
      verdict =
          switch (row.window.place(counter)) {
            case AHEAD, FREE -> {
              row.window = row.window.with(counter);
              yield Verdict.NEW;
            }
            case SEEN -> came(key, counter, digest) ? Verdict.SAME : Verdict.REPLAY;
            case BELOW -> Verdict.REPLAY;
          };
    }
    // a resend moves nothing: anybody who recorded it can send it again, it is no sign of life
    if (verdict == Verdict.NEW) {
      remember(key, counter, digest);
      row.touched = true;
      if (at.isAfter(row.contact)) {
        row.contact = at;
        row.via = via;
      }
    }
    return verdict;
  }

  /** Writes the rows that moved. */
  void write(Connection c) throws SQLException {
    List<Row> moved = new ArrayList<>();
    Map<Key, Row> fresh = new LinkedHashMap<>();
    rows.forEach((key, row) -> {
      if (row.touched && row.id < 0) {
        fresh.put(key, row);
      } else if (row.touched) {
        moved.add(row);
      }
    });
    fresh.keySet().stream()
        .filter(key -> key.keyId().hasRemaining())
        .forEach(key -> first.add(new KeyBook.Heard(key.meter(), key.keyId().array())));
    insert(c, fresh);
    update(c, moved);
  }

  /** Under which keys meters were heard for the first time, after {@link #write}. */
  List<KeyBook.Heard> first() {
    return first;
  }

  /** The number of a message's window row, after {@link #write}. */
  int windowId(int meter, MessageId id, boolean counted) {
    Row row = rows.get(key(meter, id, counted));
    return row == null ? -1 : row.id;
  }

  private static void insert(Connection c, Map<Key, Row> fresh) throws SQLException {
    if (fresh.isEmpty()) {
      return;
    }
    try (var s =
        c.prepareStatement(
            "INSERT INTO replay_window (meter, key_id, top, seen, version, contact, via)"
                + " SELECT meter, key_id, top, seen, 0, timestamptz '2000-01-01 00:00:00+00'"
                + " + contact * interval '1 microsecond', via"
                + " FROM unnest(?::int[], ?::bytea[], ?::bigint[], ?::bytea[], ?::bigint[], ?::int[])"
                + " u (meter, key_id, top, seen, contact, via) ORDER BY meter"
                + " RETURNING id, meter, key_id")) {
      List<Key> keys = List.copyOf(fresh.keySet());
      List<Row> rows = List.copyOf(fresh.values());
      s.setArray(1, Sql.array(c, "int4", keys.stream().mapToInt(Key::meter).toArray()));
      s.setArray(
          2,
          Sql.array(c, "bytea", keys.stream().map(k -> k.keyId().array()).toArray(byte[][]::new)));
      s.setArray(3, Sql.array(c, "int8", rows.stream().mapToLong(r -> r.window.top()).toArray()));
      s.setArray(
          4, Sql.array(c, "bytea", rows.stream().map(r -> r.window.seen()).toArray(byte[][]::new)));
      s.setArray(5, Sql.array(c, "int8", contacts(rows)));
      s.setArray(6, Sql.array(c, "int4", rows.stream().mapToInt(r -> r.via).toArray()));
      try (var r = s.executeQuery()) {
        while (r.next()) {
          Row row = fresh.get(new Key(r.getInt(2), ByteBuffer.wrap(r.getBytes(3))));
          if (row != null) {
            row.id = r.getInt(1);
          }
        }
      }
    }
  }

  private static void update(Connection c, List<Row> moved) throws SQLException {
    if (moved.isEmpty()) {
      return;
    }
    moved.sort(java.util.Comparator.comparingInt(r -> r.id));
    try (var s =
        c.prepareStatement(
            "UPDATE replay_window w SET top = u.top, seen = u.seen, version = w.version + 1,"
                + " contact = greatest(w.contact, timestamptz '2000-01-01 00:00:00+00'"
                + " + u.contact * interval '1 microsecond'), via = u.via"
                + " FROM unnest(?::int[], ?::bigint[], ?::bytea[], ?::int[], ?::bigint[], ?::int[])"
                + " u (id, top, seen, version, contact, via)"
                + " WHERE w.id = u.id AND w.version = u.version")) {
      s.setArray(1, Sql.array(c, "int4", moved.stream().mapToInt(r -> r.id).toArray()));
      s.setArray(2, Sql.array(c, "int8", moved.stream().mapToLong(r -> r.window.top()).toArray()));
      s.setArray(
          3,
          Sql.array(c, "bytea", moved.stream().map(r -> r.window.seen()).toArray(byte[][]::new)));
      s.setArray(4, Sql.array(c, "int4", moved.stream().mapToInt(r -> r.version).toArray()));
      s.setArray(5, Sql.array(c, "int8", contacts(moved)));
      s.setArray(6, Sql.array(c, "int4", moved.stream().mapToInt(r -> r.via).toArray()));
      if (s.executeUpdate() != moved.size()) {
        throw new SQLException("a replay window was moved meanwhile", Retry.SERIALIZATION);
      }
    }
  }

  private static long[] contacts(List<Row> rows) {
    return rows.stream().mapToLong(r -> CopyWriter.micros(r.contact)).toArray();
  }

  private boolean came(Key key, long counter, long digest) {
    return digests.getOrDefault(key, Map.of()).getOrDefault(counter, Set.of()).contains(digest);
  }

  private void remember(Key key, long counter, long digest) {
    digests
        .computeIfAbsent(key, k -> new HashMap<>())
        .computeIfAbsent(counter, n -> new java.util.HashSet<>(2))
        .add(digest);
  }

  private static Key key(int meter, MessageId id, boolean counted) {
    // what has no counter stands by its own id: files that people took in, apart from plain pushes
    boolean own = counted || id.counter() == -1;
    return new Key(meter, ByteBuffer.wrap(own ? id.keyId() : new byte[0]));
  }
}
