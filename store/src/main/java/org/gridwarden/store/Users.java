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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.gridwarden.core.Actor;

/** People who may log in. Each change stands in the audit log, in its transaction. Thread-safe. */
public final class Users {
  private static final String COLUMNS =
      "name, roles, password_hash, must_change, disabled, subject, version, created";

  private final Transactions transactions;
  private final InstantSource clock;

  Users(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** By name, without regard to case. */
  public Optional<User> find(String name) {
    return transactions.run(
        "looking a user up",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT " + COLUMNS + " FROM app_user WHERE lower(name) = lower(?)")) {
            s.setString(1, name.replace("\0", ""));
            return read(s).stream().findFirst();
          }
        });
  }

  /** All, by name. */
  public List<User> all() {
    return transactions.run(
        "listing users",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("SELECT " + COLUMNS + " FROM app_user ORDER BY lower(name)")) {
            return read(s);
          }
        });
  }

  /**
   * Adds a user.
   *
   * @return false where the name is taken
   */
  public boolean add(User user, Actor by) {
    return transactions.run(
        "adding a user",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO app_user"
                      + " ("
                      + COLUMNS
                      + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            s.setString(1, user.name());
            s.setArray(2, roles(c, user));
            s.setString(3, user.passwordHash());
            s.setBoolean(4, user.mustChangePassword());
            s.setBoolean(5, user.disabled());
            s.setString(6, user.subject());
            s.setLong(7, user.version());
            s.setObject(8, user.created().atOffset(ZoneOffset.UTC));
            return s.executeUpdate() == 1 && audited(c, by, "user.added", user);
          }
        });
  }

  /**
   * Replaces a user whose version is still {@code expected}.
   *
   * @param action what the audit log calls it
   * @return false where somebody else was quicker, or the user is gone
   */
  public boolean replace(User user, long expected, Actor by, String action) {
    return transactions.run(
        "changing a user",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE app_user SET roles = ?, password_hash = ?, must_change = ?, disabled = ?,"
                      + " version = ?"
                      + " WHERE lower(name) = lower(?) AND version = ?")) {
            s.setArray(1, roles(c, user));
            s.setString(2, user.passwordHash());
            s.setBoolean(3, user.mustChangePassword());
            s.setBoolean(4, user.disabled());
            s.setLong(5, user.version());
            s.setString(6, user.name());
            s.setLong(7, expected);
            return s.executeUpdate() == 1 && audited(c, by, action, user);
          }
        });
  }

  /** Removes a user; false where there is none. */
  public boolean remove(String name, Actor by) {
    return transactions.run(
        "removing a user",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "DELETE FROM app_user WHERE lower(name) = lower(?)" + " RETURNING " + COLUMNS)) {
            s.setString(1, name);
            List<User> gone = read(s);
            return !gone.isEmpty() && audited(c, by, "user.removed", gone.getFirst());
          }
        });
  }

  private boolean audited(Connection c, Actor by, String action, User user) throws SQLException {
    String detail =
        user.name() + " " + new TreeSet<>(user.roles()) + (user.disabled() ? " disabled" : "");
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private static java.sql.Array roles(Connection c, User user) throws SQLException {
    return c.createArrayOf("text", user.roles().stream().sorted().toArray());
  }

  private static List<User> read(PreparedStatement s) throws SQLException {
    List<User> users = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        Set<String> roles = Set.of((String[]) r.getArray(2).getArray());
        users.add(
            new User(
                r.getString(1),
                roles,
                r.getString(3),
                r.getBoolean(4),
                r.getBoolean(5),
                r.getString(6),
                r.getLong(7),
                r.getObject(8, OffsetDateTime.class).toInstant()));
      }
    }
    return users;
  }
}
