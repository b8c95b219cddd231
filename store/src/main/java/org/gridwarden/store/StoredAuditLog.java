package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.gridwarden.core.Actor;
import org.gridwarden.core.AuditLog;
import org.gridwarden.core.Tx;

/** The audit log as a table that is only ever appended to. Thread-safe. */
final class StoredAuditLog implements AuditLog {
  private final InstantSource clock;

  StoredAuditLog(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public long append(Tx tx, Actor who, String action, byte[] detail) {
    try {
      return append(PgTx.of(tx), clock.instant(), who, action, detail);
    } catch (SQLException e) {
      throw StoreException.of("appending to the audit log", e);
    }
  }

  static long append(Connection c, Instant at, Actor who, String action, byte[] detail)
      throws SQLException {
    try (var s =
        c.prepareStatement(
            "INSERT INTO audit_log (at, actor_kind, actor, action, detail)"
                + " VALUES (?, ?, ?, ?, ?) RETURNING id")) {
      s.setObject(1, at.atOffset(ZoneOffset.UTC));
      s.setString(2, who.kind().name());
      s.setString(3, who.name());
      s.setString(4, action);
      s.setBytes(5, detail);
      try (var r = s.executeQuery()) {
        r.next();
        return r.getLong(1);
      }
    }
  }
}
