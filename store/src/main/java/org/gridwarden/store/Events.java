package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.gridwarden.core.EventId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Tx;
import org.gridwarden.core.Warning;

/** What happened at meters. Thread-safe. */
public final class Events {
  private final Transactions transactions;
  private final Dictionary dictionary;

  Events(Transactions transactions, Dictionary dictionary) {
    this.transactions = transactions;
    this.dictionary = dictionary;
  }

  /**
   * Which events.
   *
   * @param meter of one meter, or empty: of all
   * @param atLeast no less urgent than this
   * @param atMost no more urgent than this
   * @param from not before this, by the meters' clocks
   * @param to before this
   */
  public record Query(
      @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<MeterId> meter,
      Severity atLeast,
      Severity atMost,
      Instant from,
      Instant to) {
    /** Up to the most urgent. */
    public Query(
        @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<MeterId> meter,
        Severity atLeast,
        Instant from,
        Instant to) {
      this(meter, atLeast, Severity.CRITICAL, from, to);
    }

    /** All events there are. */
    public static Query all() {
      return new Query(
          Optional.empty(),
          Severity.INFO,
          Instant.parse("0001-01-01T00:00:00Z"),
          Instant.parse("9999-01-01T00:00:00Z"));
    }
  }

  /**
   * A page of events.
   *
   * @param items newest first
   * @param total how many there are on all pages
   */
  public record Page(List<Warning> items, long total) {}

  /**
   * A page, newest first.
   *
   * @param page from 0
   * @param size 1 to 1,000
   * @throws IllegalArgumentException where page or size is out of range
   */
  public Page page(Query query, int page, int size) {
    if (page < 0 || size < 1 || size > 1_000) {
      throw new IllegalArgumentException(
          "a page is 0 or more and has 1 to 1000 items, not " + page + " and " + size);
    }
    int number = query.meter().flatMap(dictionary::meter).orElse(-1);
    String where =
        " WHERE e.severity >= ? AND e.severity <= ? AND e.at >= ? AND e.at < ?"
            + (query.meter().isPresent() ? " AND e.meter = ?" : "");
    return transactions.run(
        "reading events",
        c -> {
          List<Warning> items = new ArrayList<>();
          try (var s =
              c.prepareStatement(
                  "SELECT e.id, e.at, e.severity, e.code, e.text, m.meter_id FROM event e"
                      + " JOIN meter m ON m.id = e.meter"
                      + where
                      + " ORDER BY e.at DESC, e.id DESC LIMIT "
                      + size
                      + " OFFSET "
                      + (long) page * size)) {
            bind(s, query, number);
            try (var r = s.executeQuery()) {
              while (r.next()) {
                items.add(
                    new Warning(
                        new MeterId(r.getString(6)),
                        new EventId(r.getObject(1, UUID.class)),
                        r.getObject(2, OffsetDateTime.class).toInstant(),
                        r.getString(4),
                        Severity.values()[r.getInt(3)],
                        r.getString(5)));
              }
            }
          }
          try (var s = c.prepareStatement("SELECT count(*) FROM event e" + where)) {
            bind(s, query, number);
            try (var r = s.executeQuery()) {
              r.next();
              return new Page(List.copyOf(items), r.getLong(1));
            }
          }
        });
  }

  /** Stores events of known meters; those that are there already change nothing. */
  public void add(Tx tx, List<Warning> warnings) {
    try {
      Connection c = PgTx.of(tx);
      dictionary.learn(c, warnings.stream().map(Warning::meter).toList());
      write(c, dictionary, warnings, id -> RawPlace.NONE);
    } catch (SQLException e) {
      throw StoreException.of("storing events", e);
    }
  }

  /**
   * Stores events, all in one statement, and queues those that are new for the tamper desk: what is
   * stored is judged, after a crash as well.
   *
   * @param places where the raw message is that told an event
   */
  static void write(
      Connection c,
      Dictionary dictionary,
      Collection<Warning> warnings,
      Function<EventId, RawPlace> places)
      throws SQLException {
    if (warnings.isEmpty()) {
      return;
    }
    TreeMap<UUID, Warning> once = new TreeMap<>();
    for (Warning w : warnings) {
      once.putIfAbsent(w.id().value(), w);
    }
    List<Warning> rows = List.copyOf(once.values());
    List<RawPlace> at = rows.stream().map(w -> places.apply(w.id())).toList();
    try (var s =
        c.prepareStatement(
            "WITH told AS (SELECT * FROM unnest(?::uuid[], ?::timestamptz[], ?::int[],"
                + " ?::smallint[], ?::text[], ?::text[], ?::smallint[], ?::bigint[], ?::date[],"
                + " ?::int[], ?::int[])"
                + " u (id, at, meter, severity, code, text, source, segment, day, place, length)),"
                + " fresh AS (INSERT INTO event (id, at, meter, severity, code, text)"
                + " SELECT id, at, meter, severity, code, text FROM told"
                + " ON CONFLICT (id) DO NOTHING RETURNING id)"
                + " INSERT INTO alarm_queue (event, segment, day, place, length, severity, source)"
                + " SELECT id, segment, day, place, length, severity, source"
                + " FROM told JOIN fresh USING (id)")) {
      s.setArray(1, array(c, "uuid", rows, w -> w.id().value()));
      s.setArray(2, array(c, "timestamptz", rows, w -> w.at().atOffset(ZoneOffset.UTC)));
      s.setArray(3, array(c, "int4", rows, w -> dictionary.meter(w.meter()).orElseThrow()));
      s.setArray(4, array(c, "int2", rows, w -> w.severity().ordinal()));
      s.setArray(5, array(c, "text", rows, Warning::code));
      s.setArray(6, array(c, "text", rows, Warning::text));
      s.setArray(7, array(c, "int2", rows, w -> w.source().ordinal()));
      s.setArray(8, array(c, "int8", at, RawPlace::segment));
      s.setArray(9, array(c, "date", at, RawPlace::day));
      s.setArray(10, array(c, "int4", at, RawPlace::offset));
      s.setArray(11, array(c, "int4", at, RawPlace::length));
      s.executeUpdate();
    }
  }

  private static <T> java.sql.Array array(
      Connection c, String type, List<T> rows, Function<T, Object> field) throws SQLException {
    return c.createArrayOf(type, rows.stream().map(field).toArray());
  }

  private static void bind(java.sql.PreparedStatement s, Query query, int number)
      throws SQLException {
    s.setInt(1, query.atLeast().ordinal());
    s.setInt(2, query.atMost().ordinal());
    s.setObject(3, query.from().atOffset(ZoneOffset.UTC));
    s.setObject(4, query.to().atOffset(ZoneOffset.UTC));
    if (query.meter().isPresent()) {
      s.setInt(5, number);
    }
  }
}
