package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.core.WrappedKeys.Wrapped;

/**
 * Meters' keys on their way from one to the next. A new key is pending from the draft of its order
 * until its meter confirms it; then it is in force, with counters and a replay window of its own,
 * and the one before is retired: all of that in one transaction (C5, C17). Thread-safe.
 */
public final class KeyBook {
  /** The name of a key's counters, as {@link Purpose#counterName} has it. */
  private static final String COUNTED =
      "CASE k.purpose WHEN 2 THEN 'seal/'::bytea || k.key_id"
          + " WHEN 4 THEN 'message/'::bytea || k.key_id ELSE k.key_id END";

  private final Transactions transactions;
  private final MeterRegistry meters;
  private final InstantSource clock;

  KeyBook(Transactions transactions, MeterRegistry meters, InstantSource clock) {
    this.transactions = transactions;
    this.meters = meters;
    this.clock = clock;
  }

  /** Where a key stands. */
  public enum State {
    /** Used both ways. */
    IN_FORCE,
    /** An order carries it to its meter: accepted from there, not used from here. */
    PENDING,
    /** Its meter uses another one. */
    RETIRED,
    /** Nothing under it is taken any more. */
    REVOKED
  }

  /**
   * A key as lists show it.
   *
   * @param since when the office got or made it
   * @param changed since when it is in its state
   * @param command which order carried it; empty where it was shipped
   * @param sent how many counters of it the office has reserved for itself
   * @param heard the greatest counter that the meter used with it; empty before any
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  public record Listed(
      Purpose purpose,
      byte[] keyId,
      State state,
      Instant since,
      Instant changed,
      Optional<CommandId> command,
      long sent,
      Optional<Long> heard) {
    public Listed {
      keyId = keyId.clone();
    }

    @Override
    public byte[] keyId() {
      return keyId.clone();
    }
  }

  /**
   * A key that is pending.
   *
   * @param wrapped under the office's local key
   * @param command which order carries it
   */
  public record Pending(Purpose purpose, Wrapped wrapped, CommandId command) {}

