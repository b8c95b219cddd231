package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Set;
import org.gridwarden.core.Actor;
import org.gridwarden.core.AuditLog;
import org.gridwarden.core.Tx;
import org.gridwarden.security.audit.ClearText;
import org.gridwarden.security.audit.Commitment;

/**
 * The audit log as a table that is only ever appended to. Names of people and meters, and every
 * detail, go into it as salted commitments (C33); the clear text lies beside it, where it can be
 * erased. Thread-safe.
 */
final class StoredAuditLog implements AuditLog {
  /** The office's own memory of its memory: numbers, hashes and days, which others rely on. */
  private static final Set<String> OPEN =
      Set.of("integrity.vouched", "office.restored", "evidence.signed");

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
    if (OPEN.contains(action)) {
      return appendOpen(c, at, who, action, detail);
    }
    boolean personal = who.kind() == Actor.Kind.PERSON || who.kind() == Actor.Kind.METER;
    ClearText.Part name =
        new ClearText.Part(Commitment.salt(), who.name().getBytes(StandardCharsets.UTF_8));
    ClearText.Part what = new ClearText.Part(Commitment.salt(), detail);
    long id =
        appendOpen(
            c,
            at,
            personal ? new Actor(who.kind(), name.commitment()) : who,
            action,
            what.commitment().getBytes(StandardCharsets.US_ASCII));
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO audit_clear (entry, who_salt, who, detail_salt, detail)"
                + " VALUES (?, ?, ?, ?, ?)")) {
      s.setLong(1, id);
      s.setBytes(2, personal ? name.salt() : null);
      s.setBytes(3, personal ? name.text() : null);
      s.setBytes(4, what.salt());
      s.setBytes(5, what.text());
      s.executeUpdate();
    }
    return id;
  }

  private static long appendOpen(Connection c, Instant at, Actor who, String action, byte[] detail)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO audit_log (at, actor_kind, actor, action, detail)"
                + " VALUES (?, ?, ?, ?, ?) RETURNING id")) {
      s.setObject(1, at.atOffset(ZoneOffset.UTC));
      s.setString(2, who.kind().name());
      s.setString(3, who.name());
      s.setString(4, action);
      s.setBytes(5, detail);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getLong(1);
      }
    }
  }
}
