package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.gridwarden.core.EventId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Tx;
import org.gridwarden.core.Warning;

/**
 * Events that were stored and not yet judged. They are taken in the transaction that judges them:
 * what is taken and not committed is there again. Thread-safe.
 */
public final class AlarmQueue {
  private final Transactions transactions;

  AlarmQueue(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * An event and the raw message that told it.
   *
   * @param number the meter's, in the database
   * @param received when it was stored, by the office's clock
   */
  public record Told(Warning warning, int number, Instant received, RawPlace place) {}

  /** Takes the most urgent ones, the oldest of them first. */
  public List<Told> take(Tx tx, int most) {
    try {
      return take(PgTx.of(tx), most);
    } catch (SQLException e) {
      throw StoreException.of("reading events that wait", e);
    }
  }

  private static List<Told> take(Connection c, int most) throws SQLException {
    try (var s =
        c.prepareStatement(
            "WITH taken AS (DELETE FROM alarm_queue WHERE event IN (SELECT event FROM alarm_queue"
                + " ORDER BY severity DESC, event LIMIT ? FOR UPDATE SKIP LOCKED) RETURNING *)"
                + " SELECT e.id, e.at, e.received, e.severity, e.code, e.text, e.meter,"
                + " m.meter_id, q.source, q.segment, q.day, q.place, q.length"
                + " FROM taken q JOIN event e ON e.id = q.event JOIN meter m ON m.id = e.meter")) {
      s.setInt(1, most);
      List<Told> told = new ArrayList<>();
      try (var r = s.executeQuery()) {
        while (r.next()) {
          told.add(
              new Told(
                  new Warning(
                      new MeterId(r.getString(8)),
                      new EventId(r.getObject(1, UUID.class)),
                      r.getObject(2, OffsetDateTime.class).toInstant(),
                      r.getString(5),
                      Severity.values()[r.getInt(4)],
                      r.getString(6),
                      Warning.Source.values()[r.getInt(9)]),
                  r.getInt(7),
                  r.getObject(3, OffsetDateTime.class).toInstant(),
                  new RawPlace(
                      r.getLong(10),
                      r.getObject(11, LocalDate.class),
                      r.getInt(12),
                      r.getInt(13))));
        }
      }
      told.sort(
          Comparator.comparing((Told t) -> t.warning().severity())
              .reversed()
              .thenComparing(t -> t.warning().at()));
      return told;
    }
  }

  /** Puts the first one to the end: it cannot be judged now, and the others are not to wait. */
  public void postpone() {
    transactions.run(
        "postponing an event",
        c -> {
          try (var s = c.createStatement()) {
            return s.executeUpdate(
                "UPDATE alarm_queue SET severity = least(severity, 0) - 1 WHERE event ="
                    + " (SELECT event FROM alarm_queue ORDER BY severity DESC, event LIMIT 1)");
          }
        });
  }

  /** How many wait. */
  public long size() {
    return transactions.run(
        "counting events that wait",
        c -> {
          try (var s = c.createStatement();
              var r = s.executeQuery("SELECT count(*) FROM alarm_queue")) {
            r.next();
            return r.getLong(1);
          }
        });
  }
}
