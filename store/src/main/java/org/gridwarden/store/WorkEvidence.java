package org.gridwarden.store;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.cosem.ObisCode;

/** What shows that work was done: files with their hashes, and what was read off. Thread-safe. */
public final class WorkEvidence {
  private final Transactions transactions;
  private final InstantSource clock;

  WorkEvidence(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A file.
   *
   * @param id its number
   * @param at when it was taken in
   * @param name as its owner calls it
   * @param type its media type
   * @param size in bytes
   * @param sha256 lower-case hexadecimal digits
   * @param by who brought it
   */
  public record Item(
      long id, Instant at, String name, String type, long size, String sha256, String by) {}

  /**
   * What a fitter read off a meter.
   *
   * @param meter which
   * @param code which register
   * @param value what it showed
   * @param unit its unit's symbol
   * @param at when
   */
  public record Read(MeterId meter, ObisCode code, BigDecimal value, String unit, Instant at) {}

  /**
   * Takes a file in.
   *
   * @param sha256 32 bytes
   * @return false where the work has this very file already
   */
  public boolean add(
      Tx tx, long work, String name, String type, byte[] sha256, byte[] content, Actor by) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO work_evidence (at, work, name, type, by, sha256, content)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (work, sha256) DO NOTHING")) {
      s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
      s.setLong(2, work);
      s.setString(3, name);
      s.setString(4, type);
      s.setString(5, by.name());
      s.setBytes(6, sha256);
      s.setBytes(7, content);
      return s.executeUpdate() == 1;
    } catch (SQLException e) {
      throw StoreException.of("keeping evidence of work", e);
    }
  }

  /** A work order's files, the first first. */
  public List<Item> of(long work) {
    return transactions.run(
        "reading evidence of work",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT id, at, name, type, octet_length(content), encode(sha256, 'hex'), by"
                      + " FROM work_evidence WHERE work = ? ORDER BY id LIMIT 1000")) {
            s.setLong(1, work);
            List<Item> items = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                items.add(
                    new Item(
                        r.getLong(1),
                        r.getObject(2, OffsetDateTime.class).toInstant(),
                        r.getString(3),
                        r.getString(4),
                        r.getLong(5),
                        r.getString(6),
                        r.getString(7)));
              }
            }
            return items;
          }
        });
  }

  /** A file's bytes. */
  public Optional<byte[]> content(long work, long id) {
    return transactions.run(
        "reading evidence of work",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("SELECT content FROM work_evidence WHERE work = ? AND id = ?")) {
            s.setLong(1, work);
            s.setLong(2, id);
            try (ResultSet r = s.executeQuery()) {
              return r.next() ? Optional.of(r.getBytes(1)) : Optional.empty();
            }
          }
        });
  }

  /** Keeps what was read off; a later reading of the same register replaces nothing. */
  public void read(Tx tx, long work, List<Read> readings) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO work_reading (at, work, meter, code, unit, value)"
                    + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      for (Read one : readings) {
        s.setObject(1, one.at().atOffset(ZoneOffset.UTC));
        s.setLong(2, work);
        s.setString(3, one.meter().value());
        s.setString(4, one.code().toString());
        s.setString(5, one.unit());
        s.setBigDecimal(6, one.value());
        s.addBatch();
      }
      s.executeBatch();
    } catch (SQLException e) {
      throw StoreException.of("keeping what was read off", e);
    }
  }

  /** What was read off. */
  public List<Read> readings(long work) {
    return transactions.run(
        "reading what was read off",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT meter, code, value, unit, at FROM work_reading WHERE work = ?"
                      + " ORDER BY at, meter, code")) {
            s.setLong(1, work);
            List<Read> found = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.add(
                    new Read(
                        new MeterId(r.getString(1)),
                        ObisCode.parse(r.getString(2)),
                        r.getBigDecimal(3),
                        r.getString(4),
                        r.getObject(5, OffsetDateTime.class).toInstant()));
              }
            }
            return found;
          }
        });
  }
}
