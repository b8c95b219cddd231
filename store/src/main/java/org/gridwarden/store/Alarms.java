package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Tx;
import org.gridwarden.core.Warning;

/** What is wrong now, and what was. Thread-safe. */
public final class Alarms {
  private static final String COLUMNS =
      "a.id, m.meter_id, a.word, a.severity, a.text, a.acknowledged, a.closed,"
          + " greatest(a.pushed, a.logged, 1), a.meters, a.first, a.last, a.raised, a.over,"
          + " a.sources, a.acknowledged_by, a.case_id"
          + " FROM alarm a LEFT JOIN meter m ON m.id = a.meter";

  private final Transactions transactions;
  private final Dictionary dictionary;

  Alarms(Transactions transactions, Dictionary dictionary) {
    this.transactions = transactions;
    this.dictionary = dictionary;
  }

  /**
   * Which alarms.
   *
   * @param states in one of these states; empty for all
   * @param severities of one of these; empty for all
   * @param meter of one meter, or empty
   * @param word of one word, or the empty string
   */
  public record Query(
      Set<Alarm.State> states,
      Set<Severity> severities,
      @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<MeterId> meter,
      String word) {
    public Query {
      states = Set.copyOf(states);
      severities = Set.copyOf(severities);
    }
  }

  /** A page: the most urgent first, of these the latest. */
  public record Page(List<Alarm> items, long total) {}

  /** A page of alarms: 1 to 1,000 of them. */
  public Page page(Query query, int page, int size) {
    if (page < 0 || size < 1 || size > 1_000) {
      throw new IllegalArgumentException(
          "a page is 0 or more and has 1 to 1000 items, not " + page + " and " + size);
    }
    StringBuilder where = new StringBuilder(" WHERE true");
    if (!query.states().isEmpty()) {
      where.append(" AND (");
      String or = "";
      for (Alarm.State state : query.states()) {
        where.append(or).append(condition(state));
        or = " OR ";
      }
      where.append(')');
    }
    if (!query.severities().isEmpty()) {
      where.append(" AND a.severity IN (");
      String comma = "";
      for (Severity severity : query.severities()) {
        where.append(comma).append(severity.ordinal());
        comma = ",";
      }
      where.append(')');
    }
    if (query.meter().isPresent()) {
      where.append(" AND a.meter = ?");
    }
    if (!query.word().isEmpty()) {
      where.append(" AND a.word = ?");
    }
    return transactions.run(
        "reading alarms",
        c -> {
          List<Alarm> items = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT "
                      + COLUMNS
                      + where
                      + " ORDER BY a.closed IS NOT NULL, a.severity DESC, a.changed DESC, a.id DESC"
                      + " LIMIT "
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
          try (PreparedStatement s = c.prepareStatement("SELECT count(*) FROM alarm a" + where)) {
            bind(s, query);
            try (ResultSet r = s.executeQuery()) {
              r.next();
              return new Page(List.copyOf(items), r.getLong(1));
            }
          }
        });
  }

  /** One alarm. */
  public Optional<Alarm> find(long id) {
    return transactions.run("reading an alarm", c -> find(c, id));
  }

  /** Some alarms, the first raised first. */
  public List<Alarm> find(Collection<Long> ids) {
    return ids.isEmpty()
        ? List.of()
        : transactions.run(
            "reading alarms",
            c -> {
              try (PreparedStatement s =
                  c.prepareStatement("SELECT " + COLUMNS + " WHERE a.id = ANY (?) ORDER BY a.id")) {
                s.setArray(1, Sql.array(c, "int8", ids.stream().mapToLong(i -> i).toArray()));
                List<Alarm> found = new ArrayList<>();
                try (ResultSet r = s.executeQuery()) {
                  while (r.next()) {
                    found.add(row(r));
                  }
                }
                return found;
              }
            });
  }

  /** The alarms of a case, the first first. */
  public List<Alarm> ofCase(long caseId) {
    return transactions.run(
        "reading a case's alarms",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("SELECT " + COLUMNS + " WHERE a.case_id = ? ORDER BY a.id")) {
            s.setLong(1, caseId);
            List<Alarm> found = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.add(row(r));
              }
            }
            return found;
          }
        });
  }

  /** An alarm as it stands in a transaction. */
  public Optional<Alarm> find(Tx tx, long id) {
    try {
      return find(PgTx.of(tx), id);
    } catch (SQLException e) {
      throw StoreException.of("reading an alarm", e);
    }
  }

  /**
   * Somebody takes notice. An alarm that is over, or of which nothing says when it is, is closed
   * with that, unless it belongs to a case.
   *
   * @return false where there is none, or it is not open
   */
  public boolean acknowledge(Tx tx, long id, String by, Instant now) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "UPDATE alarm SET acknowledged = ?, acknowledged_by = ?, changed = ?,"
                    + " closed = CASE WHEN case_id IS NULL AND (over IS NOT NULL OR NOT lasting)"
                    + " THEN ?::timestamptz END"
                    + " WHERE id = ? AND acknowledged IS NULL AND closed IS NULL")) {
      OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
      s.setObject(1, at);
      s.setString(2, by);
      s.setObject(3, at);
      s.setObject(4, at);
      s.setLong(5, id);
      return s.executeUpdate() == 1;
    } catch (SQLException e) {
      throw StoreException.of("acknowledging an alarm", e);
    }
  }

  private static Optional<Alarm> find(Connection c, long id) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("SELECT " + COLUMNS + " WHERE a.id = ?")) {
      s.setLong(1, id);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(row(r)) : Optional.empty();
      }
    }
  }

  private static String condition(Alarm.State state) {
    return switch (state) {
      case OPEN -> "(a.closed IS NULL AND a.acknowledged IS NULL)";
      case ACKNOWLEDGED -> "(a.closed IS NULL AND a.acknowledged IS NOT NULL)";
      case CLOSED -> "a.closed IS NOT NULL";
    };
  }

  private void bind(PreparedStatement s, Query query) throws SQLException {
    int next = 1;
    if (query.meter().isPresent()) {
      s.setInt(next++, query.meter().flatMap(dictionary::meter).orElse(-1));
    }
    if (!query.word().isEmpty()) {
      s.setString(next, query.word());
    }
  }

  private static Alarm row(ResultSet r) throws SQLException {
    Alarm.State state =
        r.getObject(7) != null
            ? Alarm.State.CLOSED
            : r.getObject(6) != null ? Alarm.State.ACKNOWLEDGED : Alarm.State.OPEN;
    Set<Warning.Source> sources = EnumSet.noneOf(Warning.Source.class);
    for (Warning.Source source : Warning.Source.values()) {
      if ((r.getInt(14) & 1 << source.ordinal()) != 0) {
        sources.add(source);
      }
    }
    return new Alarm(
        r.getLong(1),
        Optional.ofNullable(r.getString(2)).map(MeterId::new),
        r.getString(3),
        Severity.values()[r.getInt(4)],
        r.getString(5),
        state,
        r.getLong(8),
        r.getLong(9),
        instant(r, 10).orElseThrow(),
        instant(r, 11).orElseThrow(),
        instant(r, 12).orElseThrow(),
        instant(r, 13),
        sources,
        r.getString(15),
        Optional.ofNullable(r.getObject(16, Long.class)));
  }

  static Optional<Instant> instant(ResultSet r, int column) throws SQLException {
    return Optional.ofNullable(r.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }
}
