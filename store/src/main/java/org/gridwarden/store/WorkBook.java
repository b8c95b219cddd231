package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Tx;

/** Work orders and their stories. Thread-safe. */
public final class WorkBook {
  private static final String COLUMNS =
      "w.id, w.kind, w.title, w.severity, m.meter_id, w.service_point, w.cause, w.due, w.state,"
          + " w.assignee, w.created, w.created_by, w.closed, w.closed_by"
          + " FROM work_order w LEFT JOIN meter m ON m.id = w.meter";

  private final Transactions transactions;
  private final Dictionary dictionary;
  private final InstantSource clock;

  WorkBook(Transactions transactions, Dictionary dictionary, InstantSource clock) {
    this.transactions = transactions;
    this.dictionary = dictionary;
    this.clock = clock;
  }

  /**
   * Which work.
   *
   * @param states in which; empty for all
   * @param assignee of one person; empty for all
   * @param meter at one meter, or anywhere
   * @param servicePoints at one of these; empty for anywhere
   */
  public record Query(
      Set<WorkOrder.State> states,
      String assignee,
      @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<MeterId> meter,
      Set<String> servicePoints) {
    public Query {
      states = Set.copyOf(states);
      servicePoints = Set.copyOf(servicePoints);
    }
  }

  /** A page: what is not closed first, of this the most urgent, then what is due first. */
  public record Page(List<WorkOrder> items, long total) {}

  /**
   * A line of the story of some work.
   *
   * @param at when, by the office's clock
   * @param what created, assigned, note, evidence, done or cancelled
   * @param who did it
   * @param note in words
   */
  public record Step(Instant at, String what, Actor who, String note) {}

  /**
   * Something that asks for work and has none yet.
   *
   * @param meter which meter
   * @param servicePoint where it is mounted; may be empty
   * @param cause names the one happening, so that it makes one order
   */
  public record Asking(MeterId meter, String servicePoint, String cause) {}

