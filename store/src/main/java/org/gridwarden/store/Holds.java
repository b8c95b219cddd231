package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;

/**
 * What of a meter's readings is kept and not billed (C20): from the tamper on until a person
 * releases it, span by span. Billing asks {@link #billable}. Thread-safe.
 */
public final class Holds {
  private final Transactions transactions;
  private final Dictionary dictionary;

  Holds(Transactions transactions, Dictionary dictionary) {
    this.transactions = transactions;
    this.dictionary = dictionary;
  }

  /** From a moment until another one, which is no part of it; {@link Instant#MAX}: without end. */
  public record Span(Instant from, Instant to) {
    /** Whether it has something in common with [from, to); an instant is [at, at]. */
    public boolean meets(Instant begin, Instant end) {
      return from.isBefore(end) && begin.isBefore(to) || begin.equals(end) && contains(begin);
    }

    private boolean contains(Instant at) {
      return !at.isBefore(from) && at.isBefore(to);
    }
  }

  /**
   * What was released for billing.
   *
   * @param at when it was released, by the office's clock
   * @param span what
   * @param by who
   * @param reason why
   */
  public record Release(Instant at, Span span, String by, String reason) {}

  /**
   * Holds a meter's readings from a moment on, unless they are held already from then.
   *
   * @return whether that changed anything
   */
  public boolean begin(
      Tx tx, int meter, Instant since, long caseId, String reason, Actor by, Instant now) {
    try {
      try (PreparedStatement s =
          PgTx.of(tx)
              .prepareStatement(
                  "INSERT INTO hold AS h (since, made, case_id, meter, reason, by)"
                      + " VALUES (?, ?, ?, ?, ?, ?)"
                      + " ON CONFLICT (meter) WHERE until IS NULL DO UPDATE"
                      + " SET since = excluded.since, made = excluded.made"
                      + " WHERE excluded.since < h.since")) {
        s.setObject(1, at(since));
        s.setObject(2, at(now));
        s.setLong(3, caseId);
        s.setInt(4, meter);
        s.setString(5, reason);
        s.setString(6, by.name());
        return s.executeUpdate() == 1;
      }
    } catch (SQLException e) {
      throw StoreException.of("holding a meter's readings", e);
    }
  }

  /** New readings are held no longer; those in between still are. */
  public void end(Tx tx, MeterId meter, Instant now) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "UPDATE hold SET until = greatest(?, since + interval '1 second')"
                    + " WHERE meter = ? AND until IS NULL")) {
      s.setObject(1, at(now));
      s.setInt(2, number(meter));
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("ending a hold", e);
    }
  }

  /** Releases what is held of a span. */
  public void release(Tx tx, MeterId meter, Release release) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO hold_release (at, span, meter, by, reason)"
                    + " VALUES (?, tstzrange(?, ?), ?, ?, ?)")) {
      s.setObject(1, at(release.at()));
      s.setObject(2, at(release.span().from()));
      s.setObject(3, at(release.span().to()));
      s.setInt(4, number(meter));
      s.setString(5, release.by());
      s.setString(6, release.reason());
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("releasing readings", e);
    }
  }

  /** What of a span may be billed, the earliest first. */
  public List<Span> billable(MeterId meter, Instant from, Instant to) {
    return spans(
        "SELECT lower(s), upper(s) FROM unnest(tstzmultirange(tstzrange(?, ?))"
            + " - coalesce((SELECT spans FROM held WHERE meter = ?), '{}')) s ORDER BY 1",
        meter,
        from,
        to);
  }

  /** What of a span is held, the earliest first. */
  public List<Span> held(MeterId meter, Instant from, Instant to) {
    return spans(
        "SELECT lower(s), upper(s) FROM unnest(tstzmultirange(tstzrange(?, ?))"
            + " * coalesce((SELECT spans FROM held WHERE meter = ?), '{}')) s ORDER BY 1",
        meter,
        from,
        to);
  }

  /** Everything that is held of a meter, whenever it was measured, the earliest first. */
  public List<Span> held(MeterId meter) {
    return transactions.run(
        "reading what is held",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT lower(s), upper(s) FROM held h, unnest(h.spans) s"
                      + " WHERE h.meter = ? ORDER BY 1")) {
            s.setInt(1, number(meter));
            return read(s);
          }
        });
  }

  /** What was released of a meter, the latest first. */
  public List<Release> releases(MeterId meter) {
    return transactions.run(
        "reading releases",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT at, lower(span), upper(span), by, reason FROM hold_release"
                      + " WHERE meter = ? ORDER BY id DESC LIMIT 1000")) {
            s.setInt(1, number(meter));
            List<Release> found = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.add(
                    new Release(
                        Alarms.instant(r, 1).orElseThrow(),
                        new Span(
                            Alarms.instant(r, 2).orElse(Instant.MIN),
                            Alarms.instant(r, 3).orElse(Instant.MAX)),
                        r.getString(4),
                        r.getString(5)));
              }
            }
            return found;
          }
        });
  }

  /** When the hold began that runs now. */
  public Optional<Instant> since(Tx tx, MeterId meter) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement("SELECT min(since) FROM hold WHERE meter = ? AND until IS NULL")) {
      s.setInt(1, number(meter));
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return Alarms.instant(r, 1);
      }
    } catch (SQLException e) {
      throw StoreException.of("reading a hold", e);
    }
  }

  private List<Span> spans(String sql, MeterId meter, Instant from, Instant to) {
    return transactions.ask(
        "reading what is held",
        c -> {
          try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setObject(1, at(from));
            s.setObject(2, at(to));
            s.setInt(3, number(meter));
            return read(s);
          }
        });
  }

  private static List<Span> read(PreparedStatement s) throws SQLException {
    List<Span> spans = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        spans.add(
            new Span(
                Alarms.instant(r, 1).orElse(Instant.MIN),
                Alarms.instant(r, 2).orElse(Instant.MAX)));
      }
    }
    return spans;
  }

  private int number(MeterId meter) {
    return dictionary.meter(meter).orElse(-1);
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
