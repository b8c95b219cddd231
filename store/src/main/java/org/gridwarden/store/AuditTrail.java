package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.core.Actor;
import org.gridwarden.security.audit.ClearText;
import org.gridwarden.security.audit.LogEntry;

/** The audit log as an auditor reads it. Thread-safe. */
public final class AuditTrail {
  private final Transactions transactions;

  AuditTrail(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * An entry.
   *
   * @param id its number
   * @param at when
   * @param who who did it
   * @param action what
   * @param detail and to what, as text
   */
  public record Entry(long id, Instant at, Actor who, String action, String detail) {}

  /**
   * Entries, the newest first.
   *
   * @param before only those with a smaller number; {@link Long#MAX_VALUE} for the newest
   * @param most how many, 1 to 1,000
   */
  public List<Entry> before(long before, int most) {
    if (most < 1 || most > 1_000) {
      throw new IllegalArgumentException("1 to 1000 entries at once, not " + most);
    }
    return transactions.run(
        "reading the audit log",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT l.id, l.at, l.actor_kind, l.actor, l.action, l.detail, "
                      + AuditTree.CLEAR
                      + " FROM audit_log l LEFT JOIN audit_clear x ON x.entry = l.id"
                      + " WHERE l.id < ? ORDER BY l.id DESC LIMIT ?")) {
            s.setLong(1, before);
            s.setInt(2, most);
            List<Entry> entries = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                LogEntry entry = AuditTree.entry(r, 1);
                ClearText clear = AuditTree.clear(r, 7);
                entries.add(
                    new Entry(
                        entry.id(),
                        entry.at(),
                        new Actor(entry.who().kind(), clear.who(entry)),
                        entry.action(),
                        clear.detail(entry)));
              }
            }
            return entries;
          }
        });
  }
}
