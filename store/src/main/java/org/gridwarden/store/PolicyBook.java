package org.gridwarden.store;

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
import org.gridwarden.core.Tx;

/**
 * The versions of the commands' policy. A proposal is in force once somebody else has approved it.
 * Thread-safe.
 */
public final class PolicyBook {
  private final Transactions transactions;
  private final InstantSource clock;

  PolicyBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  private static final String COLUMNS =
      "SELECT version, proposed, proposed_by, coalesce(approved, refused), approved IS NOT NULL,"
          + " decided_by, reason, content FROM command_policy ";

  /**
   * A version.
   *
   * @param decided when somebody approved or refused it; empty while it is open
   * @param approved whether it was approved
   * @param decidedBy who did; empty while it is open
   * @param reason why it was proposed
   * @param content as text; what it means is the head-end's business
   */
  public record Version(
      int version,
      Instant proposed,
      String proposedBy,
      Optional<Instant> decided,
      boolean approved,
      String decidedBy,
      String reason,
      String content) {}

  /** The newest versions, proposals and refused ones too, the newest first; 1 to 1,000. */
  public List<Version> latest(int most) {
    return transactions.run(
        "reading the policy's versions",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(COLUMNS + "ORDER BY version DESC LIMIT ?")) {
            s.setInt(1, most);
            List<Version> versions = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                versions.add(read(r));
              }
            }
            return versions;
          }
        });
  }

  private static Version read(ResultSet r) throws SQLException {
    OffsetDateTime decided = r.getObject(4, OffsetDateTime.class);
    return new Version(
        r.getInt(1),
        r.getObject(2, OffsetDateTime.class).toInstant(),
        r.getString(3),
        Optional.ofNullable(decided).map(OffsetDateTime::toInstant),
        r.getBoolean(5),
        r.getString(6),
        r.getString(7),
        r.getString(8));
  }

  /** The version in force; empty where none was ever approved. */
  public Optional<Version> inForce(Tx tx) {
    return one(tx, "WHERE approved IS NOT NULL ORDER BY approved DESC, version DESC LIMIT 1");
  }

  /** The version in force; empty where none was ever approved. */
  public Optional<Version> inForce() {
    return transactions.run("reading the policy", c -> inForce(new PgTx(c)));
  }

  /** A proposal that nobody has decided upon. */
  public Optional<Version> open(Tx tx, int version) {
    return one(
        tx, "WHERE approved IS NULL AND refused IS NULL AND version = " + version + " FOR UPDATE");
  }

  private static Optional<Version> one(Tx tx, String which) {
    try (PreparedStatement s = PgTx.of(tx).prepareStatement(COLUMNS + which);
        ResultSet r = s.executeQuery()) {
      return r.next() ? Optional.of(read(r)) : Optional.empty();
    } catch (SQLException e) {
      throw StoreException.of("reading the policy", e);
    }
  }

  /** Proposes a version. Returns its number. */
  public int propose(Tx tx, String content, String reason, Actor by) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO command_policy (proposed, proposed_by, reason, content)"
                    + " VALUES (?, ?, ?, ?) RETURNING version")) {
      s.setObject(1, now());
      s.setString(2, by.name());
      s.setString(3, reason);
      s.setString(4, content);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        int version = r.getInt(1);
        audit(tx, by, "policy.proposed", version + ": " + reason + "\n" + content);
        return version;
      }
    } catch (SQLException e) {
      throw StoreException.of("proposing a policy", e);
    }
  }

  /** Approves or refuses an open proposal. The database refuses who proposed it. */
  public void decide(Tx tx, int version, boolean approve, Actor by) {
    String which = approve ? "approved" : "refused";
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "UPDATE command_policy SET " + which + " = ?, decided_by = ? WHERE version = ?")) {
      s.setObject(1, now());
      s.setString(2, by.name());
      s.setInt(3, version);
      s.executeUpdate();
      audit(tx, by, "policy." + which, String.valueOf(version));
    } catch (SQLException e) {
      throw StoreException.of("deciding upon a policy", e);
    }
  }

  private void audit(Tx tx, Actor by, String action, String detail) throws SQLException {
    StoredAuditLog.append(
        PgTx.of(tx),
        clock.instant(),
        by,
        action,
        detail.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }
}