  /** A meter's keys, the newest of each purpose first. */
  public List<Listed> list(MeterId meter) {
    return transactions.run(
        "listing a meter's keys",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT k.purpose, k.key_id, k.state, k.since, k.changed, k.command,"
                      + " coalesce(s.next, 0), w.top FROM meter_key k"
                      + " JOIN meter m ON m.id = k.meter"
                      + " LEFT JOIN send_counter s ON s.meter = m.meter_id AND s.key_id = "
                      + COUNTED
                      + " LEFT JOIN replay_window w ON w.meter = k.meter AND w.key_id = "
                      + COUNTED
                      + " AND k.purpose IN (0, 4)"
                      + " WHERE m.meter_id = ? ORDER BY k.purpose, k.since DESC, k.changed DESC")) {
            s.setString(1, meter.value());
            try (ResultSet r = s.executeQuery()) {
              List<Listed> keys = new ArrayList<>();
              while (r.next()) {
                UUID command = r.getObject(6, UUID.class);
                long top = r.getLong(8);
                Optional<Long> heard = r.wasNull() ? Optional.empty() : Optional.of(top);
                keys.add(
                    new Listed(
                        Purpose.values()[r.getInt(1)],
                        r.getBytes(2),
                        State.valueOf(r.getString(3)),
                        r.getObject(4, OffsetDateTime.class).toInstant(),
                        r.getObject(5, OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(command).map(CommandId::new),
                        r.getLong(7),
                        heard));
              }
              return keys;
            }
          }
        });
  }

  /** How many keys are in each state, in all. */
  public Map<State, Long> counts() {
    return transactions.run(
        "counting keys",
        c -> {
          Map<State, Long> counts = new EnumMap<>(State.class);
          try (PreparedStatement s =
                  c.prepareStatement("SELECT state, count(*) FROM meter_key GROUP BY state");
              ResultSet r = s.executeQuery()) {
            while (r.next()) {
              counts.put(State.valueOf(r.getString(1)), r.getLong(2));
            }
          }
          return counts;
        });
  }

  /** A meter's pending keys. Holds the meter's row: one change at a time is begun or ended. */
  public List<Pending> pending(Tx tx, MeterId meter) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement hold =
            c.prepareStatement("SELECT FROM meter WHERE meter_id = ? FOR NO KEY UPDATE");
        PreparedStatement s =
            c.prepareStatement(
                "SELECT k.purpose, k.key_id, k.local, k.local_auth, k.command FROM meter_key k"
                    + " JOIN meter m ON m.id = k.meter"
                    + " WHERE m.meter_id = ? AND k.state = 'PENDING'")) {
      hold.setString(1, meter.value());
      hold.executeQuery().close();
      s.setString(1, meter.value());
      List<Pending> found = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          byte[] auth = r.getBytes(4);
          found.add(
              new Pending(
                  Purpose.values()[r.getInt(1)],
                  new Wrapped(r.getBytes(2), r.getBytes(3), auth == null ? new byte[0] : auth),
                  new CommandId(r.getObject(5, UUID.class))));
        }
      }
      return found;
    } catch (SQLException e) {
      throw StoreException.of("reading pending keys", e);
    }
  }

  /**
   * Makes a key pending, or has another order carry one that is.
   *
   * @param wrapped under the office's local key
   */
  public void propose(Tx tx, MeterId meter, Purpose purpose, Wrapped wrapped, CommandId command) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO meter_key (meter, purpose, key_id, local, local_auth, state, command)"
                    + " SELECT id, ?, ?, ?, ?, 'PENDING', ? FROM meter WHERE meter_id = ?"
                    + " ON CONFLICT (meter, purpose) WHERE state = 'PENDING'"
                    + " DO UPDATE SET command = excluded.command, changed = now()")) {
      s.setInt(1, purpose.ordinal());
      s.setBytes(2, wrapped.keyId());
      s.setBytes(3, wrapped.encryption());
      s.setBytes(4, wrapped.authentication());
      s.setObject(5, command.value());
      s.setString(6, meter.value());
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("keeping a new key", e);
    }
  }

  /**
   * The meter has confirmed an order: what it carried is in force, and what was before is retired.
   *
   * @return how many keys; none where that was so already
   */
  public int confirm(Tx tx, MeterId meter, CommandId command) {
    try {
      return confirm(PgTx.of(tx), meter, command, clock.instant(), "by its receipt");
    } catch (SQLException e) {
      throw StoreException.of("putting new keys in force", e);
    }
  }

  private static int confirm(
      Connection c, MeterId meter, CommandId command, Instant now, String how) throws SQLException {
    try (PreparedStatement retire =
            c.prepareStatement(
                "UPDATE meter_key o SET state = 'RETIRED', changed = now() FROM meter_key n"
                    + " WHERE n.command = ? AND n.state = 'PENDING' AND o.meter = n.meter"
                    + " AND o.purpose = n.purpose AND o.state = 'IN_FORCE'");
        PreparedStatement enforce =
            c.prepareStatement(
                "UPDATE meter_key SET state = 'IN_FORCE', changed = now()"
                    + " WHERE command = ? AND state = 'PENDING' RETURNING purpose, key_id");
        PreparedStatement counter =
            c.prepareStatement(
                "INSERT INTO send_counter (meter, key_id, next) VALUES (?, ?, 0)"
                    + " ON CONFLICT DO NOTHING")) {
      retire.setObject(1, command.value());
      retire.executeUpdate();
      enforce.setObject(1, command.value());
      int keys = 0;
      try (ResultSet r = enforce.executeQuery()) {
        while (r.next()) {
          keys++;
          counter.setString(1, meter.value());
          counter.setBytes(2, Purpose.values()[r.getInt(1)].counterName(r.getBytes(2)));
          counter.addBatch(); // a fresh one, unless the office spoke under this key before
        }
      }
      counter.executeBatch();
      if (keys > 0) {
        audit(c, now, new Actor(Actor.Kind.METER, meter.value()), "keys.confirmed", command, how);
      }
      return keys;
    }
  }

  /** A meter, by its number, and under which key it was heard. */
  @SuppressWarnings("ArrayRecordComponent") // stays within the room, never changed
  record Heard(int meter, byte[] keyId) {}

  /**
   * Genuine messages came for the first time under these keys: where one is pending, its whole
   * order is confirmed by that.
   *
   * @return which meters' keys have changed
   */
  static List<MeterId> heard(Connection c, List<Heard> first, Instant now) throws SQLException {
    if (first.isEmpty()) {
      return List.of();
    }
    List<MeterId> changed = new ArrayList<>();
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT m.meter_id, k.command FROM unnest(?::int[], ?::bytea[]) q (meter, key_id)"
                + " JOIN meter_key k ON k.meter = q.meter AND q.key_id = "
                + COUNTED
                + " AND k.purpose IN (0, 4) AND k.state = 'PENDING' JOIN meter m ON m.id = k.meter"
                + " ORDER BY k.meter FOR UPDATE OF k")) {
      s.setArray(1, Sql.array(c, "int4", first.stream().mapToInt(Heard::meter).toArray()));
      s.setArray(2, Sql.array(c, "bytea", first.stream().map(Heard::keyId).toArray(byte[][]::new)));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          MeterId meter = new MeterId(r.getString(1));
          CommandId command = new CommandId(r.getObject(2, UUID.class));
          if (confirm(c, meter, command, now, "by a message under the new key") > 0) {
            changed.add(meter);
          }
        }
      }
    }
    return changed;
  }

  private static void audit(
      Connection c, Instant now, Actor by, String action, CommandId command, String how)
      throws SQLException {
    StoredAuditLog.append(
        c, now, by, action, (command.value() + ": " + how).getBytes(StandardCharsets.UTF_8));
  }

  /** Whether all that an order carried is in force or was, since: the meter has told by itself. */
  public boolean confirmed(CommandId command) {
    return transactions.run(
        "looking for an order's keys",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT count(*) > 0 AND bool_and(state IN ('IN_FORCE', 'RETIRED'))"
                      + " FROM meter_key WHERE command = ?")) {
            s.setObject(1, command.value());
            try (ResultSet r = s.executeQuery()) {
              return r.next() && r.getBoolean(1);
            }
          }
        });
  }

  /**
   * The meter has not done what an order says and never will: its keys are forgotten.
   *
   * @return how many there were
   */
  public int drop(Tx tx, CommandId command) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement("DELETE FROM meter_key WHERE command = ? AND state = 'PENDING'")) {
      s.setObject(1, command.value());
      int keys = s.executeUpdate();
      if (keys > 0) {
        audit(
            PgTx.of(tx),
            clock.instant(),
            Actor.system("keys"),
            "keys.dropped",
            command,
            "the meter has not taken them");
      }
      return keys;
    } catch (SQLException e) {
      throw StoreException.of("forgetting a new key", e);
    }
  }

  /** Who keeps a meter's keys open is to read them anew; after the commit. */
  public void changed(MeterId meter) {
    meters.keysChanged(meter);
  }

  /** A key that is used up to a part. */
  public record Worn(MeterId meter, Purpose purpose, double part) {}

  /**
   * Keys in force of which more than a part of the 2^32 counters is used, on either side, and whose
   * successor is not on its way (C4).
   *
   * @param part more than 0, less than 1
   */
  public List<Worn> worn(double part, int most) {
    return transactions.run(
        "looking for worn keys",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT meter_id, used / 4294967296.0, purpose FROM (SELECT m.meter_id, m.id,"
                      + " greatest(coalesce(s.next, 0), coalesce(w.top, 0)) AS used, k.purpose"
                      + " FROM meter_key k JOIN meter m ON m.id = k.meter"
                      + " LEFT JOIN send_counter s ON s.meter = m.meter_id AND s.key_id = "
                      + COUNTED
                      + " LEFT JOIN replay_window w ON w.meter = k.meter AND w.key_id = "
                      + COUNTED
                      + " WHERE k.purpose IN (0, 4) AND k.state = 'IN_FORCE'"
                      + " AND m.state = 'ACTIVE') u"
                      + " WHERE used > ?::float8 * 4294967296.0 AND NOT EXISTS (SELECT FROM"
                      + " meter_key p WHERE p.meter = u.id AND p.purpose = u.purpose AND p.state ="
                      + " 'PENDING') ORDER BY used DESC LIMIT ?")) {
            s.setDouble(1, part);
            s.setInt(2, most);
            List<Worn> worn = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                worn.add(
                    new Worn(
                        new MeterId(r.getString(1)),
                        Purpose.values()[r.getInt(3)],
                        r.getDouble(2)));
              }
            }
            return worn;
          }
        });
  }
}
