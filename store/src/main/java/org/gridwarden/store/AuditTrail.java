package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.core.Actor;

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
                  "SELECT id, at, actor_kind, actor, action, detail FROM audit_log"
                      + " WHERE id < ? ORDER BY id DESC LIMIT ?")) {
            s.setLong(1, before);
            s.setInt(2, most);
            List<Entry> entries = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                entries.add(
                    new Entry(
                        r.getLong(1),
                        r.getObject(2, OffsetDateTime.class).toInstant(),
                        new Actor(Actor.Kind.valueOf(r.getString(3)), r.getString(4)),
                        r.getString(5),
                        new String(r.getBytes(6), StandardCharsets.UTF_8)));
              }
            }
            return entries;
          }
        });
  }
}
