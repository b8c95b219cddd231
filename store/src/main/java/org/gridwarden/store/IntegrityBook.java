package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.gridwarden.core.Tx;

/**
 * The chain of what was vouched for, the fingerprints beside it, and the fingerprints of what
 * stands in the day rows now. What any of it means is the head-end's business. Thread-safe.
 */
public final class IntegrityBook {
  private static final long LOCK = 0x4757_494E_5445_4752L; // GWINTEGR

  /** A day row's content, whatever numbers the database gave its meter and channel. */
  private static final String ROW =
      "sha256(convert_to(concat_ws('|', c.code, c.unit, c.scaler, b.interval_s,"
          + " extract(epoch FROM b.day_start)::bigint, coalesce(b.\"values\"::text, ''),"
          + " coalesce(b.wide::text, ''), coalesce(encode(b.quality, 'hex'), '')), 'UTF8'))";

  private final Transactions transactions;

  IntegrityBook(Transactions transactions) {
    this.transactions = transactions;
  }

  /** A link as it is stored: only what is in the signed bytes counts. */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Row(long n, Instant at, String kind, String subject, byte[] signed) {}

  /** Holds the chain until the transaction ends, and gives its last link. */
  public Optional<Row> holdLast(Tx tx) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement lock = c.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
      lock.setLong(1, LOCK);
      lock.execute();
      return rows(c, "ORDER BY n DESC LIMIT 1").stream().findFirst();
    } catch (SQLException e) {
      throw StoreException.of("reading the integrity chain", e);
    }
  }

  /** Adds a link to the chain that is held. */
  public void add(Tx tx, Row row) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO integrity_link (n, at, kind, subject, signed)"
                    + " VALUES (?, ?, ?, ?, ?)")) {
      s.setLong(1, row.n());
      s.setObject(2, row.at().atOffset(ZoneOffset.UTC));
      s.setString(3, row.kind());
      s.setString(4, row.subject());
      s.setBytes(5, row.signed());
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("adding to the integrity chain", e);
    }
  }

  /** The last link of a kind about a subject. */
  public Optional<Row> latest(String kind, String subject) {
    return transactions.run(
        "reading the integrity chain",
        c ->
            rows(c, "WHERE kind = ? AND subject = ? ORDER BY n DESC LIMIT 1", kind, subject)
                .stream()
                .findFirst());
  }

  /** The whole chain, from its first link on. */
  public void walk(Consumer<Row> visitor) {
    transactions.run(
        "reading the integrity chain",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT n, at, kind, subject, signed FROM integrity_link ORDER BY n")) {
            s.setFetchSize(1_000);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                visitor.accept(row(r));
              }
            }
          }
          return true;
        });
  }

  private static List<Row> rows(Connection c, String which, String... arguments)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("SELECT n, at, kind, subject, signed FROM integrity_link " + which)) {
      for (int i = 0; i < arguments.length; i++) {
        s.setString(i + 1, arguments[i]);
      }
      List<Row> rows = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          rows.add(row(r));
        }
      }
      return rows;
    }
  }

  private static Row row(ResultSet r) throws SQLException {
    return new Row(
        r.getLong(1),
        r.getObject(2, OffsetDateTime.class).toInstant(),
        r.getString(3),
        r.getString(4),
        r.getBytes(5));
  }

  /** Each meter's fingerprint of a day's raw rows, as they stand now. */
  public Map<String, byte[]> now(LocalDate day) {
    return transactions.run(
        "fingerprinting a day",
        c ->
            hashes(
                c,
                "SELECT m.meter_id, sha256(string_agg("
                    + ROW
                    + ", ''::bytea ORDER BY c.code, c.unit, c.scaler, b.interval_s))"
                    + " FROM interval_block b JOIN meter m ON m.id = b.meter"
                    + " JOIN channel c ON c.id = b.channel WHERE b.layer = 0 AND b.day = ?"
                    + " GROUP BY m.meter_id",
                day));
  }

  /** Each meter's fingerprint of a day as it was kept. */
  public Map<String, byte[]> kept(LocalDate day) {
    return transactions.run(
        "reading fingerprints",
        c ->
            hashes(
                c,
                "SELECT m.meter_id, f.hash FROM fingerprint_day f JOIN meter m ON m.id = f.meter"
                    + " WHERE f.day = ?",
                day));
  }

  private static Map<String, byte[]> hashes(Connection c, String sql, LocalDate day)
      throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      s.setObject(1, day);
      Map<String, byte[]> hashes = new TreeMap<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          hashes.put(r.getString(1), r.getBytes(2));
        }
      }
      return hashes;
    }
  }

  /** Keeps a day's fingerprints in the place of those that were there. */
  public void keep(Tx tx, LocalDate day, Map<String, byte[]> hashes) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement old = c.prepareStatement("DELETE FROM fingerprint_day WHERE day = ?");
        PreparedStatement s =
            c.prepareStatement(
                "INSERT INTO fingerprint_day (day, meter, hash)"
                    + " SELECT ?, id, ? FROM meter WHERE meter_id = ?")) {
      old.setObject(1, day);
      old.executeUpdate();
      for (Map.Entry<String, byte[]> hash : hashes.entrySet()) {
        s.setObject(1, day);
        s.setBytes(2, hash.getValue());
        s.setString(3, hash.getKey());
        s.addBatch();
      }
      s.executeBatch();
    } catch (SQLException e) {
      throw StoreException.of("keeping fingerprints", e);
    }
  }

  /** Days up to one that have raw rows, the oldest first. */
  public List<LocalDate> days(LocalDate last) {
    return transactions.run(
        "looking for closed days",
        c ->
            days(
                c,
                "SELECT DISTINCT day FROM interval_block WHERE layer = 0 AND day <= ? ORDER BY day",
                last));
  }

  /** Whether a day has raw rows. */
  public boolean has(LocalDate day) {
    return transactions.run(
        "looking for a day's rows",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT FROM interval_block WHERE layer = 0 AND day = ? LIMIT 1")) {
            s.setObject(1, day);
            try (ResultSet r = s.executeQuery()) {
              return r.next();
            }
          }
        });
  }

  /** Days that were vouched for, the oldest first. */
  public List<LocalDate> vouched() {
    return transactions.run(
        "looking for days that are vouched for",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT DISTINCT subject FROM integrity_link WHERE kind = 'day' ORDER BY 1");
              ResultSet r = s.executeQuery()) {
            List<LocalDate> days = new ArrayList<>();
            while (r.next()) {
              days.add(LocalDate.parse(r.getString(1)));
            }
            return days;
          } catch (java.time.DateTimeException e) {
            throw StoreException.at(
                "integrity chain", "names a day that is none: it was tampered with", e);
          }
        });
  }

  private static List<LocalDate> days(Connection c, String sql, LocalDate last)
      throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      s.setObject(1, last);
      List<LocalDate> days = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          days.add(r.getObject(1, LocalDate.class));
        }
      }
      return days;
    }
  }

  /**
   * When a command to a meter that may change its configuration or firmware was last confirmed.
   *
   * @param words of the command vocabulary
   */
  public Optional<Instant> lastConfirmed(String meter, List<String> words) {
    return transactions.run(
        "looking for a confirmed command",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT max(t.at) FROM command c JOIN command_step t ON t.command = c.id"
                      + " WHERE c.meter = ? AND c.word = ANY (?) AND t.state = 'CONFIRMED'"
                      + " AND c.state = 'CONFIRMED'")) {
            s.setString(1, meter);
            s.setArray(2, Sql.array(c, "text", words.toArray(String[]::new)));
            try (ResultSet r = s.executeQuery()) {
              r.next();
              return Optional.ofNullable(r.getObject(1, OffsetDateTime.class))
                  .map(OffsetDateTime::toInstant);
            }
          }
        });
  }

  /** What the audit log says of the last link that was added; empty where none was. */
  public Optional<String> lastVouched() {
    return transactions.run(
        "reading the audit log",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT convert_from(detail, 'UTF8') FROM audit_log"
                          + " WHERE action = 'integrity.vouched' ORDER BY id DESC LIMIT 1");
              ResultSet r = s.executeQuery()) {
            return r.next() ? Optional.of(r.getString(1)) : Optional.empty();
          }
        });
  }
}
