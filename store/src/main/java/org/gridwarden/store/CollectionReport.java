package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.CollectionTurn.Schedule;

/** How collection stands, for people. Thread-safe. */
public final class CollectionReport {
  private final Transactions transactions;

  CollectionReport(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * A schedule.
   *
   * @param schedule which
   * @param meters how many are on it
   * @param due how many of them are due now
   * @param failing how many failed in their last turn
   * @param complete how many succeeded and lack nothing
   * @param missing how many slots are missing, of all together
   * @param expected how many slots should be there
   */
  public record State(
      Schedule schedule,
      long meters,
      long due,
      long failing,
      long complete,
      long missing,
      long expected) {}

  /**
   * A meter.
   *
   * @param meter which
   * @param link what it shares with others, or its address
   * @param billed when its registers were last read
   * @param read when its profiles were last read
   * @param due when its next turn is
   * @param failures how many turns in a row have failed
   * @param missing how many slots are missing
   * @param expected how many should be there
   * @param clockOff how far its clock was off when it was read last
   * @param fault of its last try; empty where it went well
   */
  public record Standing(
      MeterId meter,
      String link,
      Optional<Instant> billed,
      Optional<Instant> read,
      Instant due,
      int failures,
      int missing,
      int expected,
      Optional<Duration> clockOff,
      String fault) {}

  /** A page of meters, those first that are behind. */
  public record Page(List<Standing> items, long total) {}

  /** How each schedule stands, in their order. */
  public List<State> states(Instant now) {
    return transactions.run(
        "counting what is due",
        c -> {
          List<State> states = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT s.n, count(c.meter), count(*) FILTER (WHERE c.due <= ?),"
                      + " count(*) FILTER (WHERE c.failures > 0), count(*) FILTER"
                      + " (WHERE c.succeeded IS NOT NULL AND c.failures = 0 AND c.missing = 0),"
                      + " coalesce(sum(c.missing), 0), coalesce(sum(c.expected), 0)"
                      + " FROM (VALUES (0::smallint), (1::smallint)) s (n)"
                      + " LEFT JOIN collection c ON c.schedule = s.n GROUP BY s.n ORDER BY s.n")) {
            s.setObject(1, CollectionStore.at(now));
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                states.add(
                    new State(
                        Schedule.values()[r.getInt(1)],
                        r.getLong(2),
                        r.getLong(3),
                        r.getLong(4),
                        r.getLong(5),
                        r.getLong(6),
                        r.getLong(7)));
              }
            }
          }
          return states;
        });
  }

  /**
   * A page of meters, those first that fail or lack most.
   *
   * @param text what their ids, serials or service points contain; empty for all
   */
  public Page page(String text, int page, int size) {
    String like = "%" + text.toLowerCase(Locale.ROOT).replaceAll("([\\\\%_])", "\\\\$1") + "%";
    return transactions.run(
        "listing what meters lack",
        c -> {
          List<Standing> items = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT m.meter_id, CASE m.link WHEN '' THEN m.address ELSE m.link END,"
                      + " b.succeeded, p.succeeded, least(b.due, p.due),"
                      + " greatest(b.failures, p.failures), p.missing, p.expected, k.off_ms,"
                      + " CASE p.fault WHEN '' THEN b.fault ELSE p.fault END"
                      + " FROM collection p JOIN collection b ON b.meter = p.meter"
                      + " AND b.schedule = 0 JOIN meter m ON m.id = p.meter"
                      + " LEFT JOIN meter_clock k ON k.meter = p.meter"
                      + " WHERE p.schedule = 1 AND m.search LIKE ?"
                      + " ORDER BY greatest(b.failures, p.failures) DESC, p.missing DESC,"
                      + " m.meter_id LIMIT ? OFFSET ?")) {
            s.setString(1, like);
            s.setInt(2, size);
            s.setLong(3, (long) page * size);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                items.add(standing(r));
              }
            }
          }
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT count(*) FROM collection p JOIN meter m ON m.id = p.meter"
                      + " WHERE p.schedule = 1 AND m.search LIKE ?")) {
            s.setString(1, like);
            try (ResultSet r = s.executeQuery()) {
              r.next();
              return new Page(items, r.getLong(1));
            }
          }
        });
  }

  private static Standing standing(ResultSet r) throws SQLException {
    Long off = r.getObject(9, Long.class);
    return new Standing(
        new MeterId(r.getString(1)),
        r.getString(2),
        CollectionStore.instant(r, 3),
        CollectionStore.instant(r, 4),
        CollectionStore.instant(r, 5).orElseThrow(),
        r.getInt(6),
        r.getInt(7),
        r.getInt(8),
        Optional.ofNullable(off).map(Duration::ofMillis),
        r.getString(10));
  }
}
