package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
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
        "UPDATE operator_key SET revoked = ? WHERE key_id = ? AND revoked IS NULL",
        s -> {
          s.setObject(1, now());
          s.setBytes(2, keyId);
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
