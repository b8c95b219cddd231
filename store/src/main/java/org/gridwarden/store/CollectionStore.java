package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.CollectionTurn.Schedule;

/**
 * What is due of the meters that are read, what is missing and how the last turns went. A turn that
 * was not settled is due still, so that a killed server loses nothing. Thread-safe.
 */
public final class CollectionStore {
  private static final String COLUMNS =
      "m.meter_id, c.schedule, c.due, c.failures, c.asked, c.succeeded, c.given_up, k.corrected";

  private final Rooms rooms;
  private final GapFinder gaps;

  CollectionStore(Rooms rooms) {
    this.rooms = rooms;
    this.gaps = new GapFinder(rooms);
  }

  /** Where a walk through what is due has come to. */
  public record Position(Instant due, int meter) {
    /** Before everything. */
    public static final Position START = new Position(Instant.EPOCH, 0);
  }

  /**
   * Some of what is due.
   *
   * @param turns by meter, all that is due of it
   * @param next where to go on; empty where that was all
   */
  public record Due(Map<MeterId, List<CollectionTurn>> turns, Optional<Position> next) {}

  /**
   * Puts meters on the schedules that are read and were not, and takes off those that are not read
   * any more.
   *
   * @param due when the new ones' first turn is
   * @return how many came or went
   */
  public int enroll(Instant due) {
    return rooms
        .transactions()
        .run(
            "putting meters on schedules",
            c -> {
              int changed;
              try (PreparedStatement s =
                  c.prepareStatement(
                      "INSERT INTO collection (meter, schedule, due)"
                          + " SELECT m.id, s.n, ? FROM meter m"
                          + " CROSS JOIN (VALUES (0::smallint), (1::smallint)) s (n)"
                          + " WHERE m.state = 'ACTIVE' AND (m.address <> '' OR m.companion <> '')"
                          + " AND NOT EXISTS (SELECT FROM collection c"
                          + " WHERE c.meter = m.id AND c.schedule = s.n)"
                          + " ON CONFLICT DO NOTHING")) {
                s.setObject(1, at(due));
                changed = s.executeUpdate();
              }
              try (PreparedStatement s =
                  c.prepareStatement(
                      "DELETE FROM collection c USING meter m WHERE m.id = c.meter"
                          + " AND (m.state <> 'ACTIVE' OR m.address = '' AND m.companion = '')")) {
                changed += s.executeUpdate();
              }
              return changed / Schedule.values().length;
            });
  }

