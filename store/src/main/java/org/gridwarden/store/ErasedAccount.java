package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;

/** Blanks what is personal of an account (C33). Works on a caller's connection; stateless. */
final class ErasedAccount {
  private static final String GONE = "(erased)";

  private ErasedAccount() {}

  /** Refuses an account that is not known, and one that is still supplied. */
  static void check(Connection c, String account, Instant now) throws SQLException {
    if (AccountBook.find(c, account, " FOR UPDATE").isEmpty()) {
      throw StoreException.at(Fault.Code.CONFLICT, "account", "there is no such account");
    }
    Optional<String> point = AccountBook.supplied(c, account, now);
    if (point.isPresent()) {
      throw StoreException.at(
          Fault.Code.CONFLICT, "account", "is still supplied at " + point.get() + ": move it out");
    }
  }

  /** How many rows of which table were changed or deleted. */
  static Map<String, Long> blank(Connection c, String account, Actor by, Instant now)
      throws SQLException {
    Map<String, Long> rows = new LinkedHashMap<>();
    rows.put(
        "account",
        run(
            c,
            "UPDATE account SET name = ?, street = '', city = '', email = '', phone = '', language"
                + " = 'und', status = 'ERASED', erased = ?, closed = coalesce(closed, ?)"
                + " WHERE id = ?",
            GONE,
            now.atOffset(ZoneOffset.UTC),
            now.atOffset(ZoneOffset.UTC),
            account));
    rows.put("bill_customer", run(c, "DELETE FROM bill_customer WHERE account = ?", account));
    rows.put("account_user", run(c, "DELETE FROM account_user WHERE account = ?", account));
    rows.put(
        "account_step",
        run(
            c,
            "UPDATE account_step SET note = ? WHERE account = ? AND what IN ('note', 'closed')"
                + " AND note <> ''",
            GONE,
            account));
    run(
        c,
        "INSERT INTO account_step (at, account, what, actor_kind, actor) VALUES (?, ?, 'erased', ?,"
            + " ?)",
        now.atOffset(ZoneOffset.UTC),
        account,
        by.kind().name(),
        by.name());
    return rows;
  }

  private static long run(Connection c, String sql, Object... values) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        s.setObject(i + 1, values[i]);
      }
      return s.executeUpdate();
    }
  }
}
