package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;

/** Alarms about the office itself, of no meter: one open row a word. Thread-safe. */
public final class OfficeAlarms {
  private final Transactions transactions;

  OfficeAlarms(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Raises one, or notes that it lasts.
   *
   * @param word of the event vocabulary, {@code office.…}
   * @param since since when
   * @param text one sentence for a person
   */
  public void raise(String word, Severity severity, Instant since, Instant now, String text) {
    transactions.run(
        "raising an alarm of the office",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO alarm (first, last, raised, changed, pushed, meters, severity,"
                      + " sources, lasting, word, text) VALUES (?, ?, ?, ?, 1, 0, ?, ?, true, ?, ?)"
                      + " ON CONFLICT (meter, word) WHERE closed IS NULL DO UPDATE SET last ="
                      + " excluded.last, over = NULL")) {
            s.setObject(1, utc(since));
            s.setObject(2, utc(now));
            s.setObject(3, utc(now));
            s.setObject(4, utc(now));
            s.setInt(5, severity.ordinal());
            s.setInt(6, 1 << Warning.Source.OFFICE.ordinal());
            s.setString(7, word);
            s.setString(8, text);
            return s.executeUpdate();
          }
        });
  }

  /** It is over; it stays until somebody has taken notice of it. */
  public void over(String word, Instant now) {
    transactions.run(
        "ending an alarm of the office",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE alarm SET over = ?, last = ?, changed = ?, closed = CASE WHEN acknowledged"
                      + " IS NULL THEN NULL ELSE ?::timestamptz END WHERE meter IS NULL AND word = ?"
                      + " AND closed IS NULL AND over IS NULL")) {
            for (int i = 1; i <= 4; i++) {
              s.setObject(i, utc(now));
            }
            s.setString(5, word);
            return s.executeUpdate();
          }
        });
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
