package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.SortedMap;
import java.util.TreeMap;
import org.gridwarden.core.Actor;

/**
 * Which service points are a customer's, and since when: those that their accounts are supplied at
 * now, and those that they were linked to by themselves. Thread-safe.
 */
public final class CustomerPoints {
  /** When an account began at a point, over all changes of tariff without a break between. */
  private static final String BEGAN =
      "(SELECT max(h.since) FROM agreement h WHERE h.account = g.account AND h.service_point ="
          + " g.service_point AND h.since <= g.since AND NOT EXISTS (SELECT FROM agreement b WHERE"
          + " b.account = h.account AND b.service_point = h.service_point AND b.until = h.since))";

  /**
   * Whose each service point is, for other queries: by a link of its own or an agreement. Has one
   * parameter, the present instant.
   */
  static final String NOW =
      "(SELECT l.app_user, l.service_point FROM user_point l UNION SELECT x.app_user,"
          + " g.service_point FROM agreement g JOIN account_user x ON x.account = g.account WHERE"
          + " g.until IS NULL OR g.until > ?)";

  private final Transactions transactions;
  private final InstantSource clock;

  CustomerPoints(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** A user's service points, with the instant from which on their readings are theirs. */
  public SortedMap<String, Instant> of(String user) {
    return transactions.run(
        "looking an account up",
        c -> {
          SortedMap<String, Instant> points = new TreeMap<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT service_point, min(since) FROM (SELECT p.service_point, p.since, u.name FROM"
                      + " user_point p JOIN app_user u ON u.id = p.app_user UNION ALL SELECT"
                      + " g.service_point, "
                      + BEGAN
                      + ", u.name FROM agreement g JOIN account_user x ON x.account = g.account"
                      + " JOIN app_user u ON u.id = x.app_user WHERE g.until IS NULL OR g.until > ?)"
                      + " t WHERE lower(name) = lower(?) GROUP BY 1")) {
            s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            s.setString(2, user);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                points.put(r.getString(1), r.getObject(2, OffsetDateTime.class).toInstant());
              }
            }
          }
          return points;
        });
  }

  /**
   * Links a service point to a user's account, or changes since when.
   *
   * @return false where there is no such user
   */
  public boolean link(String user, String point, Instant since, Actor by) {
    return transactions.run(
        "linking an account",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO user_point (app_user, since, service_point)"
                      + " SELECT id, ?, ? FROM app_user WHERE lower(name) = lower(?)"
                      + " ON CONFLICT (app_user, service_point) DO UPDATE"
                      + " SET since = excluded.since")) {
            s.setObject(1, since.atOffset(ZoneOffset.UTC));
            s.setString(2, point);
            s.setString(3, user);
            return s.executeUpdate() == 1
                && audited(c, by, "user.point-linked", user + " " + point + " since " + since);
          }
        });
  }

  /** Ends a link; false where there is none. */
  public boolean unlink(String user, String point, Actor by) {
    return transactions.run(
        "ending an account's link",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "DELETE FROM user_point WHERE service_point = ? AND app_user ="
                      + " (SELECT id FROM app_user WHERE lower(name) = lower(?))")) {
            s.setString(1, point);
            s.setString(2, user);
            return s.executeUpdate() == 1
                && audited(c, by, "user.point-unlinked", user + " " + point);
          }
        });
  }

  private boolean audited(Connection c, Actor by, String action, String detail)
      throws SQLException {
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
    return true;
  }
}