  /** Meters of which something is due, the longest due first, from a position on. */
  public Due due(Instant now, Position after, int most) {
    return rooms
        .transactions()
        .run(
            "looking for what is due",
            c -> {
              Map<Integer, Instant> meters = new LinkedHashMap<>();
              Position last = after;
              int rows = 0;
              try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT due, meter FROM collection WHERE due <= ? AND (due, meter) > (?, ?)"
                          + " ORDER BY due, meter LIMIT ?")) {
                s.setObject(1, at(now));
                s.setObject(2, at(after.due()));
                s.setInt(3, after.meter());
                s.setInt(4, most);
                try (ResultSet r = s.executeQuery()) {
                  while (r.next()) {
                    last = new Position(instant(r, 1).orElseThrow(), r.getInt(2));
                    meters.putIfAbsent(last.meter(), last.due());
                    rows++;
                  }
                }
              }
              return new Due(
                  turns(c, meters.keySet().stream().mapToInt(i -> i).toArray(), now),
                  rows < most ? Optional.empty() : Optional.of(last));
            });
  }

  private static Map<MeterId, List<CollectionTurn>> turns(Connection c, int[] meters, Instant now)
      throws SQLException {
    Map<MeterId, List<CollectionTurn>> turns = new LinkedHashMap<>();
    if (meters.length == 0) {
      return turns;
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM collection c JOIN meter m ON m.id = c.meter"
                + " LEFT JOIN meter_clock k ON k.meter = c.meter"
                + " WHERE c.meter = ANY (?) AND c.due <= ? ORDER BY c.due, c.meter, c.schedule")) {
      s.setArray(1, Sql.array(c, "int4", meters));
      s.setObject(2, at(now));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          CollectionTurn turn = turn(r);
          turns.computeIfAbsent(turn.meter(), m -> new ArrayList<>(2)).add(turn);
        }
      }
    }
    return turns;
  }

  /** Where a meter stands on each schedule, whether due or not. */
  public List<CollectionTurn> turns(MeterId meter) {
    return rooms
        .transactions()
        .run(
            "looking a meter's turns up",
            c -> {
              List<CollectionTurn> turns = new ArrayList<>();
              try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT "
                          + COLUMNS
                          + " FROM collection c JOIN meter m ON m.id = c.meter"
                          + " LEFT JOIN meter_clock k ON k.meter = c.meter"
                          + " WHERE m.meter_id = ? ORDER BY c.schedule")) {
                s.setString(1, meter.value());
                try (ResultSet r = s.executeQuery()) {
                  while (r.next()) {
                    turns.add(turn(r));
                  }
                }
              }
              return turns;
            });
  }

  /** What is missing, reckoned from what is stored; answers in the questions' order. */
  public List<CollectionGaps> gaps(List<CollectionGaps.Question> questions) {
    return gaps.find(questions);
  }

  /** Writes down how turns went and how clocks were, all in one transaction. */
  public void settle(List<CollectionResult> results, List<CollectionClock> clocks) {
    rooms
        .transactions()
        .run(
            "writing down turns",
            c -> {
              rooms.dictionary().learn(c, results.stream().map(CollectionResult::meter).toList());
              rooms.dictionary().learn(c, clocks.stream().map(CollectionClock::meter).toList());
              write(c, results);
              writeClocks(c, clocks);
              return results;
            });
  }

  private void write(Connection c, List<CollectionResult> results) throws SQLException {
    if (results.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "UPDATE collection c SET due = u.due, tried = u.tried, fault = u.fault,"
                + " succeeded = CASE WHEN u.fault = '' THEN u.tried ELSE c.succeeded END,"
                + " given_up = u.given_up, failures = u.failures, asked = u.asked,"
                + " missing = u.missing, expected = u.expected"
                + " FROM unnest(?::int[], ?::int[], ?::timestamptz[], ?::timestamptz[], ?::text[],"
                + " ?::int[], ?::int[], ?::timestamptz[], ?::int[], ?::int[])"
                + " u (meter, schedule, due, tried, fault, failures, asked, given_up, missing,"
                + " expected) WHERE c.meter = u.meter AND c.schedule = u.schedule::smallint")) {
      s.setArray(1, ints(c, results, r -> rooms.dictionary().meter(r.meter()).orElse(-1)));
      s.setArray(2, ints(c, results, r -> r.schedule().ordinal()));
      s.setArray(3, times(c, results.stream().map(r -> Optional.of(r.due())).toList()));
      s.setArray(4, times(c, results.stream().map(r -> Optional.of(r.tried())).toList()));
      s.setArray(
          5, c.createArrayOf("text", results.stream().map(CollectionResult::fault).toArray()));
      s.setArray(6, ints(c, results, CollectionResult::failures));
      s.setArray(7, ints(c, results, CollectionResult::asked));
      s.setArray(8, times(c, results.stream().map(CollectionResult::givenUp).toList()));
      s.setArray(9, ints(c, results, CollectionResult::missing));
      s.setArray(10, ints(c, results, CollectionResult::expected));
      s.executeUpdate();
    }
  }

  private void writeClocks(Connection c, List<CollectionClock> clocks) throws SQLException {
    if (clocks.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO meter_clock AS k (meter, read, off_ms, corrected)"
                + " SELECT u.meter, u.read, u.off, CASE WHEN u.corrected THEN u.read END"
                + " FROM unnest(?::int[], ?::timestamptz[], ?::bigint[], ?::boolean[])"
                + " u (meter, read, off, corrected) JOIN meter m ON m.id = u.meter"
                + " ON CONFLICT (meter) DO UPDATE SET read = excluded.read,"
                + " off_ms = excluded.off_ms,"
                + " corrected = coalesce(excluded.corrected, k.corrected)")) {
      Map<Integer, CollectionClock> last = new LinkedHashMap<>();
      clocks.forEach(k -> rooms.dictionary().meter(k.meter()).ifPresent(n -> last.put(n, k)));
      List<CollectionClock> kept = List.copyOf(last.values());
      s.setArray(1, Sql.array(c, "int4", last.keySet().stream().mapToInt(i -> i).toArray()));
      s.setArray(2, times(c, kept.stream().map(k -> Optional.of(k.read())).toList()));
      s.setArray(
          3, Sql.array(c, "int8", kept.stream().mapToLong(k -> k.off().toMillis()).toArray()));
      s.setArray(4, c.createArrayOf("bool", kept.stream().map(k -> k.corrected()).toArray()));
      s.executeUpdate();
    }
  }

  /** How the schedules stand and which meters are behind: for people. */
  public CollectionReport report() {
    return new CollectionReport(rooms.transactions());
  }

  private static CollectionTurn turn(ResultSet r) throws SQLException {
    return new CollectionTurn(
        new MeterId(r.getString(1)),
        Schedule.values()[r.getInt(2)],
        instant(r, 3).orElseThrow(),
        r.getInt(4),
        r.getInt(5),
        instant(r, 6),
        instant(r, 7),
        instant(r, 8));
  }

  private static java.sql.Array ints(
      Connection c, List<CollectionResult> results, ToIntFunction<CollectionResult> of)
      throws SQLException {
    return Sql.array(c, "int4", results.stream().mapToInt(of).toArray());
  }

  private static java.sql.Array times(Connection c, List<Optional<Instant>> times)
      throws SQLException {
    return c.createArrayOf(
        "timestamptz",
        times.stream().map(t -> t.map(Instant::toString).orElse(null)).toArray(String[]::new));
  }

  static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static Optional<Instant> instant(ResultSet r, int column) throws SQLException {
    return Optional.ofNullable(r.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }
}
