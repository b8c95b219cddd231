package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Tx;

/**
 * Tariffs, version by version, and the prices that they name. What is here never changes; each
 * addition is in the audit log, in its own transaction. It keeps what it is given: signatures and
 * documents are checked before. Thread-safe.
 */
public final class TariffBook {
  private static final String COLUMNS = "id, version, valid_from, form, digest, added, added_by";

  private final Transactions transactions;
  private final InstantSource clock;

  TariffBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A version, as lists show it.
   *
   * @param validFrom the first civil day on which it holds
   * @param form urdb or gridwarden
   * @param sha256 of its document
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Listed(
      String id,
      int version,
      LocalDate validFrom,
      String form,
      byte[] sha256,
      Instant added,
      String addedBy) {}

  /**
   * A version with all that shows what it is.
   *
   * @param document as it was handed in, to the byte
   * @param signed a COSE_Sign1 message over its manifest
   * @param signer the public key that checks it (SubjectPublicKeyInfo)
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Stored(Listed listed, byte[] document, byte[] signed, byte[] signer) {}

  /**
   * A version to be kept.
   *
   * @param version one more than the tariff's last, 1 for its first
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over: the caller keeps its hands off
  public record Fresh(
      String id,
      int version,
      LocalDate validFrom,
      String form,
      byte[] sha256,
      byte[] document,
      byte[] signed,
      byte[] signer) {}

  /**
   * Keeps a version.
   *
   * @return false where it is not the next one: somebody was quicker, or one is left out
   */
  public boolean add(Tx tx, Fresh fresh, Actor by) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO tariff (added, valid_from, version, id, form, added_by, digest,"
                    + " signed, signer, document) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE ? ="
                    + " (SELECT coalesce(max(version), 0) + 1 FROM tariff WHERE id = ?)"
                    + " ON CONFLICT DO NOTHING")) {
      s.setObject(1, now());
      s.setObject(2, fresh.validFrom());
      s.setInt(3, fresh.version());
      s.setString(4, fresh.id());
      s.setString(5, fresh.form());
      s.setString(6, by.name());
      s.setBytes(7, fresh.sha256());
      s.setBytes(8, fresh.signed());
      s.setBytes(9, fresh.signer());
      s.setBytes(10, fresh.document());
      s.setInt(11, fresh.version());
      s.setString(12, fresh.id());
      boolean added = s.executeUpdate() == 1;
      if (added) {
        audit(
            tx,
            by,
            "tariff.added",
            fresh.id()
                + " version "
                + fresh.version()
                + " from "
                + fresh.validFrom()
                + ", SHA-256 "
                + HexFormat.of().formatHex(fresh.sha256()));
      }
      return added;
    } catch (SQLException e) {
      throw StoreException.of("keeping a tariff", e);
    }
  }

  /**
   * The version that holds on a day: of those that began on it or before the one that began last,
   * and of several that began on the same day the newest.
   */
  public Optional<Stored> on(String id, LocalDate day) {
    return one(
        "WHERE id = ? AND valid_from <= ? ORDER BY valid_from DESC, version DESC LIMIT 1",
        s -> {
          s.setString(1, id);
          s.setObject(2, day);
        });
  }

  /** A version by its number. */
  public Optional<Stored> version(String id, int version) {
    return one(
        "WHERE id = ? AND version = ?",
        s -> {
          s.setString(1, id);
          s.setInt(2, version);
        });
  }

  /** A tariff's newest version, whether it holds already or not. */
  public Optional<Stored> newest(String id) {
    return one("WHERE id = ? ORDER BY version DESC LIMIT 1", s -> s.setString(1, id));
  }

  /**
   * The versions of a tariff that hold within a span, in the order in which they begin to: one that
   * another one of the same day replaced is left out. The first may have begun before the span.
   *
   * @param from the span's first day
   * @param until the day after its last
   */
  public List<Listed> during(String id, LocalDate from, LocalDate until) {
    return list(
        "SELECT * FROM (SELECT DISTINCT ON (valid_from) "
            + COLUMNS
            + " FROM tariff WHERE id = ? AND valid_from < ? ORDER BY valid_from, version DESC) v"
            + " WHERE valid_from >= coalesce((SELECT max(valid_from) FROM tariff WHERE id = ? AND"
            + " valid_from <= ?), '-infinity') ORDER BY valid_from",
        s -> {
          s.setString(1, id);
          s.setObject(2, until);
          s.setString(3, id);
          s.setObject(4, from);
        });
  }

  /** All versions of all tariffs, by id, the newest first; at most 10,000. */
  public List<Listed> all() {
    return list(
        "SELECT " + COLUMNS + " FROM tariff ORDER BY id, version DESC LIMIT 10000", s -> {});
  }

  /**
   * Keeps a file of prices; one that is there already stays as it is.
   *
   * @param sha256 its hash
   */
  public void addPrices(Tx tx, byte[] sha256, byte[] document, Actor by) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO price_file (added, added_by, digest, document) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT DO NOTHING")) {
      s.setObject(1, now());
      s.setString(2, by.name());
      s.setBytes(3, sha256);
      s.setBytes(4, document);
      if (s.executeUpdate() == 1) {
        audit(tx, by, "prices.added", "SHA-256 " + HexFormat.of().formatHex(sha256));
      }
    } catch (SQLException e) {
      throw StoreException.of("keeping prices", e);
    }
  }

  /** A file of prices by its hash. */
  public Optional<byte[]> prices(byte[] sha256) {
    return transactions.run(
        "looking for prices",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("SELECT document FROM price_file WHERE digest = ?")) {
            s.setBytes(1, sha256);
            try (ResultSet r = s.executeQuery()) {
              return r.next() ? Optional.of(r.getBytes(1)) : Optional.empty();
            }
          }
        });
  }

  private interface Binding {
    void to(PreparedStatement s) throws SQLException;
  }

  private Optional<Stored> one(String where, Binding binding) {
    return transactions.run(
        "looking for a tariff",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT " + COLUMNS + ", document, signed, signer FROM tariff " + where)) {
            binding.to(s);
            try (ResultSet r = s.executeQuery()) {
              return r.next()
                  ? Optional.of(new Stored(listed(r), r.getBytes(8), r.getBytes(9), r.getBytes(10)))
                  : Optional.empty();
            }
          }
        });
  }

  private List<Listed> list(String sql, Binding binding) {
    return transactions.run(
        "listing tariffs",
        c -> {
          try (PreparedStatement s = c.prepareStatement(sql)) {
            binding.to(s);
            List<Listed> found = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.add(listed(r));
              }
            }
            return found;
          }
        });
  }

  private static Listed listed(ResultSet r) throws SQLException {
    return new Listed(
        r.getString(1),
        r.getInt(2),
        r.getObject(3, LocalDate.class),
        r.getString(4),
        r.getBytes(5),
        r.getObject(6, OffsetDateTime.class).toInstant(),
        r.getString(7));
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private void audit(Tx tx, Actor by, String action, String detail) throws SQLException {
    StoredAuditLog.append(
        PgTx.of(tx), clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
  }
}
