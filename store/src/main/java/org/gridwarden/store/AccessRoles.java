package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.gridwarden.core.Actor;
import org.gridwarden.security.access.Permission;
import org.gridwarden.security.access.Role;

/**
 * The roles that an office made beside the standard's. Each change stands in the audit log, in its
 * transaction. Thread-safe.
 */
public final class AccessRoles {
  private final Transactions transactions;
  private final InstantSource clock;

  AccessRoles(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** By its name. */
  public Optional<Role> find(String name) {
    return transactions.run(
        "looking a role up",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT name, permissions, note FROM access_role WHERE name = ?")) {
            s.setString(1, name);
            return read(s).stream().findFirst();
          }
        });
  }

  /** All, by name. */
  public List<Role> all() {
    return transactions.run(
        "listing roles",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("SELECT name, permissions, note FROM access_role ORDER BY name")) {
            return read(s);
          }
        });
  }

  /** Makes a role, or changes what it may. */
  public void put(Role role, Actor by) {
    transactions.run(
        "storing a role",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO access_role (name, permissions, note, created) VALUES (?, ?, ?, ?)"
                      + " ON CONFLICT (name) DO UPDATE SET permissions = excluded.permissions,"
                      + " note = excluded.note")) {
            s.setString(1, role.name());
            s.setArray(
                2,
                c.createArrayOf(
                    "text", role.permissions().stream().map(Enum::name).sorted().toArray()));
            s.setString(3, role.note());
            s.setObject(4, clock.instant().atOffset(ZoneOffset.UTC));
            s.executeUpdate();
          }
          return audited(c, by, "role.stored", role);
        });
  }

  /**
   * Removes a role that nobody holds any more.
   *
   * @return false where there is none
   */
  public boolean remove(Role role, Actor by) {
    return transactions.run(
        "removing a role",
        c -> {
          try (PreparedStatement s = c.prepareStatement("DELETE FROM access_role WHERE name = ?")) {
            s.setString(1, role.name());
            return s.executeUpdate() == 1 && audited(c, by, "role.removed", role);
          }
        });
  }

  private boolean audited(Connection c, Actor by, String action, Role role) throws SQLException {
    String detail = role.name() + " " + new TreeSet<>(role.permissions());
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private static List<Role> read(PreparedStatement s) throws SQLException {
    List<Role> roles = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        roles.add(new Role(r.getString(1), permissions(r.getArray(2)), r.getString(3), false));
      }
    }
    return roles;
  }

  /** A later version's word that this one does not know gives nothing. */
  static Set<Permission> permissions(java.sql.Array words) throws SQLException {
    Set<String> stored = Set.of((String[]) words.getArray());
    Set<Permission> known = EnumSet.noneOf(Permission.class);
    for (Permission permission : Permission.values()) {
      if (stored.contains(permission.name())) {
        known.add(permission);
      }
    }
    return known;
  }
}
