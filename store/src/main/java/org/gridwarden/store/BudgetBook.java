package org.gridwarden.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What consumers want a month to cost at most, and when that was passed. Whether a service point is
 * a user's is for the caller to know. Thread-safe.
 */
public final class BudgetBook {
  private static final String COLUMNS =
      "SELECT b.id, u.name, b.service_point, b.amount, b.currency, b.since FROM consumer_budget b"
          + " JOIN app_user u ON u.id = b.app_user ";

  private static final int LISTED = 24;

  private final Transactions transactions;
  private final InstantSource clock;

  BudgetBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A budget.
   *
   * @param id its number
   * @param amount for a civil month, above zero
   * @param since when it was set
   */
  public record Budget(
      long id,
      String user,
      String servicePoint,
      BigDecimal amount,
      String currency,
      Instant since) {}

  /** What of a month passed a budget. */
  public enum Kind {
    /** What the month will cost if it goes on as it does. */
    FORECAST,
    /** What it cost so far. */
    SUM
  }

  /**
   * That a budget was passed.
   *
   * @param budget the amount that was passed
   * @param reached what it came to then
   */
  public record Alert(
      Instant at, YearMonth month, Kind kind, BigDecimal budget, BigDecimal reached) {}

  /** A user's at a service point. */
  public Optional<Budget> find(String user, String point) {
    return transactions.run(
        "reading a budget",
        c ->
            read(c, "WHERE lower(u.name) = lower(?) AND b.service_point = ?", user, point).stream()
                .findFirst());
  }

  /** Budgets by their numbers, from beyond one on; 1 to 10,000 of them. */
  public List<Budget> after(long id, int most) {
    return transactions.run(
        "reading budgets", c -> read(c, "WHERE b.id > ? ORDER BY b.id LIMIT ?", id, most));
  }

  /**
   * Sets one, in the place of the one before. The same amount again changes nothing.
   *
   * @return false where there is no such user
   */
  public boolean set(String user, String point, BigDecimal amount, String currency) {
    return transactions.run(
        "keeping a budget",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO consumer_budget AS b (app_user, service_point, amount, currency,"
                      + " since) SELECT id, ?, ?, ?, ? FROM app_user WHERE lower(name) = lower(?)"
                      + " ON CONFLICT (app_user, service_point) DO UPDATE SET since = CASE WHEN"
                      + " b.amount = excluded.amount AND b.currency = excluded.currency"
                      + " THEN b.since ELSE excluded.since END, amount = excluded.amount, currency"
                      + " = excluded.currency")) {
            s.setString(1, point);
            s.setBigDecimal(2, amount);
            s.setString(3, currency);
            s.setObject(4, utc(clock.instant()));
            s.setString(5, user);
            return s.executeUpdate() == 1;
          }
        });
  }

  /** Ends one, and what was noted of it; false where there is none. */
  public boolean remove(String user, String point) {
    return transactions.run(
        "ending a budget",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "DELETE FROM consumer_budget WHERE service_point = ? AND app_user ="
                      + " (SELECT id FROM app_user WHERE lower(name) = lower(?))")) {
            s.setString(1, point);
            s.setString(2, user);
            return s.executeUpdate() == 1;
          }
        });
  }

  /**
   * Notes that a budget was passed, once for a month, kind and amount.
   *
   * @return whether it was not known yet
   */
  public boolean note(Budget budget, YearMonth month, Kind kind, BigDecimal reached) {
    return transactions.run(
        "noting that a budget was passed",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO consumer_budget_alert (at, budget, month, kind, amount, reached)"
                      + " SELECT ?, id, ?, ?, amount, ? FROM consumer_budget WHERE id = ? AND amount"
                      + " = ? ON CONFLICT DO NOTHING")) {
            s.setObject(1, utc(clock.instant()));
            s.setObject(2, month.atDay(1));
            s.setString(3, word(kind));
            s.setBigDecimal(4, reached);
            s.setLong(5, budget.id());
            s.setBigDecimal(6, budget.amount());
            return s.executeUpdate() == 1;
          }
        });
  }

  /** When a budget was passed, the latest first. */
  public List<Alert> alerts(Budget budget) {
    return transactions.run(
        "reading when a budget was passed",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT at, month, kind, amount, reached FROM consumer_budget_alert WHERE budget ="
                      + " ? ORDER BY at DESC, kind LIMIT "
                      + LISTED)) {
            s.setLong(1, budget.id());
            List<Alert> alerts = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                alerts.add(
                    new Alert(
                        r.getObject(1, OffsetDateTime.class).toInstant(),
                        YearMonth.from(r.getObject(2, LocalDate.class)),
                        Kind.valueOf(r.getString(3).toUpperCase(Locale.ROOT)),
                        r.getBigDecimal(4),
                        r.getBigDecimal(5)));
              }
            }
            return alerts;
          }
        });
  }

  private static List<Budget> read(Connection c, String which, Object... values)
      throws SQLException {
    try (PreparedStatement s = c.prepareStatement(COLUMNS + which)) {
      for (int i = 0; i < values.length; i++) {
        s.setObject(i + 1, values[i]);
      }
      List<Budget> budgets = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          budgets.add(
              new Budget(
                  r.getLong(1),
                  r.getString(2),
                  r.getString(3),
                  r.getBigDecimal(4),
                  r.getString(5),
                  r.getObject(6, OffsetDateTime.class).toInstant()));
        }
      }
      return budgets;
    }
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