  /** A page of work orders, 1 to 1,000 of them. */
  public Page page(Query query, int page, int size) {
    if (page < 0 || size < 1 || size > 1_000) {
      throw new IllegalArgumentException(
          "a page is 0 or more and has 1 to 1000 items, not " + page + " and " + size);
    }
    return transactions.run(
        "reading work orders",
        c -> {
          List<WorkOrder> items = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT "
                      + COLUMNS
                      + where(query)
                      + " ORDER BY w.closed IS NOT NULL, w.closed DESC, w.severity DESC, w.due"
                      + " NULLS LAST, w.id LIMIT "
                      + size
                      + " OFFSET "
                      + (long) page * size)) {
            bind(s, query);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                items.add(row(r));
              }
            }
          }
          try (PreparedStatement s =
              c.prepareStatement("SELECT count(*) FROM work_order w" + where(query))) {
            bind(s, query);
            try (ResultSet r = s.executeQuery()) {
              r.next();
              return new Page(List.copyOf(items), r.getLong(1));
            }
          }
        });
  }

  /** One work order. */
  public Optional<WorkOrder> find(long id) {
    return transactions.run("reading a work order", c -> one(c, id, ""));
  }

  /** One, held until the transaction ends. */
  public Optional<WorkOrder> hold(Tx tx, long id) {
    try {
      return one(PgTx.of(tx), id, " FOR UPDATE OF w");
    } catch (SQLException e) {
      throw StoreException.of("holding a work order", e);
    }
  }

  /**
   * Makes a work order.
   *
   * @return its number; empty where its cause has one that is not closed
   */
  public Optional<Long> create(Tx tx, WorkOrder.What what, Actor by) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO work_order (created, due, meter, severity, service_point, kind, title,"
                    + " cause, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (cause) WHERE closed IS NULL AND cause <> '' DO NOTHING"
                    + " RETURNING id")) {
      s.setObject(1, now());
      s.setObject(2, what.due().map(WorkBook::utc).orElse(null));
      s.setObject(
          3, what.meter().map(m -> dictionary.meter(m).orElseThrow()).orElse(null), Types.INTEGER);
      s.setInt(4, what.severity().ordinal());
      s.setString(5, what.servicePoint());
      s.setString(6, what.kind());
      s.setString(7, what.title());
      s.setString(8, what.cause());
      s.setString(9, by.name());
      long id;
      try (ResultSet r = s.executeQuery()) {
        if (!r.next()) {
          return Optional.empty();
        }
        id = r.getLong(1);
      }
      step(tx, id, "created", by, what.cause());
      return Optional.of(id);
    } catch (SQLException e) {
      throw StoreException.of("making a work order", e);
    }
  }

  /** Names who does it; the empty name: nobody. */
  public void assign(Tx tx, long id, String assignee) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement("UPDATE work_order SET state = ?, assignee = ? WHERE id = ?")) {
      s.setString(1, (assignee.isEmpty() ? WorkOrder.State.OPEN : WorkOrder.State.ASSIGNED).word());
      s.setString(2, assignee);
      s.setLong(3, id);
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("assigning a work order", e);
    }
  }

  /** Closes it. */
  public void close(Tx tx, long id, WorkOrder.State as, Actor by) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "UPDATE work_order SET state = ?, closed = ?, closed_by = ? WHERE id = ?")) {
      s.setString(1, as.word());
      s.setObject(2, now());
      s.setString(3, by.name());
      s.setLong(4, id);
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("closing a work order", e);
    }
  }

  /** Adds a line to the story. */
  public void step(Tx tx, long id, String what, Actor who, String note) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO work_step (at, work, what, actor_kind, actor, note)"
                    + " VALUES (?, ?, ?, ?, ?, ?)")) {
      s.setObject(1, now());
      s.setLong(2, id);
      s.setString(3, what);
      s.setString(4, who.kind().name());
      s.setString(5, who.name());
      s.setString(6, note);
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("writing the story of work", e);
    }
  }

  /** A work order's story, the first line first. */
  public List<Step> story(long id) {
    return transactions.run(
        "reading the story of work",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT at, what, actor_kind, actor, note FROM work_step WHERE work = ?"
                      + " ORDER BY id LIMIT 1000")) {
            s.setLong(1, id);
            List<Step> steps = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                steps.add(
                    new Step(
                        r.getObject(1, OffsetDateTime.class).toInstant(),
                        r.getString(2),
                        new Actor(Actor.Kind.valueOf(r.getString(3)), r.getString(4)),
                        r.getString(5)));
              }
            }
            return steps;
          }
        });
  }

  /** Open cases for which no work was ever ordered. */
  public List<Asking> cases(int most) {
    return asking(
        "SELECT m.meter_id, m.service_point, t.cause FROM (SELECT meter, id, 'case.opened/' || id"
            + " AS cause FROM meter_case WHERE closed IS NULL) t JOIN meter m ON m.id = t.meter"
            + " WHERE NOT EXISTS (SELECT FROM work_order w WHERE w.cause = t.cause)"
            + " ORDER BY t.id LIMIT ?",
        most);
  }

  /** Meters in service that were heard of once, and not for so long. */
  public List<Asking> silent(Duration since, int most) {
    return asking(
        "SELECT m.meter_id, m.service_point, 'meter.silent/' || m.meter_id FROM meter m JOIN"
            + " LATERAL (SELECT max(contact) AS contact FROM replay_window WHERE meter = m.id) c"
            + " ON c.contact < ? WHERE m.state = 'ACTIVE' AND NOT EXISTS (SELECT FROM work_order w"
            + " WHERE w.meter = m.id AND w.cause = 'meter.silent/' || m.meter_id AND (w.closed IS"
            + " NULL OR w.created > c.contact)) ORDER BY c.contact LIMIT ?",
        clock.instant().minus(since).atOffset(ZoneOffset.UTC),
        most);
  }

  /** Meters that are mounted for longer than they may be, by their calibration say. */
  public List<Asking> exchangeDue(Duration since, int most) {
    return asking(
        "SELECT m.meter_id, m.service_point, 'exchange.due/' || m.meter_id FROM service_point_term"
            + " t JOIN meter m ON m.id = t.meter WHERE t.until IS NULL AND t.since < ? AND m.state"
            + " = 'ACTIVE' AND NOT EXISTS (SELECT FROM work_order w WHERE w.cause = 'exchange.due/'"
            + " || m.meter_id AND (w.closed IS NULL OR w.created > t.since)) ORDER BY t.since, m.id"
            + " LIMIT ?",
        clock.instant().minus(since).atOffset(ZoneOffset.UTC),
        most);
  }

  private List<Asking> asking(String sql, Object... values) {
    return transactions.run(
        "looking for what asks for work",
        c -> {
          try (PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
              s.setObject(i + 1, values[i]);
            }
            List<Asking> found = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.add(new Asking(new MeterId(r.getString(1)), r.getString(2), r.getString(3)));
              }
            }
            return found;
          }
        });
  }

  private static Optional<WorkOrder> one(Connection c, long id, String lock) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("SELECT " + COLUMNS + " WHERE w.id = ?" + lock)) {
      s.setLong(1, id);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(row(r)) : Optional.empty();
      }
    }
  }

  private String where(Query query) {
    List<String> conditions = new ArrayList<>();
    if (!query.states().isEmpty()) {
      conditions.add("w.state = ANY (?)");
    }
    if (!query.assignee().isEmpty()) {
      conditions.add("lower(w.assignee) = lower(?)");
    }
    query.meter().ifPresent(m -> conditions.add("w.meter = " + dictionary.meter(m).orElse(-1)));
    if (!query.servicePoints().isEmpty()) {
      conditions.add("w.service_point = ANY (?)");
    }
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  private static void bind(PreparedStatement s, Query query) throws SQLException {
    int next = 1;
    if (!query.states().isEmpty()) {
      Object[] words = query.states().stream().map(WorkOrder.State::word).toArray();
      s.setArray(next++, s.getConnection().createArrayOf("text", words));
    }
    if (!query.assignee().isEmpty()) {
      s.setString(next++, query.assignee());
    }
    if (!query.servicePoints().isEmpty()) {
      s.setArray(next, s.getConnection().createArrayOf("text", query.servicePoints().toArray()));
    }
  }

  private static WorkOrder row(ResultSet r) throws SQLException {
    return new WorkOrder(
        r.getLong(1),
        new WorkOrder.What(
            r.getString(2),
            r.getString(3),
            Severity.values()[r.getInt(4)],
            Optional.ofNullable(r.getString(5)).map(MeterId::new),
            r.getString(6),
            r.getString(7),
            maybe(r, 8)),
        WorkOrder.State.valueOf(r.getString(9).toUpperCase(Locale.ROOT)),
        r.getString(10),
        maybe(r, 11).orElseThrow(),
        r.getString(12),
        maybe(r, 13),
        r.getString(14));
  }

  private static Optional<Instant> maybe(ResultSet r, int column) throws SQLException {
    return Optional.ofNullable(r.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private OffsetDateTime now() {
    return utc(clock.instant());
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
