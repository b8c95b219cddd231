package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;

/**
 * The trust root's public half, the lists that it signed, and which list each meter has. Each
 * change of the first two is in the audit log, in its own transaction. Thread-safe.
 */
public final class TrustBook {
  private final Transactions transactions;
  private final InstantSource clock;

  TrustBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A stored list.
   *
   * @param signed a COSE_Sign1 message
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Listed(long version, byte[] signed, Instant added, String addedBy) {}

  /**
   * How many meters stand how.
   *
   * @param current have the newest list
   * @param older have another one, or none yet
   * @param without take none
   * @param unasked were not asked yet
   */
  public record Meters(long current, long older, long without, long unasked) {}

  /** The root's public key (SubjectPublicKeyInfo); empty where nobody said so. */
  public Optional<byte[]> root() {
    return transactions.run(
        "looking for the trust root",
        c -> {
          try (PreparedStatement s = c.prepareStatement("SELECT spki FROM trust_root");
              ResultSet r = s.executeQuery()) {
            return r.next() ? Optional.of(r.getBytes(1)) : Optional.empty();
          }
        });
  }

  /**
   * Says once which root the meters have.
   *
   * @return false where it was said before
   */
  public boolean setRoot(Tx tx, byte[] spki, String keyId, Actor by) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO trust_root (added, spki, added_by) VALUES (?, ?, ?)"
                    + " ON CONFLICT DO NOTHING")) {
      s.setObject(1, utc(clock.instant()));
      s.setBytes(2, spki);
      s.setString(3, by.name());
      boolean added = s.executeUpdate() == 1;
      if (added) {
        audit(tx, by, "trust-root.set", keyId);
      }
      return added;
    } catch (SQLException e) {
      throw StoreException.of("keeping the trust root", e);
    }
  }

  /** The newest list; empty before the first. */
  public Optional<Listed> newest() {
    return transactions.run(
        "looking for the trust list",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT version, signed, added, added_by FROM trust_list"
                          + " ORDER BY version DESC LIMIT 1");
              ResultSet r = s.executeQuery()) {
            return r.next()
                ? Optional.of(
                    new Listed(
                        r.getLong(1),
                        r.getBytes(2),
                        r.getObject(3, OffsetDateTime.class).toInstant(),
                        r.getString(4)))
                : Optional.empty();
          }
        });
  }

  /**
   * Keeps a list, where it is newer than all that are there.
   *
   * @return false where it is not
   */
  public boolean add(Tx tx, long version, byte[] signed, String words, Actor by) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO trust_list (added, version, signed, added_by) SELECT ?, ?, ?, ?"
                    + " WHERE NOT EXISTS (SELECT FROM trust_list WHERE version >= ?)"
                    + " ON CONFLICT DO NOTHING")) {
      s.setObject(1, utc(clock.instant()));
      s.setLong(2, version);
      s.setBytes(3, signed);
      s.setString(4, by.name());
      s.setLong(5, version);
      boolean added = s.executeUpdate() == 1;
      if (added) {
        audit(tx, by, "trust-list.added", words);
      }
      return added;
    } catch (SQLException e) {
      throw StoreException.of("keeping a trust list", e);
    }
  }

  /**
   * Meters with a desk that may have an older list, or were not asked yet; those first that were
   * tried longest ago.
   *
   * @param pause who was tried within so long is left alone
   */
  public List<MeterId> due(long version, Duration pause, int most) {
    return transactions.run(
        "looking for meters with an older trust list",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT m.meter_id FROM meter m JOIN meter_key k ON k.meter = m.id AND"
                      + " k.in_force AND k.purpose = ? LEFT JOIN meter_trust t ON t.meter ="
                      + " m.meter_id WHERE t.meter IS NULL OR t.version BETWEEN 0 AND ? AND"
                      + " t.tried < ? ORDER BY t.tried NULLS FIRST LIMIT ?")) {
            s.setInt(1, KeyAccess.Purpose.COMMAND_SEAL.ordinal());
            s.setLong(2, version - 1);
            s.setObject(3, utc(clock.instant().minus(pause)));
            s.setInt(4, most);
            List<MeterId> due = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                due.add(new MeterId(r.getString(1)));
              }
            }
            return due;
          }
        });
  }

  /**
   * Notes which list a meter says it has.
   *
   * @param version 0 before its first, -1 where it takes none
   */
  public void has(MeterId meter, long version) {
    transactions.run(
        "noting a meter's trust list",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO meter_trust (tried, version, meter) VALUES (?, ?, ?) ON CONFLICT"
                      + " (meter) DO UPDATE SET tried = excluded.tried, version ="
                      + " excluded.version")) {
            s.setObject(1, utc(clock.instant()));
            s.setLong(2, version);
            s.setString(3, meter.value());
            return s.executeUpdate();
          }
        });
  }

  /** Notes that a meter could not be asked. */
  public void tried(MeterId meter) {
    transactions.run(
        "noting that a meter was asked for its trust list",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO meter_trust (tried, version, meter) VALUES (?, 0, ?) ON CONFLICT"
                      + " (meter) DO UPDATE SET tried = excluded.tried")) {
            s.setObject(1, utc(clock.instant()));
            s.setString(2, meter.value());
            return s.executeUpdate();
          }
        });
  }

  /** How many meters with a desk have which list. */
  public Meters meters(long newest) {
    return transactions.run(
        "counting meters' trust lists",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT count(*) FILTER (WHERE t.version >= ? AND t.version > 0), count(*) FILTER"
                      + " (WHERE t.version BETWEEN 0 AND ?), count(*) FILTER (WHERE t.version < 0),"
                      + " count(*) FILTER (WHERE t.meter IS NULL) FROM meter m JOIN meter_key k ON"
                      + " k.meter = m.id AND k.in_force AND k.purpose = ? LEFT JOIN meter_trust t ON"
                      + " t.meter = m.meter_id")) {
            s.setLong(1, newest);
            s.setLong(2, newest - 1);
            s.setInt(3, KeyAccess.Purpose.COMMAND_SEAL.ordinal());
            try (ResultSet r = s.executeQuery()) {
              r.next();
              return new Meters(r.getLong(1), r.getLong(2), r.getLong(3), r.getLong(4));
            }
          }
        });
  }

  private void audit(Tx tx, Actor by, String action, String detail) throws SQLException {
    StoredAuditLog.append(
        PgTx.of(tx), clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
