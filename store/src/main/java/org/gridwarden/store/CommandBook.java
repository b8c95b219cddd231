package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;

/**
 * Commands, each step of theirs kept with who took it, also in the audit log, in the step's own
 * transaction. Thread-safe.
 */
public final class CommandBook {
  private static final String COLUMNS =
      "SELECT id, meter, feeder, word, parameters, reason, drafted_by, drafted, not_before,"
          + " expires, due, state, why, released_by, signed, receipt, attempts, switching FROM"
          + " command";

  /** By the query's parts; an empty one says nothing. */
  private static final String WHICH =
      " WHERE (cardinality(?::text[]) = 0 OR state = ANY (?))"
          + " AND (? = '' OR meter = ?) AND (? = '' OR word = ?) AND (? = '' OR drafted_by = ?)";

  private final Transactions transactions;
  private final InstantSource clock;

  CommandBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A step that a command took.
   *
   * @param state where it stood then
   * @param note why
   */
  public record Step(Instant at, CommandState state, Actor by, String note) {}

  /** Writes a new command, with its first step. */
  public void add(Tx tx, StoredCommand command, Actor by) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO command (id, meter, feeder, word, parameters, reason, drafted_by, drafted,"
                + " not_before, expires, due, state, why, switching)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      s.setObject(1, command.id().value());
      s.setString(2, command.meter().value());
      s.setString(3, command.feeder());
      s.setString(4, command.word());
      s.setBytes(5, command.parameters());
      s.setString(6, command.reason());
      s.setString(7, command.draftedBy());
      s.setObject(8, utc(command.drafted()));
      s.setObject(9, utc(command.notBefore()));
      s.setObject(10, utc(command.expires()));
      s.setObject(11, utc(command.due()));
      s.setString(12, command.state().name());
      s.setString(13, command.why());
      s.setBoolean(14, command.switching());
      s.executeUpdate();
      step(c, command.id(), command.state(), by, command.reason());
    } catch (SQLException e) {
      throw StoreException.of("drafting a command", e);
    }
  }

  /** Holds a command until the transaction ends: nobody else takes a step with it meanwhile. */
  public Optional<StoredCommand> hold(Tx tx, CommandId id) {
    try {
      return find(PgTx.of(tx), id, " FOR UPDATE");
    } catch (SQLException e) {
      throw StoreException.of("reading a command", e);
    }
  }

  /** A command. */
  public Optional<StoredCommand> find(CommandId id) {
    return transactions.run("reading a command", c -> find(c, id, ""));
  }

  private static Optional<StoredCommand> find(Connection c, CommandId id, String how)
      throws SQLException {
    try (PreparedStatement s = c.prepareStatement(COLUMNS + " WHERE id = ?" + how)) {
      s.setObject(1, id.value());
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(read(r)) : Optional.empty();
      }
    }
  }

  /**
   * Takes a step with a command that is held.
   *
   * @param note why, which stands beside the state as well
   */
  public void step(Tx tx, CommandId id, CommandState to, Actor by, String note) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement s =
        c.prepareStatement("UPDATE command SET state = ?, why = ? WHERE id = ?")) {
      s.setString(1, to.name());
      s.setString(2, note);
      s.setObject(3, id.value());
      s.executeUpdate();
      step(c, id, to, by, note);
    } catch (SQLException e) {
      throw StoreException.of("taking a step with a command", e);
    }
  }

  private void step(Connection c, CommandId id, CommandState to, Actor by, String note)
      throws SQLException {
    Instant at = clock.instant();
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO command_step (command, step, at, state, actor_kind, actor, note)"
                + " SELECT ?, count(*), ?, ?, ?, ?, ? FROM command_step WHERE command = ?")) {
      s.setObject(1, id.value());
      s.setObject(2, utc(at));
      s.setString(3, to.name());
      s.setString(4, by.kind().name());
      s.setString(5, by.name());
      s.setString(6, note);
      s.setObject(7, id.value());
      s.executeUpdate();
    }
    String detail = id.value() + (note.isEmpty() ? "" : ": " + note);
    StoredAuditLog.append(
        c,
        at,
        by,
        "command." + to.name().toLowerCase(java.util.Locale.ROOT),
        detail.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Lets a held command through: it counts in the windows from now on. */
  public void release(Tx tx, CommandId id, Instant at, Instant due, String secondPerson) {
    update(
        tx,
        "UPDATE command SET released = ?, due = ?, released_by = ? WHERE id = ?",
        s -> {
          s.setObject(1, utc(at));
          s.setObject(2, utc(due));
          s.setString(3, secondPerson);
          s.setObject(4, id.value());
        });
  }

  /** Makes a held command another operator's: the order that is signed names them. */
  public void adopt(Tx tx, CommandId id, String operator) {
    update(
        tx,
        "UPDATE command SET drafted_by = ? WHERE id = ?",
        s -> {
          s.setString(1, operator);
          s.setObject(2, id.value());
        });
  }

  /** Keeps a held command's signature. */
  public void sign(Tx tx, CommandId id, byte[] signed) {
    update(
        tx,
        "UPDATE command SET signed = ? WHERE id = ?",
        s -> {
          s.setBytes(1, signed);
          s.setObject(2, id.value());
        });
  }

  /** Keeps a held command's receipt. */
  public void receipt(Tx tx, CommandId id, byte[] receipt) {
    update(
        tx,
        "UPDATE command SET receipt = ? WHERE id = ?",
        s -> {
          s.setBytes(1, receipt);
          s.setObject(2, id.value());
        });
  }

  /** The steps that a command took, in their order. */
  public List<Step> steps(CommandId id) {
    return transactions.run(
        "reading a command's steps",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT at, state, actor_kind, actor, note FROM command_step"
                      + " WHERE command = ? ORDER BY step")) {
            s.setObject(1, id.value());
            List<Step> steps = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                steps.add(
                    new Step(
                        instant(r, 1),
                        CommandState.valueOf(r.getString(2)),
                        new Actor(Actor.Kind.valueOf(r.getString(3)), r.getString(4)),
                        r.getString(5)));
              }
            }
            return steps;
          }
        });
  }

  /** A page of commands, and how many there are of the kind. */
  public CommandPage page(CommandQuery query) {
    return transactions.run(
        "listing commands",
        c -> {
          try (PreparedStatement count =
                  c.prepareStatement("SELECT count(*) FROM command" + WHICH);
              PreparedStatement rows =
                  c.prepareStatement(
                      COLUMNS + WHICH + " ORDER BY " + order(query) + "id DESC LIMIT ? OFFSET ?")) {
            which(c, count, query);
            long total;
            try (ResultSet r = count.executeQuery()) {
              r.next();
              total = r.getLong(1);
            }
            int next = which(c, rows, query);
            rows.setInt(next, query.size());
            rows.setLong(next + 1, (long) query.page() * query.size());
            return new CommandPage(list(rows), total);
          }
        });
  }

  private static int which(Connection c, PreparedStatement s, CommandQuery query)
      throws SQLException {
    var names =
        Sql.array(c, "text", query.states().stream().map(Enum::name).toArray(String[]::new));
    int i = 0;
    s.setArray(++i, names);
    s.setArray(++i, names);
    for (String text :
        List.of(query.meter().map(MeterId::value).orElse(""), query.word(), query.by())) {
      s.setString(++i, text);
      s.setString(++i, text);
    }
    return i + 1;
  }

  /** Of an enumeration's own columns, so nothing of the caller's comes into the statement. */
  private static String order(CommandQuery query) {
    StringBuilder order = new StringBuilder();
    query
        .sort()
        .forEach(
            sort -> order.append(sort.by().column()).append(sort.descending() ? " DESC, " : ", "));
    return order.toString();
  }

  /**
   * Holds the windows of these names until the transaction ends, so that what is counted in them
   * stays so. Names are held in one order: nobody waits for each other.
   */
  public void holdWindows(Tx tx, Collection<String> names) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement make =
            c.prepareStatement(
                "INSERT INTO command_window (name) VALUES (?) ON CONFLICT DO NOTHING");
        PreparedStatement hold =
            c.prepareStatement("SELECT FROM command_window WHERE name = ? FOR UPDATE")) {
      for (String name : new TreeSet<>(names)) {
        make.setString(1, name);
        make.executeUpdate();
        hold.setString(1, name);
        hold.executeQuery().close();
      }
    } catch (SQLException e) {
      throw StoreException.of("holding a window", e);
    }
  }

  /**
   * How many switching commands were let through since then, one by one.
   *
   * @param feeder only its; empty for all
   * @param operator only those; empty for all
   */
  public int releasedSince(
      Tx tx, Instant since, Optional<String> feeder, Optional<String> operator) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT count(*) FROM command WHERE switching AND released > ?"
                + " AND (?::text IS NULL OR feeder = ?) AND (?::text IS NULL OR drafted_by = ?)")) {
      s.setObject(1, utc(since));
      s.setString(2, feeder.orElse(null));
      s.setString(3, feeder.orElse(null));
      s.setString(4, operator.orElse(null));
      s.setString(5, operator.orElse(null));
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getInt(1);
      }
    } catch (SQLException e) {
      throw StoreException.of("counting commands", e);
    }
  }

  /** The latest moment for which a switching command of a feeder is due; empty where none is. */
  public Optional<Instant> lastDue(Tx tx, String feeder) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT max(due) FROM command WHERE switching AND feeder = ? AND released IS NOT NULL"
                + " AND state IN ('RELEASED', 'SIGNED', 'QUEUED')")) {
      s.setString(1, feeder);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        OffsetDateTime last = r.getObject(1, OffsetDateTime.class);
        return Optional.ofNullable(last).map(OffsetDateTime::toInstant);
      }
    } catch (SQLException e) {
      throw StoreException.of("looking for the last command of a feeder", e);
    }
  }

  /**
   * Takes commands that may be sent now, for so long: each meter's oldest alone, so that they
   * arrive in their order; others pass a firmware update whose image is still being carried. One
   * that is not finished by then may be taken by another.
   *
   * @param holder who takes them, which no other living process is
   */
  public List<StoredCommand> claim(int most, Duration lease, UUID holder) {
    Instant now = clock.instant();
    return transactions.run(
        "taking commands to be sent",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "WITH mine AS (SELECT id FROM command m WHERE state IN ('QUEUED', 'SENT',"
                      + " 'IN_DOUBT') AND due <= ? AND (put_off IS NULL OR put_off <= ?)"
                      + " AND (leased_until IS NULL OR leased_until <= ?)"
                      + " AND NOT EXISTS (SELECT FROM command o WHERE o.meter = m.meter AND o.id <"
                      + " m.id   AND o.state IN ('QUEUED', 'SENT', 'IN_DOUBT') AND NOT (o.word ="
                      + " 'update-firmware' AND o.state = 'QUEUED' AND m.word <> o.word)) ORDER BY due, id"
                      + " LIMIT ? FOR UPDATE SKIP LOCKED), taken AS (UPDATE command t SET"
                      + " leased_until = ?, leased_by = ?, attempts = attempts + 1 FROM mine WHERE t.id = mine.id"
                      + " RETURNING t.*) "
                      + COLUMNS.replace(" FROM command", " FROM taken")
                      + " ORDER BY due, id")) {
            s.setObject(1, utc(now));
            s.setObject(2, utc(now));
            s.setObject(3, utc(now));
            s.setInt(4, most);
            s.setObject(5, utc(now.plus(lease)));
            s.setObject(6, holder);
            return list(s);
          }
        });
  }

  /**
   * Ends the leases of a holder that is dead, so that what was on its way is looked at now.
   *
   * @return how many there were
   */
  public int takeOver(UUID holder) {
    return transactions.run(
        "taking over what was on its way",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE command SET leased_until = NULL, leased_by = NULL WHERE leased_by = ?"
                      + " AND leased_until IS NOT NULL"
                      + " AND state IN ('QUEUED', 'SENT', 'IN_DOUBT')")) {
            s.setObject(1, holder);
            return s.executeUpdate();
          }
        });
  }

  /** Meters to which something was put off. */
  public List<MeterId> waitedFor() {
    return transactions.run(
        "looking for what was put off",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT DISTINCT meter FROM command WHERE put_off IS NOT NULL"
                          + " AND state IN ('QUEUED', 'SENT', 'IN_DOUBT')");
              ResultSet r = s.executeQuery()) {
            List<MeterId> meters = new ArrayList<>();
            while (r.next()) {
              meters.add(new MeterId(r.getString(1)));
            }
            return meters;
          }
        });
  }

  /**
   * A meter is there now: what was put off for it is due, a feeder's switching ones one after
   * another (C15).
   *
   * @param spacing between two switching ones of a feeder
   * @return whether there was anything
   */
  public boolean wake(MeterId meter, Duration spacing) {
    Instant now = clock.instant();
    return transactions.run(
        "waking what was put off",
        c -> {
          int woken;
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE command SET put_off = NULL WHERE meter = ? AND put_off IS NOT NULL"
                      + " AND state IN ('QUEUED', 'SENT', 'IN_DOUBT')"
                      + " AND (NOT switching OR feeder = '')")) {
            s.setString(1, meter.value());
            woken = s.executeUpdate();
          }
          try (PreparedStatement one =
                  c.prepareStatement(
                      "SELECT id, feeder FROM command WHERE meter = ? AND put_off IS NOT NULL"
                          + " AND state IN ('QUEUED', 'SENT', 'IN_DOUBT') AND switching"
                          + " AND feeder <> '' ORDER BY id LIMIT 1 FOR UPDATE");
              PreparedStatement turn =
                  c.prepareStatement(
                      "INSERT INTO command_window (name, next_wake) VALUES (?, ?)"
                          + " ON CONFLICT (name) DO UPDATE SET next_wake ="
                          + " greatest(command_window.next_wake, ?) + make_interval(secs => ?)"
                          + " RETURNING next_wake");
              PreparedStatement wake =
                  c.prepareStatement(
                      "UPDATE command SET put_off = least(put_off, ?) WHERE id = ?")) {
            one.setString(1, meter.value());
            try (ResultSet r = one.executeQuery()) {
              if (r.next()) {
                double seconds = spacing.toMillis() / 1_000.0;
                OffsetDateTime before = utc(now.minusMillis(spacing.toMillis()));
                turn.setString(1, "wake " + r.getString(2));
                turn.setObject(2, utc(now));
                turn.setObject(3, before);
                turn.setDouble(4, seconds);
                OffsetDateTime at;
                try (ResultSet next = turn.executeQuery()) {
                  next.next();
                  at = next.getObject(1, OffsetDateTime.class);
                }
                wake.setObject(1, at);
                wake.setObject(2, r.getObject(1, UUID.class));
                woken += wake.executeUpdate();
              }
            }
          }
          return woken > 0;
        });
  }

  /** Puts a command off: it is tried again then, or when its meter is there. */
  public void putOff(Tx tx, CommandId id, Instant until) {
    update(
        tx,
        "UPDATE command SET put_off = ?, leased_until = NULL, leased_by = NULL WHERE id = ?",
        s -> {
          s.setObject(1, utc(until));
          s.setObject(2, id.value());
        });
  }

  /** Puts a command off that is being prepared; that was no attempt to send it. */
  public void rest(Tx tx, CommandId id, Instant until) {
    update(
        tx,
        "UPDATE command SET due = ?, leased_until = NULL, attempts = greatest(attempts - 1, 0)"
            + " WHERE id = ?",
        s -> {
          s.setObject(1, utc(until));
          s.setObject(2, id.value());
        });
  }

  /** Why nobody may switch a meter off from afar; empty where somebody may. */
  public Optional<String> protection(MeterId meter) {
    return transactions.run("looking for a protected meter", c -> protection(new PgTx(c), meter));
  }

  /** Why nobody may switch a meter off from afar; empty where somebody may. */
  public Optional<String> protection(Tx tx, MeterId meter) {
    try (PreparedStatement s =
        PgTx.of(tx).prepareStatement("SELECT reason FROM protected_meter WHERE meter = ?")) {
      s.setString(1, meter.value());
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(r.getString(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw StoreException.of("looking for a protected meter", e);
    }
  }

  private interface Setting {
    void on(PreparedStatement s) throws SQLException;
  }

  private static void update(Tx tx, String sql, Setting setting) {
    try (PreparedStatement s = PgTx.of(tx).prepareStatement(sql)) {
      setting.on(s);
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("changing a command", e);
    }
  }

  private static List<StoredCommand> list(PreparedStatement s) throws SQLException {
    List<StoredCommand> commands = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        commands.add(read(r));
      }
    }
    return commands;
  }

  private static StoredCommand read(ResultSet r) throws SQLException {
    return new StoredCommand(
        new CommandId(r.getObject(1, UUID.class)),
        new MeterId(r.getString(2)),
        r.getString(3),
        r.getString(4),
        r.getBytes(5),
        r.getString(6),
        r.getString(7),
        instant(r, 8),
        instant(r, 9),
        instant(r, 10),
        instant(r, 11),
        CommandState.valueOf(r.getString(12)),
        r.getString(13),
        r.getString(14),
        Optional.ofNullable(r.getBytes(15)),
        Optional.ofNullable(r.getBytes(16)),
        r.getInt(17),
        r.getBoolean(18));
  }

  private static Instant instant(ResultSet r, int column) throws SQLException {
    return r.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
