package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Tx;

/** The public keys of people who sign commands. Thread-safe. */
public final class OperatorKeys {
  private final Transactions transactions;
  private final InstantSource clock;

  OperatorKeys(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A key in force.
   *
   * @param operator whose: the user's name
   * @param spki its SubjectPublicKeyInfo, DER
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  public record Key(String operator, byte[] spki) {
    public Key {
      spki = spki.clone();
    }

    @Override
    public byte[] spki() {
      return spki.clone();
    }
  }

  /** The key of an id, unless it was revoked. */
  public Optional<Key> find(byte[] keyId) {
    return transactions.run(
        "looking for an operator's key",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT operator, spki FROM operator_key WHERE key_id = ? AND revoked IS NULL")) {
            s.setBytes(1, keyId);
            try (ResultSet r = s.executeQuery()) {
              return r.next()
                  ? Optional.of(new Key(r.getString(1), r.getBytes(2)))
                  : Optional.empty();
            }
          }
        });
  }

  /**
   * The key whose id begins so, unless it was revoked.
   *
   * @return none where no key or several do
   */
  public Optional<Key> beginning(byte[] beginning) {
    return transactions.run(
        "looking for an operator's key by its title",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT operator, spki FROM operator_key"
                      + " WHERE substring(key_id FOR ?) = ? AND revoked IS NULL LIMIT 2")) {
            s.setInt(1, beginning.length);
            s.setBytes(2, beginning);
            try (ResultSet r = s.executeQuery()) {
              if (!r.next()) {
                return Optional.empty();
              }
              Key found = new Key(r.getString(1), r.getBytes(2));
              return r.next() ? Optional.empty() : Optional.of(found);
            }
          }
        });
  }

  /**
   * A key as lists show it: asked for, in force or revoked.
   *
   * @param name what its owner calls it
   * @param kind where it lies: file, token or browser
   * @param since when it was asked for or, once that is so, added
   * @param addedBy the security administrator; empty while it is asked for
   * @param revoked when; empty where it is not
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  public record Listed(
      byte[] keyId,
      byte[] spki,
      String operator,
      String name,
      String kind,
      Instant since,
      String addedBy,
      Optional<Instant> revoked,
      String revokedBy) {
    public Listed {
      keyId = keyId.clone();
      spki = spki.clone();
    }

    @Override
    public byte[] keyId() {
      return keyId.clone();
    }

    @Override
    public byte[] spki() {
      return spki.clone();
    }
  }

  /**
   * All keys, those that are asked for first, the newest first among them; at most 1,000.
   *
   * @param operator only theirs; empty for everybody's
   */
  public List<Listed> list(String operator) {
    return transactions.run(
        "listing operators' keys",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT * FROM (SELECT key_id, spki, operator, name, kind, asked AS since,"
                      + " '' AS added_by, NULL::timestamptz AS revoked, '' AS revoked_by"
                      + " FROM operator_key_request UNION ALL SELECT key_id, spki, operator, name,"
                      + " kind, added, added_by, revoked, revoked_by FROM operator_key) k"
                      + " WHERE ? = '' OR operator = ?"
                      + " ORDER BY added_by <> '', since DESC LIMIT 1000")) {
            s.setString(1, operator);
            s.setString(2, operator);
            List<Listed> keys = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                OffsetDateTime revoked = r.getObject(8, OffsetDateTime.class);
                keys.add(
                    new Listed(
                        r.getBytes(1),
                        r.getBytes(2),
                        r.getString(3),
                        r.getString(4),
                        r.getString(5),
                        r.getObject(6, OffsetDateTime.class).toInstant(),
                        r.getString(7),
                        Optional.ofNullable(revoked).map(OffsetDateTime::toInstant),
                        r.getString(9)));
              }
            }
            return keys;
          }
        });
  }

  /**
   * An operator asks for a key to be taken.
   *
   * @param most how many one operator may have asked for at a time
   * @return false where the key is known already, or the operator has asked for so many
   */
  public boolean ask(Tx tx, byte[] keyId, Key key, String name, String kind, int most, Actor by) {
    return changed(
        tx,
        "INSERT INTO operator_key_request (key_id, spki, operator, name, kind, asked)"
            + " SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS"
            + " (SELECT FROM operator_key WHERE key_id = ?)"
            + " AND (SELECT count(*) FROM operator_key_request WHERE operator = ?) < ?"
            + " ON CONFLICT DO NOTHING",
        s -> {
          s.setBytes(1, keyId);
          s.setBytes(2, key.spki());
          s.setString(3, key.operator());
          s.setString(4, name);
          s.setString(5, kind);
          s.setObject(6, now());
          s.setBytes(7, keyId);
          s.setString(8, key.operator());
          s.setInt(9, most);
        },
        by,
        "operator-key.asked",
        key.operator() + " " + HexFormat.of().formatHex(keyId));
  }

  /**
   * Takes a key that was asked for. The database refuses one's own.
   *
   * @return false where nobody asked for it
   */
  public boolean approve(Tx tx, byte[] keyId, Actor by) {
    return changed(
        tx,
        "WITH asked AS (DELETE FROM operator_key_request WHERE key_id = ? RETURNING *)"
            + " INSERT INTO operator_key (key_id, spki, operator, name, kind, added, added_by)"
            + " SELECT key_id, spki, operator, name, kind, ?, ? FROM asked ON CONFLICT DO NOTHING",
        s -> {
          s.setBytes(1, keyId);
          s.setObject(2, now());
          s.setString(3, by.name());
        },
        by,
        "operator-key.added",
        HexFormat.of().formatHex(keyId));
  }

  /**
   * Strikes off a key that was asked for.
   *
   * @return false where nobody asked for it
   */
  public boolean strike(Tx tx, byte[] keyId, Actor by) {
    return changed(
        tx,
        "DELETE FROM operator_key_request WHERE key_id = ?",
        s -> s.setBytes(1, keyId),
        by,
        "operator-key.struck",
        HexFormat.of().formatHex(keyId));
  }

  /**
   * Adds a key. Nobody adds their own: the database refuses it.
   *
   * @return false where the key is there already
   */
  public boolean add(Tx tx, byte[] keyId, Key key, Actor by) {
    return changed(
        tx,
        "INSERT INTO operator_key (key_id, spki, operator, added, added_by)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        s -> {
          s.setBytes(1, keyId);
          s.setBytes(2, key.spki());
          s.setString(3, key.operator());
          s.setObject(4, now());
          s.setString(5, by.name());
        },
        by,
        "operator-key.added",
        key.operator() + " " + HexFormat.of().formatHex(keyId));
  }

  /**
   * Revokes a key: what it signed and is not sent yet is not sent.
   *
   * @return false where there is none in force
   */
  public boolean revoke(Tx tx, byte[] keyId, Actor by) {
    return changed(
        tx,
        "UPDATE operator_key SET revoked = ?, revoked_by = ?"
            + " WHERE key_id = ? AND revoked IS NULL",
        s -> {
          s.setObject(1, now());
          s.setString(2, by.name());
          s.setBytes(3, keyId);
        },
        by,
        "operator-key.revoked",
        HexFormat.of().formatHex(keyId));
  }

  private interface Setting {
    void on(PreparedStatement s) throws SQLException;
  }

  private boolean changed(
      Tx tx, String sql, Setting setting, Actor by, String action, String detail) {
    try (PreparedStatement s = PgTx.of(tx).prepareStatement(sql)) {
      setting.on(s);
      boolean done = s.executeUpdate() == 1;
      if (done) {
        StoredAuditLog.append(
            PgTx.of(tx),
            clock.instant(),
            by,
            action,
            detail.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
      return done;
    } catch (SQLException e) {
      throw StoreException.of("changing an operator's key", e);
    }
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }
}
