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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.jspecify.annotations.Nullable;

/**
 * Consumers whose power nobody switches off from afar, and who asked for that to end. What two
 * persons have to do with it is the head-end's business; the database refuses who asked.
 * Thread-safe.
 */
public final class ProtectionBook {
  private static final String COLUMNS =
      "SELECT p.meter, p.since, p.reason, p.by, l.id, l.asked, l.asked_by, l.reason"
          + " FROM protected_meter p"
          + " LEFT JOIN protection_lift l ON l.meter = p.meter AND l.decided IS NULL ";

  private final Transactions transactions;
  private final InstantSource clock;

  ProtectionBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * That a protection should end, until somebody else decides.
   *
   * @param reason in its asker's words
   */
  public record Lift(long id, Instant asked, String askedBy, String reason) {}

  /**
   * Why nobody may switch a meter off from afar.
   *
   * @param reason in its operator's words
   * @param by who said so
   * @param lift who asked for it to end; empty where nobody does
   */
  public record Protection(
      MeterId meter, Instant since, String reason, String by, Optional<Lift> lift) {}

  /** A meter's protection as it stands. */
  public Optional<Protection> of(MeterId meter) {
    return transactions.run("looking for a protected meter", c -> find(c, meter, ""));
  }

  /** Holds a meter's protection until the transaction ends. */
  public Optional<Protection> hold(Tx tx, MeterId meter) {
    try {
      return find(PgTx.of(tx), meter, " FOR UPDATE OF p");
    } catch (SQLException e) {
      throw StoreException.of("looking for a protected meter", e);
    }
  }

  private static Optional<Protection> find(Connection c, MeterId meter, String how)
      throws SQLException {
    try (PreparedStatement s = c.prepareStatement(COLUMNS + "WHERE p.meter = ?" + how)) {
      s.setString(1, meter.value());
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(read(r)) : Optional.empty();
      }
    }
  }

  /** All of them, those that are asked to end first; at most so many. */
  public List<Protection> list(int most) {
    return transactions.run(
        "listing protected meters",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(COLUMNS + "ORDER BY l.asked NULLS LAST, p.meter LIMIT ?")) {
            s.setInt(1, most);
            List<Protection> all = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                all.add(read(r));
              }
            }
            return all;
          }
        });
  }

  private static Protection read(ResultSet r) throws SQLException {
    long lift = r.getLong(5);
    return new Protection(
        new MeterId(r.getString(1)),
        instant(r, 2),
        r.getString(3),
        r.getString(4),
        lift == 0
            ? Optional.empty()
            : Optional.of(new Lift(lift, instant(r, 6), r.getString(7), r.getString(8))));
  }

  /** From now on nobody switches it off from afar. */
  public void protect(Tx tx, MeterId meter, String reason, Actor by) {
    run(
        tx,
        "INSERT INTO protected_meter (meter, since, reason, by) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (meter) DO UPDATE SET reason = excluded.reason, by = excluded.by",
        meter.value(),
        now(),
        reason,
        by.name());
    audit(tx, by, "meter.protected", meter.value() + ": " + reason);
  }

  /** Asks for a protection to end. */
  public void ask(Tx tx, MeterId meter, String reason, Actor by) {
    run(
        tx,
        "INSERT INTO protection_lift (asked, meter, asked_by, reason) VALUES (?, ?, ?, ?)",
        now(),
        meter.value(),
        by.name(),
        reason);
    audit(tx, by, "protection.lift-asked", meter.value() + ": " + reason);
  }

  /** Decides upon what was asked; where it is released, the protection ends. */
  public void decide(Tx tx, Protection protection, Lift lift, boolean release, Actor by) {
    run(
        tx,
        "UPDATE protection_lift SET decided = ?, decided_by = ?, released = ? WHERE id = ?",
        now(),
        by.name(),
        release,
        lift.id());
    String what =
        protection.meter().value() + ": asked by " + lift.askedBy() + ", " + lift.reason();
    if (release) {
      run(tx, "DELETE FROM protected_meter WHERE meter = ?", protection.meter().value());
      audit(tx, by, "meter.unprotected", what);
    } else {
      audit(tx, by, "protection.lift-refused", what);
    }
  }

  private static void run(Tx tx, String sql, @Nullable Object... values) {
    try (PreparedStatement s = PgTx.of(tx).prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        s.setObject(i + 1, values[i]);
      }
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("changing a protection", e);
    }
  }

  private void audit(Tx tx, Actor by, String action, String detail) {
    try {
      StoredAuditLog.append(
          PgTx.of(tx), clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
    } catch (SQLException e) {
      throw StoreException.of("appending to the audit log", e);
    }
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static Instant instant(ResultSet r, int column) throws SQLException {
    return r.getObject(column, OffsetDateTime.class).toInstant();
  }
}
