package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.gridwarden.core.Actor;
import org.gridwarden.store.backup.RestoredMark;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first start of a restored folder: what the office remembers is old, and it must not act as if
 * it were not. In one transaction every counter jumps past what can have been used since (C2),
 * commands that may be under way are in doubt, and the audit log says that it goes on from here.
 * Once done it is not done again, whatever crashes.
 */
final class AfterRestore {
  private static final Logger log = LoggerFactory.getLogger(AfterRestore.class);
  private static final Actor RESTORE = Actor.system("restore");
  private static final String DOUBT =
      "the office was restored from a backup: whether it was sent is not known";

  private AfterRestore() {}

  /**
   * @throws StoreException where the clock says that the backup is still to be taken
   */
  static void apply(Transactions transactions, RestoredMark mark, Instant now) {
    if (now.isBefore(mark.taken())) {
      throw StoreException.at(
          "restored folder",
          "this machine's clock says "
              + now
              + ", and the backup was taken at "
              + mark.taken()
              + ": set the clock; how far counters must jump follows from it");
    }
    Integer exhausted = transactions.run("going on after a restore", c -> apply(c, mark, now));
    if (exhausted >= 0) {
      log.warn(
          "restored from {}: what came after {} is lost, counters jumped by {}, {} keys have to be"
              + " rotated first",
          mark.snapshot(),
          mark.taken(),
          CounterAllowance.jump(mark.taken(), now),
          exhausted);
    }
  }

  private static int apply(Connection c, RestoredMark mark, Instant now) throws SQLException {
    if (known(c, mark.epoch())) {
      return -1;
    }
    Instant taken = earliest(c, mark.taken());
    long jump = CounterAllowance.jump(taken, now);
    int exhausted = counters(c, jump, now);
    long size = AuditTree.size(c);
    int doubted = count(c, "SELECT count(*) FROM command WHERE state IN ('QUEUED', 'SENT')");
    String detail =
        "epoch="
            + mark.epoch()
            + ", from snapshot "
            + mark.snapshot()
            + ": the log goes on after entry "
            + size
            + "; what was committed after "
            + taken
            + " is lost; counters jumped by "
            + jump
            + "; keys to rotate: "
            + exhausted
            + "; commands in doubt: "
            + doubted;
    long entry =
        StoredAuditLog.append(
            c, now, RESTORE, "office.restored", detail.getBytes(StandardCharsets.UTF_8));
    AuditTree.adopt(c, entry);
    doubt(c, now);
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO office_epoch (epoch, began, taken, audit_size, parent, snapshot)"
                + " VALUES (?, ?, ?, ?, ?, ?)")) {
      s.setObject(1, mark.epoch());
      s.setObject(2, utc(now));
      s.setObject(3, utc(taken));
      s.setLong(4, size);
      s.setString(5, mark.parent());
      s.setString(6, mark.snapshot());
      s.executeUpdate();
    }
    return exhausted;
  }

  private static boolean known(Connection c, UUID epoch) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("SELECT FROM office_epoch WHERE epoch = ?")) {
      s.setObject(1, epoch);
      try (ResultSet r = s.executeQuery()) {
        return r.next();
      }
    }
  }

  /** An external database was backed up by its own means, perhaps before the folder was. */
  private static Instant earliest(Connection c, Instant taken) throws SQLException {
    try (PreparedStatement s =
            c.prepareStatement(
                "SELECT greatest((SELECT max(at) FROM audit_log),"
                    + " (SELECT max(contact) FROM replay_window))");
        ResultSet r = s.executeQuery()) {
      r.next();
      OffsetDateTime last = r.getObject(1, OffsetDateTime.class);
      return last != null && last.toInstant().isBefore(taken) ? last.toInstant() : taken;
    }
  }

  private static int counters(Connection c, long jump, Instant now) throws SQLException {
    // a key that was not used yet when the backup was taken may have been used since
    execute(
        c,
        "INSERT INTO send_counter (meter, key_id, next)"
            + " SELECT m.meter_id, n.name, 0 FROM meter_key k JOIN meter m ON m.id = k.meter"
            + " CROSS JOIN LATERAL (VALUES (k.key_id), ('\\x7365616c2f'::bytea || k.key_id),"
            + " ('message/'::bytea || k.key_id))"
            + " n (name) ON CONFLICT DO NOTHING");
    try (PreparedStatement s =
        c.prepareStatement("UPDATE send_counter SET next = next + ?, spent = ?")) {
      s.setLong(1, jump);
      s.setObject(2, utc(now.plus(CounterAllowance.BURST)));
      s.executeUpdate();
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO counter_finding (found, meter, key_id, why)"
                + " SELECT ?, meter, key_id, 'after a restore its counter may have been used to its"
                + " end' FROM send_counter WHERE next >= ? AND NOT starts_with(encode(key_id,"
                + " 'hex'), '7365616c2f') ON CONFLICT DO NOTHING")) {
      s.setObject(1, utc(now));
      s.setLong(2, CounterAllowance.END);
      return s.executeUpdate();
    }
  }

  private static void doubt(Connection c, Instant now) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "WITH moved AS (UPDATE command SET state = 'IN_DOUBT', why = ?, leased_until = NULL"
                + " WHERE state IN ('QUEUED', 'SENT') RETURNING id)"
                + " INSERT INTO command_step (command, step, at, state, actor_kind, actor, note)"
                + " SELECT m.id, (SELECT count(*) FROM command_step o WHERE o.command = m.id), ?,"
                + " 'IN_DOUBT', ?, ?, ? FROM moved m RETURNING command")) {
      s.setString(1, DOUBT);
      s.setObject(2, utc(now));
      s.setString(3, RESTORE.kind().name());
      s.setString(4, RESTORE.name());
      s.setString(5, DOUBT);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          StoredAuditLog.append(
              c,
              now,
              RESTORE,
              "command.in_doubt",
              (r.getObject(1) + ": " + DOUBT).getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static int count(Connection c, String sql) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql);
        ResultSet r = s.executeQuery()) {
      r.next();
      return r.getInt(1);
    }
  }

  private static void execute(Connection c, String sql) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      s.executeUpdate();
    }
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
