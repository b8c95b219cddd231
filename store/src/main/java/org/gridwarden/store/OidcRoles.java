package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.core.Actor;

/**
 * Which words of an identity provider give which role. What no row names gives nothing. Each change
 * stands in the audit log, in its transaction. Thread-safe.
 */
public final class OidcRoles {
  private final Transactions transactions;
  private final InstantSource clock;

  OidcRoles(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A rule.
   *
   * @param claim the claim's name, such as roles or groups
   * @param value one of its values, exactly
   * @param role the role that it gives
   */
  public record Rule(String claim, String value, String role) {}

  /** All, by claim and value. */
  public List<Rule> all() {
    return transactions.run(
        "listing what a provider's words give",
        c -> {
          List<Rule> rules = new ArrayList<>();
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT claim, value, role FROM oidc_role ORDER BY claim, value, role");
              ResultSet r = s.executeQuery()) {
            while (r.next()) {
              rules.add(new Rule(r.getString(1), r.getString(2), r.getString(3)));
            }
          }
          return rules;
        });
  }

  /** Adds one; nothing changes where it is there. */
  public void add(Rule rule, Actor by) {
    change(
        "INSERT INTO oidc_role (claim, value, role) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        rule,
        by,
        "oidc.rule-added");
  }

  /** Removes one; false where there is none. */
  public boolean remove(Rule rule, Actor by) {
    return change(
        "DELETE FROM oidc_role WHERE claim = ? AND value = ? AND role = ?",
        rule,
        by,
        "oidc.rule-removed");
  }

  private boolean change(String sql, Rule rule, Actor by, String action) {
    return transactions.run(
        "changing what a provider's words give",
        c -> {
          try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setString(1, rule.claim());
            s.setString(2, rule.value());
            s.setString(3, rule.role());
            return s.executeUpdate() == 1 && audited(c, by, action, rule);
          }
        });
  }

  private boolean audited(Connection c, Actor by, String action, Rule rule) throws SQLException {
    String detail = rule.claim() + "=" + rule.value() + " " + rule.role();
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
    return true;
  }
}
