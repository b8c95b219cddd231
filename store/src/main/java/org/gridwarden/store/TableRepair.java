package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;

/**
 * Mends a torn table of readings: what can be read of it is saved into a fresh one, in one
 * transaction, and what its torn pages held is written again from raw messages. Where the process
 * dies in between, {@link #open} still has the table, and the readings are written again once more,
 * which changes nothing. For one thread, while no server runs.
 */
public final class TableRepair {
  private static final Actor SELF = Actor.system("data repair");

  /** A single slot waits in landing for hours; where folding failed, for longer. */
  private static final int LANDING_DAYS = 7;

  /** A message of a day may have come the evening before by the office's clock. */
  private static final int EARLIER_DAYS = 2;

  private static final long PAGES_AT_ONCE = 4_096;

  /** A page of 8 KiB holds no more rows. */
  private static final int ROWS_A_PAGE = 291;

  private static final Pattern MONTH =
      Pattern.compile("(interval_block|register_reading|momentary)_([0-9]{4})_([0-9]{2})");
  private static final Pattern LANDING = Pattern.compile("landing_[01]");

  private final Store store;
  private final Rooms rooms;

  TableRepair(Store store, Rooms rooms) {
    this.store = store;
    this.rooms = rooms;
  }

  /**
   * A table whose readable rows are saved, and whose raw messages are to be read again.
   *
   * @param kept how many rows could be read
   * @param torn how many pages could not
   * @param evidenceFrom raw messages received from this day (UTC) on may have been in it
   */
  public record Begun(
      long id, String table, long kept, long torn, LocalDate evidenceFrom, Instant begun) {}

  /** Whether a table's rows come from raw messages, so that they can be written again. */
  public static boolean refillable(String table) {
    return MONTH.matcher(table).matches() || LANDING.matcher(table).matches();
  }

