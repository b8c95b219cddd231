package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.Actor;

/**
 * The public keys with which users come in over SSH. Each change stands in the audit log, in its
 * transaction; a removed user's keys are gone with the user. Thread-safe.
 */
public final class SshKeys {
  /** How many keys a user may have. */
  public static final int PER_USER = 16;

  private static final String COLUMNS =
      "SELECT k.added, u.name, k.fingerprint, k.algorithm, k.blob, k.comment, k.added_by"
          + " FROM ssh_key k JOIN app_user u ON lower(u.name) = k.user_name";

  private final Transactions transactions;
  private final InstantSource clock;

  SshKeys(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** Whose key this is. */
  public Optional<SshKey> find(String fingerprint) {
    return transactions.run(
        "looking an SSH key up",
        c -> {
          try (PreparedStatement s = c.prepareStatement(COLUMNS + " WHERE k.fingerprint = ?")) {
            s.setString(1, fingerprint);
            return read(s).stream().findFirst();
          }
        });
  }

  /** A user's keys, the oldest first. */
  public List<SshKey> of(String user) {
    return transactions.run("listing SSH keys", c -> of(c, user));
  }

  /**
   * Adds a key.
   *
   * @return false where somebody has it already, the user is unknown, or has {@link #PER_USER}
   */
  public boolean add(
      String user, String fingerprint, String algorithm, byte[] blob, String comment, Actor by) {
    return transactions.run(
        "adding an SSH key",
        c -> {
          if (of(c, user).size() >= PER_USER) {
            return false;
          }
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO ssh_key"
                      + " (added, user_name, fingerprint, algorithm, blob, comment, added_by)"
                      + " SELECT ?, lower(name), ?, ?, ?, ?, ? FROM app_user"
                      + " WHERE lower(name) = ? ON CONFLICT DO NOTHING")) {
            s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            s.setString(2, fingerprint);
            s.setString(3, algorithm);
            s.setBytes(4, blob);
            s.setString(5, comment);
            s.setString(6, by.name());
            s.setString(7, folded(user));
            return s.executeUpdate() == 1 && audited(c, by, "ssh.key-added", user, fingerprint);
          }
        });
  }

  /** Takes a user's key away; false where there is none such. */
  public boolean remove(String user, String fingerprint, Actor by) {
    return transactions.run(
        "removing an SSH key",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("DELETE FROM ssh_key WHERE user_name = ? AND fingerprint = ?")) {
            s.setString(1, folded(user));
            s.setString(2, fingerprint);
            return s.executeUpdate() == 1 && audited(c, by, "ssh.key-removed", user, fingerprint);
          }
        });
  }

  private boolean audited(Connection c, Actor by, String action, String user, String fingerprint)
      throws SQLException {
    byte[] detail = (user + " " + fingerprint).getBytes(StandardCharsets.UTF_8);
    StoredAuditLog.append(c, clock.instant(), by, action, detail);
    return true;
  }

  private static List<SshKey> of(Connection c, String user) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(COLUMNS + " WHERE k.user_name = ? ORDER BY k.added, k.fingerprint")) {
      s.setString(1, folded(user));
      return read(s);
    }
  }

  private static String folded(String user) {
    return user.replace("\0", "").toLowerCase(Locale.ROOT);
  }

  private static List<SshKey> read(PreparedStatement s) throws SQLException {
    List<SshKey> keys = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        keys.add(
            new SshKey(
                r.getObject(1, OffsetDateTime.class).toInstant(),
                r.getString(2),
                r.getString(3),
                r.getString(4),
                r.getBytes(5),
                r.getString(6),
                r.getString(7)));
      }
    }
    return keys;
  }
}
