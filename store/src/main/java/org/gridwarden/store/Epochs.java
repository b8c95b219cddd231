package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.audit.SignedCheckpoint;

/** The lives of the office: the first, and one for each restore from a backup. Thread-safe. */
public final class Epochs {
  private final Transactions transactions;

  Epochs(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * A life.
   *
   * @param n its number
   * @param began when
   * @param taken what was committed before this moment was brought back; empty for the first
   * @param auditSize how many entries of the audit log were brought back
   * @param snapshot from which backup
   * @param stated whether its beginning stands under the log's signature
   */
  public record Epoch(
      int n,
      UUID epoch,
      Instant began,
      Optional<Instant> taken,
      long auditSize,
      String snapshot,
      boolean stated) {}

  /** All, the first one first. */
  public List<Epoch> all() {
    return transactions.run(
        "reading the office's lives",
        c -> {
          List<Epoch> all = new ArrayList<>();
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT n, epoch, began, taken, audit_size, snapshot, statement <> ''"
                          + " FROM office_epoch ORDER BY n");
              ResultSet r = s.executeQuery()) {
            while (r.next()) {
              all.add(
                  new Epoch(
                      r.getInt(1),
                      r.getObject(2, UUID.class),
                      r.getObject(3, OffsetDateTime.class).toInstant(),
                      Optional.ofNullable(r.getObject(4, OffsetDateTime.class))
                          .map(OffsetDateTime::toInstant),
                      r.getLong(5),
                      r.getString(6),
                      r.getBoolean(7)));
            }
          }
          return all;
        });
  }

  /** Keeps what was signed about a life's beginning. */
  public void state(UUID epoch, SignedCheckpoint statement) {
    transactions.run(
        "keeping a statement",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("UPDATE office_epoch SET statement = ? WHERE epoch = ?")) {
            s.setString(1, statement.text());
            s.setObject(2, epoch);
            return s.executeUpdate();
          }
        });
  }

  /** Meters that cannot be addressed under a key of theirs, since its counter could not jump. */
  public List<MeterId> toRotate() {
    return transactions.run(
        "reading keys to rotate",
        c -> {
          List<MeterId> meters = new ArrayList<>();
          try (PreparedStatement s =
                  c.prepareStatement("SELECT DISTINCT meter FROM counter_finding ORDER BY meter");
              ResultSet r = s.executeQuery()) {
            while (r.next()) {
              meters.add(new MeterId(r.getString(1)));
            }
          }
          return meters;
        });
  }
}