  /**
   * Which table a damaged relation is part of: itself, or the one whose long values it holds. Empty
   * where none of the tables that can be filled again is.
   */
  public Optional<String> table(DataCheck.Relation relation) {
    if (refillable(relation.name())) {
      return Optional.of(relation.name());
    }
    return rooms
        .transactions()
        .run(
            "naming a damaged table",
            c -> {
              try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT t.oid::regclass::text FROM pg_class t JOIN pg_class l"
                          + " ON l.oid = t.reltoastrelid WHERE l.oid = to_regclass(?)")) {
                s.setString(1, relation.name());
                try (ResultSet r = s.executeQuery()) {
                  return r.next()
                      ? Optional.of(r.getString(1)).filter(TableRepair::refillable)
                      : Optional.empty();
                }
              }
            });
  }

  /** Tables whose repair was begun and is not done. */
  public List<Begun> open() {
    return rooms
        .transactions()
        .run(
            "looking for repairs",
            c -> {
              try (PreparedStatement s =
                      c.prepareStatement(
                          "SELECT id, name, kept, torn, evidence_from, begun FROM table_repair"
                              + " WHERE done IS NULL ORDER BY id");
                  ResultSet r = s.executeQuery()) {
                List<Begun> open = new ArrayList<>();
                while (r.next()) {
                  open.add(
                      new Begun(
                          r.getLong(1),
                          r.getString(2),
                          r.getLong(3),
                          r.getLong(4),
                          r.getObject(5, LocalDate.class),
                          r.getObject(6, OffsetDateTime.class).toInstant()));
                }
                return open;
              }
            });
  }

  /**
   * Saves what can be read of a torn table into a fresh one that takes its place.
   *
   * @param table one that is {@link #refillable}
   * @param torn how many of its pages, or its long values' pages, do not hold
   * @param dryRun whether to undo all of it at the end
   */
  public Begun save(String table, long torn, boolean dryRun) {
    if (!refillable(table)) {
      throw new IllegalArgumentException(table + " does not come from raw messages");
    }
    return store.withTornPages(() -> {
      try (Connection c = store.dataSource().getConnection()) {
        c.setAutoCommit(false);
        try {
          Begun begun = save(c, table, torn);
          if (dryRun) {
            c.rollback();
          } else {
            c.commit();
          }
          return begun;
        } catch (SQLException | RuntimeException e) {
          Transactions.rollBack(c);
          throw e;
        }
      } catch (SQLException e) {
        throw StoreException.of("saving what is left of " + table, e);
      }
    });
  }

  private Begun save(Connection c, String table, long torn) throws SQLException {
    String fresh = table + "_mended";
    long kept;
    String parent;
    String bound;
    try (Statement s = c.createStatement()) {
      // indexes lead to rows on torn pages; a table's own pages do not
      s.execute(
          "SET LOCAL zero_damaged_pages = on; SET LOCAL enable_indexscan = off;"
              + " SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexonlyscan = off;"
              + " SET LOCAL max_parallel_workers_per_gather = 0");
      try (ResultSet r =
          s.executeQuery(
              "SELECT i.inhparent::regclass::text, pg_get_expr(p.relpartbound, p.oid)"
                  + " FROM pg_class p JOIN pg_inherits i ON i.inhrelid = p.oid WHERE p.oid = '"
                  + table
                  + "'::regclass")) {
        r.next();
        parent = r.getString(1);
        bound = r.getString(2);
      }
      s.execute("LOCK TABLE " + parent + " IN ACCESS EXCLUSIVE MODE");
      s.execute("CREATE TABLE " + fresh + " (LIKE " + table + " INCLUDING ALL EXCLUDING INDEXES)");
      long pages;
      try (ResultSet r =
          s.executeQuery("SELECT pg_relation_size('" + table + "') / " + PageChecksum.PAGE)) {
        r.next();
        pages = r.getLong(1);
      }
      kept = 0;
      for (long from = 0; from < pages; from += PAGES_AT_ONCE) {
        kept += copy(c, table, fresh, from, Math.min(pages, from + PAGES_AT_ONCE));
      }
      s.execute("ALTER TABLE " + parent + " DETACH PARTITION " + table);
      s.execute("DROP TABLE " + table);
      s.execute("ALTER TABLE " + fresh + " RENAME TO " + table);
      s.execute("ALTER TABLE " + parent + " ATTACH PARTITION " + table + " " + bound);
    }
    Instant now = rooms.clock().instant();
    LocalDate from = evidenceFrom(c, table);
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO table_repair (begun, kept, torn, evidence_from, name)"
                + " VALUES (?, ?, ?, ?, ?) RETURNING id")) {
      s.setObject(1, now.atOffset(ZoneOffset.UTC));
      s.setLong(2, kept);
      s.setLong(3, torn);
      s.setObject(4, from);
      s.setString(5, table);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        Begun begun = new Begun(r.getLong(1), table, kept, torn, from, now);
        audit(c, "data.saved", table + ": " + torn + " torn pages, " + kept + " rows saved");
        return begun;
      }
    }
  }

  /** Halves where something in it cannot be read, down to the row. */
  private static long copy(Connection c, String table, String fresh, long from, long to)
      throws SQLException {
    Optional<Long> all =
        attempt(c, table, fresh, "ctid >= '(%d,0)' AND ctid < '(%d,0)'".formatted(from, to));
    if (all.isPresent()) {
      return all.get();
    }
    if (to - from > 1) {
      long middle = from + (to - from) / 2;
      return copy(c, table, fresh, from, middle) + copy(c, table, fresh, middle, to);
    }
    long rows = 0;
    for (int row = 1; row <= ROWS_A_PAGE; row++) {
      rows += attempt(c, table, fresh, "ctid = '(%d,%d)'".formatted(from, row)).orElse(0L);
    }
    return rows;
  }

  private static Optional<Long> attempt(Connection c, String table, String fresh, String which)
      throws SQLException {
    var before = c.setSavepoint();
    try (Statement s = c.createStatement()) {
      long rows =
          s.executeLargeUpdate(
              "INSERT INTO " + fresh + " SELECT * FROM " + table + " WHERE " + which);
      c.releaseSavepoint(before);
      return Optional.of(rows);
    } catch (SQLException e) {
      c.rollback(before);
      return Optional.empty();
    }
  }

  private LocalDate evidenceFrom(Connection c, String table) throws SQLException {
    Matcher month = MONTH.matcher(table);
    if (month.matches()) {
      return month(month).atDay(1).minusDays(EARLIER_DAYS);
    }
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT max(day) FROM evidence_segment")) {
      r.next();
      LocalDate last = r.getObject(1, LocalDate.class);
      return (last == null ? LocalDate.ofInstant(rooms.clock().instant(), ZoneOffset.UTC) : last)
          .minusDays(LANDING_DAYS);
    }
  }

  private static YearMonth month(Matcher name) {
    return YearMonth.of(Integer.parseInt(name.group(2)), Integer.parseInt(name.group(3)));
  }

  /**
   * Writes again what messages say for the tables in repair; what stands there stays.
   *
   * @param segment where the messages lie
   * @param messages in the order in which they came
   */
  public void refill(List<Begun> repairs, long segment, List<Received> messages) {
    if (messages.isEmpty()) {
      return;
    }
    BatchContent.Scope scope = scope(repairs);
    RefillBatch[] last = new RefillBatch[1];
    try {
      rooms
          .transactions()
          .inSnapshot(c -> {
            last[0] = new RefillBatch(rooms, segment, messages, scope);
            return last[0].write(c);
          });
    } catch (SQLException e) {
      throw StoreException.of("writing readings again", e);
    }
    last[0].committed();
  }

  private static BatchContent.Scope scope(List<Begun> repairs) {
    List<YearMonth> days = months(repairs, Partitions.BLOCKS);
    List<YearMonth> registers = months(repairs, Partitions.REGISTERS);
    List<YearMonth> momentary = months(repairs, Partitions.MOMENTARY);
    boolean landing = repairs.stream().anyMatch(r -> LANDING.matcher(r.table()).matches());
    return new BatchContent.Scope() {
      @Override
      public boolean days(LocalDate day) {
        return landing || days.contains(YearMonth.from(day));
      }

      @Override
      public boolean registers(Instant at) {
        return registers.contains(YearMonth.from(at.atOffset(ZoneOffset.UTC)));
      }

      @Override
      public boolean momentary(Instant at) {
        return momentary.contains(YearMonth.from(at.atOffset(ZoneOffset.UTC)));
      }
    };
  }

  private static List<YearMonth> months(List<Begun> repairs, String parent) {
    return repairs.stream()
        .map(r -> MONTH.matcher(r.table()))
        .filter(m -> m.matches() && m.group(1).equals(parent))
        .map(TableRepair::month)
        .toList();
  }

  /** How many rows a table has of each meter. */
  public Map<MeterId, Long> rows(String table) {
    return rooms
        .transactions()
        .run(
            "counting rows",
            c -> {
              try (Statement s = c.createStatement();
                  ResultSet r =
                      s.executeQuery(
                          "SELECT m.meter_id, count(*) FROM "
                              + table
                              + " t JOIN meter m ON m.id = t.meter GROUP BY m.meter_id")) {
                Map<MeterId, Long> rows = new TreeMap<>();
                while (r.next()) {
                  rows.put(new MeterId(r.getString(1)), r.getLong(2));
                }
                return rows;
              }
            });
  }

  /**
   * Days of a mended month that a meter has no row of, between its first and its last day.
   *
   * @param table a month of interval readings; others have no days
   */
  public Map<MeterId, List<LocalDate>> holes(String table) {
    if (!table.startsWith(Partitions.BLOCKS)) {
      return Map.of();
    }
    return rooms
        .transactions()
        .run(
            "looking for gaps",
            c -> {
              try (Statement s = c.createStatement();
                  ResultSet r =
                      s.executeQuery(
                          "WITH span AS (SELECT meter, min(day) AS first, max(day) AS last"
                              + " FROM interval_block WHERE layer = 0 GROUP BY meter),"
                              + " month AS (SELECT date_trunc('month', min(day))::date AS first,"
                              + " (date_trunc('month', min(day)) + interval '1 month')::date - 1"
                              + " AS last FROM "
                              + table
                              + ") SELECT m.meter_id, d::date FROM span"
                              + " CROSS JOIN month CROSS JOIN LATERAL generate_series("
                              + " greatest(span.first, month.first), least(span.last, month.last),"
                              + " interval '1 day') d JOIN meter m ON m.id = span.meter"
                              + " WHERE NOT EXISTS (SELECT FROM interval_block b"
                              + " WHERE b.meter = span.meter AND b.day = d::date AND b.layer = 0)"
                              + " ORDER BY 1, 2")) {
                Map<MeterId, List<LocalDate>> holes = new TreeMap<>();
                while (r.next()) {
                  holes
                      .computeIfAbsent(new MeterId(r.getString(1)), m -> new ArrayList<>())
                      .add(r.getObject(2, LocalDate.class));
                }
                return holes;
              }
            });
  }

  /**
   * Has what is missing of a meter asked for again at once, also where it was given up.
   *
   * @return whether the meter is one that is read
   */
  public boolean collectAgain(MeterId meter) {
    return rooms
        .transactions()
        .run(
            "having gaps collected",
            c -> {
              try (PreparedStatement s =
                  c.prepareStatement(
                      "UPDATE collection SET due = least(due, ?), given_up = NULL, asked = 0"
                          + " WHERE meter = (SELECT id FROM meter WHERE meter_id = ?"
                          + " AND (address <> '' OR companion <> ''))")) {
                s.setObject(1, rooms.clock().instant().atOffset(ZoneOffset.UTC));
                s.setString(2, meter.value());
                return s.executeUpdate() > 0;
              }
            });
  }

  /** The table is as whole as its raw messages can make it. */
  public void done(Begun repair, String words) {
    rooms
        .transactions()
        .run(
            "ending a repair",
            c -> {
              try (PreparedStatement s =
                  c.prepareStatement("UPDATE table_repair SET done = ? WHERE id = ?")) {
                s.setObject(1, rooms.clock().instant().atOffset(ZoneOffset.UTC));
                s.setLong(2, repair.id());
                s.executeUpdate();
                audit(c, "data.repaired", repair.table() + ": " + words);
                return repair;
              }
            });
  }

  private void audit(Connection c, String action, String detail) throws SQLException {
    StoredAuditLog.append(
        c, rooms.clock().instant(), SELF, action, detail.getBytes(StandardCharsets.UTF_8));
  }
}
