package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Actor;

/**
 * Users' second factors: a sealed secret, the last step that it opened, and recovery codes' hashes.
 * They go with their user. What is used is used for good, whoever asks beside. Thread-safe.
 */
public final class SecondFactors {
  private static final String OF = " (SELECT id FROM app_user WHERE lower(name) = lower(?))";

  private final Transactions transactions;
  private final InstantSource clock;

  SecondFactors(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A factor.
   *
   * @param sealed its secret under the office's key
   * @param confirmed whether its owner has shown a first code
   * @param lastStep the last step that it opened
   * @param codes how many recovery codes are left
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  public record Factor(byte[] sealed, boolean confirmed, long lastStep, int codes) {
    public Factor {
      sealed = sealed.clone();
    }

    @Override
    public byte[] sealed() {
      return sealed.clone();
    }

    @Override
    public String toString() {
      return "Factor[" + (confirmed ? "confirmed" : "begun") + "]";
    }
  }

  /** A user's. */
  public Optional<Factor> find(String user) {
    return transactions.run(
        "looking a second factor up",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT sealed, confirmed, last_step, (SELECT count(*) FROM recovery_code r"
                      + " WHERE r.app_user = f.app_user AND r.used IS NULL)"
                      + " FROM user_factor f WHERE app_user ="
                      + OF)) {
            s.setString(1, user);
            try (ResultSet r = s.executeQuery()) {
              return r.next()
                  ? Optional.of(
                      new Factor(r.getBytes(1), r.getBoolean(2), r.getLong(3), r.getInt(4)))
                  : Optional.empty();
            }
          }
        });
  }

  /** Who has one that is confirmed; names in small letters. */
  public Set<String> confirmed() {
    return transactions.run(
        "listing second factors",
        c -> {
          Set<String> names = new HashSet<>();
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT u.name FROM user_factor f JOIN app_user u ON u.id = f.app_user"
                          + " WHERE f.confirmed");
              ResultSet r = s.executeQuery()) {
            while (r.next()) {
              names.add(r.getString(1).toLowerCase(Locale.ROOT));
            }
          }
          return names;
        });
  }

  /**
   * Begins one, in the place of another that was begun.
   *
   * @return false where there is a confirmed one, which stays
   */
  public boolean begin(String user, byte[] sealed) {
    return transactions.run(
        "beginning a second factor",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO user_factor (app_user, created, last_step, confirmed, sealed)"
                      + " SELECT id, ?, 0, false, ? FROM app_user WHERE lower(name) = lower(?)"
                      + " ON CONFLICT (app_user) DO UPDATE SET sealed = excluded.sealed,"
                      + " created = excluded.created, last_step = 0"
                      + " WHERE NOT user_factor.confirmed")) {
            s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            s.setBytes(2, sealed);
            s.setString(3, user);
            return s.executeUpdate() == 1;
          }
        });
  }

  /**
   * Confirms what was begun.
   *
   * @param step the step of the first code
   * @param hashes of the recovery codes
   * @return false where nothing was begun, or it is confirmed already
   */
  public boolean confirm(String user, long step, List<byte[]> hashes, Actor by) {
    return transactions.run(
        "confirming a second factor",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE user_factor SET confirmed = true, last_step = ?"
                      + " WHERE NOT confirmed AND app_user ="
                      + OF)) {
            s.setLong(1, step);
            s.setString(2, user);
            if (s.executeUpdate() != 1) {
              return false;
            }
          }
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO recovery_code (hash, app_user) SELECT ?, id FROM app_user"
                      + " WHERE lower(name) = lower(?)")) {
            for (byte[] hash : hashes) {
              s.setBytes(1, hash);
              s.setString(2, user);
              s.addBatch();
            }
            s.executeBatch();
          }
          return audited(c, by, "user.factor-enrolled", user);
        });
  }

  /** Uses a step up; false where it, or a later one, has opened already. */
  public boolean use(String user, long step) {
    return transactions.run(
        "using a second factor",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE user_factor SET last_step = ? WHERE last_step < ? AND confirmed"
                      + " AND app_user ="
                      + OF)) {
            s.setLong(1, step);
            s.setLong(2, step);
            s.setString(3, user);
            return s.executeUpdate() == 1;
          }
        });
  }

  /** Uses a recovery code up; false where there is no such code, or it was used. */
  public boolean useRecovery(String user, byte[] hash, Actor by) {
    return transactions.run(
        "using a recovery code",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE recovery_code SET used = ? WHERE used IS NULL AND hash = ? AND app_user ="
                      + OF)) {
            s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            s.setBytes(2, hash);
            s.setString(3, user);
            return s.executeUpdate() == 1 && audited(c, by, "user.recovery-code", user);
          }
        });
  }

  /** Takes a user's factor away; false where there is none. */
  public boolean remove(String user, Actor by) {
    return transactions.run(
        "taking a second factor away",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("DELETE FROM user_factor WHERE app_user =" + OF)) {
            s.setString(1, user);
            return s.executeUpdate() == 1 && audited(c, by, "user.factor-reset", user);
          }
        });
  }

  private boolean audited(Connection c, Actor by, String action, String user) throws SQLException {
    StoredAuditLog.append(c, clock.instant(), by, action, user.getBytes(StandardCharsets.UTF_8));
    return true;
  }
}
