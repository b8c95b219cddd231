package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes a table's partition of a month when its first row comes. Months far from now stay in the
 * default partition: a meter with a wrong clock must not fill the catalogue. Thread-safe.
 */
final class Partitions {
  static final String BLOCKS = "interval_block";
  static final String REGISTERS = "register_reading";
  static final String MOMENTARY = "momentary";
  static final String SEGMENTS = "evidence_segment";
  static final String EVIDENCE = "evidence";

  private static final Set<String> BY_DATE = Set.of(BLOCKS, SEGMENTS, EVIDENCE);
  private static final Set<String> WITH_DEFAULT = Set.of(BLOCKS, REGISTERS, MOMENTARY);
  private static final String LOCK_TIMEOUT = "55P03";
  private static final int YEARS_BACK = 15;
  private static final int MONTHS_AHEAD = 3;
  private static final long LOCK = 0x67_72_69_64_70_61_72_74L; // "gridpart"

  private final Transactions transactions;
  private final InstantSource clock;
  private final Set<Month> there = ConcurrentHashMap.newKeySet();

  private record Month(String table, int year, int month) {}

  Partitions(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  void ensure(String table, Instant at) {
    ensure(table, LocalDate.ofInstant(at, ZoneOffset.UTC));
  }

  /**
   * Makes the partition that a date falls in, in a transaction of its own; to be called before the
   * caller's own transaction has touched the table. Where somebody holds the default partition,
   * rows go there for now and move when the partition is made.
   */
  void ensure(String table, LocalDate day) {
    Month key = new Month(table, day.getYear(), day.getMonthValue());
    if (there.contains(key)) {
      return;
    }
    YearMonth month = YearMonth.from(day);
    YearMonth now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
    boolean near =
        !month.isBefore(now.minusYears(YEARS_BACK)) && !month.isAfter(now.plusMonths(MONTHS_AHEAD));
    if (near) {
      try {
        transactions.in(c -> make(c, table, month, name(table, month)));
        there.add(key);
      } catch (SQLException e) {
        if (!LOCK_TIMEOUT.equals(e.getSQLState()) || !WITH_DEFAULT.contains(table)) {
          throw StoreException.of("making a partition", e);
        }
      }
    }
  }

  static String name(String table, YearMonth month) {
    return "%s_%04d_%02d".formatted(table, month.getYear(), month.getMonthValue());
  }

  /** Whether it was not there yet. */
  private static boolean make(Connection c, String table, YearMonth month, String name)
      throws SQLException {
    String from = bound(table, month);
    String to = bound(table, month.plusMonths(1));
    try (var s = c.createStatement()) {
      s.execute("SET LOCAL lock_timeout = '3s'");
      s.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
      try (var r = s.executeQuery("SELECT to_regclass('" + name + "') IS NOT NULL")) {
        r.next();
        if (r.getBoolean(1)) {
          return false;
        }
      }
      // made apart and attached: that takes no lock that readers or writers wait for
      s.execute("CREATE TABLE " + name + " (LIKE " + table + " INCLUDING ALL EXCLUDING INDEXES)");
      if (WITH_DEFAULT.contains(table)) {
        String fallback = table + "_default";
        String column = column(table);
        s.execute(
            ("WITH moved AS (DELETE FROM %s WHERE %s >= %s AND %s < %s RETURNING *)"
                    + " INSERT INTO %s SELECT * FROM moved")
                .formatted(fallback, column, from, column, to, name));
      }
      s.execute(
          "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)"
              .formatted(table, name, from, to));
    }
    return true;
  }

  private static String column(String table) {
    return BY_DATE.contains(table) ? "day" : "at";
  }

  private static String bound(String table, YearMonth month) {
    LocalDate first = month.atDay(1);
    return BY_DATE.contains(table) ? "'" + first + "'" : "'" + first + " 00:00:00+00'";
  }
}
