package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Actor;
import org.gridwarden.core.EventId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Tx;
import org.gridwarden.core.Warning;

/** Cases and their stories. Thread-safe. */
public final class Cases {
  private static final String COLUMNS =
      "k.id, m.meter_id, k.severity, k.opened, k.closed, k.verdict, k.closed_by"
          + " FROM meter_case k JOIN meter m ON m.id = k.meter";

  private final Transactions transactions;
  private final Dictionary dictionary;

  Cases(Transactions transactions, Dictionary dictionary) {
    this.transactions = transactions;
    this.dictionary = dictionary;
  }

  /** A page: open ones first, of these the worst, then the latest. */
  public record Page(List<MeterCase> items, long total) {}

  /**
   * A case that was opened or found open.
   *
   * @param fresh whether it was opened now
   */
  public record Opened(long id, boolean fresh) {}

  /**
   * A page of cases.
   *
   * @param open only open ones (true), only closed ones (false), or all
   * @param meter of one meter, or of all
   */
  public Page page(Optional<Boolean> open, Optional<MeterId> meter, int page, int size) {
    if (page < 0 || size < 1 || size > 1_000) {
      throw new IllegalArgumentException(
          "a page is 0 or more and has 1 to 1000 items, not " + page + " and " + size);
    }
    String where =
        " WHERE "
            + open.map(is -> is ? "k.closed IS NULL" : "k.closed IS NOT NULL").orElse("true")
            + meter.map(m -> " AND k.meter = " + dictionary.meter(m).orElse(-1)).orElse("");
    return transactions.run(
        "reading cases",
        c -> {
          List<MeterCase> items = new ArrayList<>();
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT "
                          + COLUMNS
                          + where
                          + " ORDER BY k.closed IS NOT NULL, k.severity DESC, k.opened DESC,"
                          + " k.id DESC LIMIT "
                          + size
                          + " OFFSET "
                          + (long) page * size);
              ResultSet r = s.executeQuery()) {
            while (r.next()) {
              items.add(row(r));
            }
          }
          try (PreparedStatement s =
                  c.prepareStatement("SELECT count(*) FROM meter_case k" + where);
              ResultSet r = s.executeQuery()) {
            r.next();
            return new Page(List.copyOf(items), r.getLong(1));
          }
        });
  }

  /** One case. */
  public Optional<MeterCase> find(long id) {
    return transactions.run("reading a case", c -> one(new PgTx(c), "WHERE k.id = ?", id));
  }

  /** One case, held until the transaction ends. */
  public Optional<MeterCase> hold(Tx tx, long id) {
    return one(tx, "WHERE k.id = ? FOR UPDATE OF k", id);
  }

  /** The latest case of a meter, held until the transaction ends. */
  public Optional<MeterCase> latest(Tx tx, MeterId meter) {
    return one(
        tx,
        "WHERE k.meter = ? ORDER BY k.id DESC LIMIT 1 FOR UPDATE OF k",
        dictionary.meter(meter).orElse(-1));
  }

  /** The open case of a meter, opened where there is none. */
  public Opened open(Tx tx, int meter, Severity severity, Actor by, String why, Instant now) {
    try {
      try (PreparedStatement s =
          PgTx.of(tx)
              .prepareStatement(
                  "UPDATE meter_case SET severity = greatest(severity, ?)"
                      + " WHERE meter = ? AND closed IS NULL RETURNING id")) {
        s.setInt(1, severity.ordinal());
        s.setInt(2, meter);
        try (ResultSet r = s.executeQuery()) {
          if (r.next()) {
            return new Opened(r.getLong(1), false);
          }
        }
      }
      long id;
      try (PreparedStatement s =
          PgTx.of(tx)
              .prepareStatement(
                  "INSERT INTO meter_case (opened, meter, severity) VALUES (?, ?, ?)"
                      + " RETURNING id")) {
        s.setObject(1, at(now));
        s.setInt(2, meter);
        s.setInt(3, severity.ordinal());
        try (ResultSet r = s.executeQuery()) {
          r.next();
          id = r.getLong(1);
        }
      }
      step(tx, id, MeterCase.What.OPENED, by, why, now);
      return new Opened(id, true);
    } catch (SQLException e) {
      throw StoreException.of("opening a case", e);
    }
  }

  /** Adds a line to the story. */
  public void step(Tx tx, long id, MeterCase.What what, Actor who, String note, Instant now) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO case_step (at, case_id, what, actor_kind, actor, note)"
                    + " VALUES (?, ?, ?, ?, ?, ?)")) {
      s.setObject(1, at(now));
      s.setLong(2, id);
      s.setString(3, what.word());
      s.setString(4, who.kind().name());
      s.setString(5, who.name());
      s.setString(6, note);
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("writing a case's story", e);
    }
  }

  /**
   * Closes a case and the alarms that belong to it.
   *
   * @return false where it is closed already
   */
  public boolean close(Tx tx, long id, MeterCase.Verdict verdict, String by, Instant now) {
    try {
      try (PreparedStatement s =
          PgTx.of(tx)
              .prepareStatement(
                  "UPDATE meter_case SET closed = ?, verdict = ?, closed_by = ?"
                      + " WHERE id = ? AND closed IS NULL")) {
        s.setObject(1, at(now));
        s.setString(2, verdict.word());
        s.setString(3, by);
        s.setLong(4, id);
        if (s.executeUpdate() == 0) {
          return false;
        }
      }
      try (PreparedStatement s =
          PgTx.of(tx)
              .prepareStatement(
                  "UPDATE alarm SET closed = ?, changed = ?, acknowledged = coalesce(acknowledged, ?),"
                      + " acknowledged_by = CASE WHEN acknowledged IS NULL THEN ?"
                      + " ELSE acknowledged_by END"
                      + " WHERE case_id = ? AND closed IS NULL")) {
        s.setObject(1, at(now));
        s.setObject(2, at(now));
        s.setObject(3, at(now));
        s.setString(4, by);
        s.setLong(5, id);
        s.executeUpdate();
      }
      return true;
    } catch (SQLException e) {
      throw StoreException.of("closing a case", e);
    }
  }

  /** A case's story, the first line first. */
  public List<MeterCase.Step> story(long id) {
    return transactions.run(
        "reading a case's story",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT id, at, what, actor_kind, actor, note FROM case_step"
                      + " WHERE case_id = ? ORDER BY id LIMIT 10000")) {
            s.setLong(1, id);
            List<MeterCase.Step> story = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                story.add(
                    new MeterCase.Step(
                        r.getLong(1),
                        Alarms.instant(r, 2).orElseThrow(),
                        MeterCase.What.of(r.getString(3)),
                        new Actor(Actor.Kind.valueOf(r.getString(4)), r.getString(5)),
                        r.getString(6)));
              }
            }
            return story;
          }
        });
  }

  /** The raw messages that told a case's alarms, the first first; at most 200. */
  public List<MeterCase.Proof> evidence(long id) {
    return transactions.run(
        "reading a case's evidence",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT a.word, e.event, e.at, e.source, e.segment, e.day, e.place, e.length"
                      + " FROM alarm_evidence e JOIN alarm a ON a.id = e.alarm"
                      + " WHERE a.case_id = ? ORDER BY e.at, e.event LIMIT 200")) {
            s.setLong(1, id);
            List<MeterCase.Proof> found = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.add(
                    new MeterCase.Proof(
                        r.getString(1),
                        new EventId(r.getObject(2, UUID.class)),
                        Alarms.instant(r, 3).orElseThrow(),
                        Warning.Source.values()[r.getInt(4)],
                        new RawPlace(
                            r.getLong(5),
                            r.getObject(6, LocalDate.class),
                            r.getInt(7),
                            r.getInt(8))));
              }
            }
            return found;
          }
        });
  }

  private static Optional<MeterCase> one(Tx tx, String which, long number) {
    try (PreparedStatement s = PgTx.of(tx).prepareStatement("SELECT " + COLUMNS + " " + which)) {
      s.setLong(1, number);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(row(r)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw StoreException.of("reading a case", e);
    }
  }

  private static MeterCase row(ResultSet r) throws SQLException {
    return new MeterCase(
        r.getLong(1),
        new MeterId(r.getString(2)),
        Severity.values()[r.getInt(3)],
        Alarms.instant(r, 4).orElseThrow(),
        Alarms.instant(r, 5),
        Optional.ofNullable(r.getString(6))
            .map(w -> MeterCase.Verdict.valueOf(w.toUpperCase(Locale.ROOT).replace('-', '_'))),
        r.getString(7));
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
