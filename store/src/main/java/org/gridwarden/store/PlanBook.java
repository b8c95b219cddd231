package org.gridwarden.store;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
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
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Tx;

/** Plans by which a year's cost is asked for in equal instalments. Thread-safe. */
public final class PlanBook {
  private static final String COLUMNS =
      "SELECT id, account, service_point, first_month, instalments, foreseen, currency, agreed,"
          + " agreed_by, ended FROM budget_plan";

  private final Transactions transactions;
  private final InstantSource clock;

  PlanBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A plan.
   *
   * @param first the month of its first instalment
   * @param instalments 1 to 12, one a month
   * @param foreseen what the time is thought to cost
   * @param currency of ISO 4217
   * @param ended when it was settled; empty while it runs
   */
  public record Plan(
      long id,
      String account,
      String servicePoint,
      YearMonth first,
      int instalments,
      BigDecimal foreseen,
      String currency,
      Instant agreed,
      String agreedBy,
      Optional<Instant> ended) {
    /** Its last month. */
    public YearMonth last() {
      return first.plusMonths(instalments - 1L);
    }

    /** Whether a month has an instalment. */
    public boolean covers(YearMonth month) {
      return !month.isBefore(first) && !month.isAfter(last());
    }
  }

  /**
   * Agrees upon one.
   *
   * @throws StoreException where one is running there
   */
  public Plan agree(
      String account,
      String servicePoint,
      YearMonth first,
      int instalments,
      BigDecimal foreseen,
      String currency,
      Actor by) {
    return transactions.run(
        "agreeing upon a budget plan",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO budget_plan (agreed, first_month, instalments, foreseen, account,"
                      + " service_point, currency, agreed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON"
                      + " CONFLICT DO NOTHING RETURNING id")) {
            s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            s.setObject(2, first.atDay(1));
            s.setInt(3, instalments);
            s.setBigDecimal(4, foreseen);
            s.setString(5, account);
            s.setString(6, servicePoint);
            s.setString(7, currency);
            s.setString(8, by.name());
            long id;
            try (ResultSet r = s.executeQuery()) {
              if (!r.next()) {
                throw StoreException.at(
                    Fault.Code.CONFLICT,
                    "account " + account,
                    "has a budget plan at " + servicePoint + ": end it first");
              }
              id = r.getLong(1);
            }
            audit(
                c,
                by,
                "budget.agreed",
                id
                    + " "
                    + account
                    + " at "
                    + servicePoint
                    + ": "
                    + foreseen.toPlainString()
                    + " "
                    + currency
                    + " in "
                    + instalments
                    + " from "
                    + first);
            return find(c, id).orElseThrow();
          }
        });
  }

  /** One by its number. */
  public Optional<Plan> find(long id) {
    return transactions.run("reading a budget plan", c -> find(c, id));
  }

  private static Optional<Plan> find(Connection c, long id) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(COLUMNS + " WHERE id = ?")) {
      s.setLong(1, id);
      return rows(s).stream().findFirst();
    }
  }

  /** An account's at a service point, the newest first; held until the transaction ends. */
  public List<Plan> hold(Tx tx, String account, String servicePoint) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                COLUMNS + " WHERE account = ? AND service_point = ? ORDER BY id DESC FOR UPDATE")) {
      s.setString(1, account);
      s.setString(2, servicePoint);
      return rows(s);
    } catch (SQLException e) {
      throw StoreException.of("reading budget plans", e);
    }
  }

  /** An account's, or with "" all, the newest first; at most 1,000. */
  public List<Plan> of(String account) {
    return transactions.run(
        "reading budget plans",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  COLUMNS + " WHERE ? = '' OR account = ? ORDER BY id DESC LIMIT 1000")) {
            s.setString(1, account);
            s.setString(2, account);
            return rows(s);
          }
        });
  }

  /** Ends one, once it is settled. */
  public void end(Tx tx, Plan plan, Actor by) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement s =
        c.prepareStatement("UPDATE budget_plan SET ended = ? WHERE id = ? AND ended IS NULL")) {
      s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
      s.setLong(2, plan.id());
      if (s.executeUpdate() == 1) {
        audit(c, by, "budget.ended", plan.id() + " " + plan.account());
      }
    } catch (SQLException e) {
      throw StoreException.of("ending a budget plan", e);
    }
  }

  private void audit(Connection c, Actor by, String action, String detail) throws SQLException {
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Plan> rows(PreparedStatement s) throws SQLException {
    List<Plan> plans = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        plans.add(
            new Plan(
                r.getLong(1),
                r.getString(2),
                r.getString(3),
                YearMonth.from(r.getObject(4, LocalDate.class)),
                r.getInt(5),
                r.getBigDecimal(6),
                r.getString(7),
                r.getObject(8, OffsetDateTime.class).toInstant(),
                r.getString(9),
                Optional.ofNullable(r.getObject(10, OffsetDateTime.class))
                    .map(OffsetDateTime::toInstant)));
      }
    }
    return plans;
  }
}
