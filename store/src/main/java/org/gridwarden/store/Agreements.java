package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;

/**
 * Who is supplied where, since when and by which tariff. That a service point has one agreement at
 * a time is the database's own constraint, whoever writes. Thread-safe.
 */
public final class Agreements {
  private static final String COLUMNS = "id, account, service_point, tariff, since, until";

  /** PostgreSQL's word for a violated exclusion constraint. */
  private static final String OVERLAPS = "23P01";

  private final Transactions transactions;
  private final InstantSource clock;
  private final AccountBook accounts;

  Agreements(Transactions transactions, InstantSource clock, AccountBook accounts) {
    this.transactions = transactions;
    this.clock = clock;
    this.accounts = accounts;
  }

  /** An account's, the first first. */
  public List<Agreement> of(String account) {
    return read("WHERE account = ? ORDER BY since, id LIMIT 10000", account);
  }

  /** A service point's, the first first. */
  public List<Agreement> at(String servicePoint) {
    return read("WHERE service_point = ? ORDER BY since, id LIMIT 10000", servicePoint);
  }

  /** Which is in force at a service point at an instant. */
  public Optional<Agreement> at(String servicePoint, Instant at) {
    return at(servicePoint).stream().filter(one -> one.covers(at)).findFirst();
  }

  /**
   * Those that are in force at some time of a span, by their numbers: what a bill run goes through.
   *
   * @param from inclusive
   * @param to exclusive
   * @param after only those with a greater number; 0 for the first
   * @param most how many at most, 1 to 10,000
   */
  public List<Agreement> inForce(Instant from, Instant to, long after, int most) {
    if (most < 1 || most > 10_000) {
      throw new IllegalArgumentException("most is 1 to 10000, not " + most);
    }
    return read(
        "WHERE since < ? AND (until IS NULL OR until > ?) AND id > ? ORDER BY id LIMIT ?",
        utc(to),
        utc(from),
        after,
        most);
  }

  /**
   * An account is supplied at a service point from an instant on.
   *
   * @param takeOver whether whoever is supplied there at that instant is moved out with it
   * @throws StoreException where somebody else is supplied there, or the account is not open
   */
  public Agreement moveIn(
      String account, String point, String tariff, Instant since, boolean takeOver, Actor by) {
    return conflictTold(
        point,
        c -> {
          open(c, account);
          if (takeOver) {
            Optional<Agreement> before = covering(c, point, since);
            if (before.isPresent() && before.get().since().isBefore(since)) {
              end(c, before.get(), since, by);
            }
          }
          Agreement made = insert(c, account, point, tariff, since, Optional.empty());
          told(c, made, "moved-in", by, point + " by " + tariff + ", since " + since);
          return made;
        });
  }

  /**
   * An account is supplied at a service point no more from an instant on.
   *
   * @throws StoreException where it is not supplied there just before that instant
   */
  public Agreement moveOut(String account, String point, Instant until, Actor by) {
    return conflictTold(
        point,
        c -> {
          Agreement known =
              last(c, account, point)
                  .filter(one -> one.since().isBefore(until))
                  .filter(one -> one.until().map(end -> !until.isAfter(end)).orElse(true))
                  .orElseThrow(() -> none(account, point, until));
          end(c, known, until, by);
          return one(c, known.id());
        });
  }

  /**
   * Another tariff from an instant on.
   *
   * @throws StoreException where the account is not supplied there at that instant
   */
  public Agreement changeTariff(
      String account, String point, String tariff, Instant from, Actor by) {
    return conflictTold(
        point,
        c -> {
          Agreement known =
              covering(c, point, from)
                  .filter(one -> one.account().equals(account))
                  .orElseThrow(() -> none(account, point, from));
          if (known.tariff().equals(tariff)) {
            return known;
          }
          if (known.since().equals(from)) {
            try (PreparedStatement s =
                c.prepareStatement("UPDATE agreement SET tariff = ? WHERE id = ?")) {
              s.setString(1, tariff);
              s.setLong(2, known.id());
              s.executeUpdate();
            }
          } else {
            until(c, known.id(), from);
            insert(c, account, point, tariff, from, known.until());
          }
          Agreement now = covering(c, point, from).orElseThrow();
          told(c, now, "tariff", by, point + " by " + tariff + ", from " + from);
          return now;
        });
  }

  private static StoreException none(String account, String point, Instant at) {
    return StoreException.at(
        Fault.Code.CONFLICT,
        "servicePoint",
        "account " + account + " is not supplied at " + point + " at " + at);
  }

  private void end(Connection c, Agreement known, Instant until, Actor by) throws SQLException {
    until(c, known.id(), until);
    told(c, known, "moved-out", by, known.servicePoint() + ", until " + until);
  }

  private void told(Connection c, Agreement about, String what, Actor by, String words)
      throws SQLException {
    accounts.step(c, about.account(), what, by, words);
    accounts.audit(c, by, "agreement." + what, "account " + about.account() + " at " + words);
  }

  private static void open(Connection c, String account) throws SQLException {
    // held, so that it is not closed meanwhile
    Account known =
        AccountBook.find(c, account, " FOR SHARE")
            .orElseThrow(
                () -> StoreException.at(Fault.Code.CONFLICT, "account " + account, "is not known"));
    if (known.status() != Account.Status.OPEN) {
      throw StoreException.at(
          Fault.Code.CONFLICT, "account " + account, "is closed: open another one");
    }
  }

  private Agreement insert(
      Connection c,
      String account,
      String point,
      String tariff,
      Instant since,
      Optional<Instant> until)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO agreement (since, until, made, account, service_point, tariff)"
                + " VALUES (?, ?, ?, ?, ?, ?) RETURNING "
                + COLUMNS)) {
      s.setObject(1, utc(since));
      s.setObject(2, until.map(Agreements::utc).orElse(null));
      s.setObject(3, utc(clock.instant()));
      s.setString(4, account);
      s.setString(5, point);
      s.setString(6, tariff);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return row(r);
      }
    }
  }

  private static void until(Connection c, long id, Instant until) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("UPDATE agreement SET until = ? WHERE id = ?")) {
      s.setObject(1, utc(until));
      s.setLong(2, id);
      s.executeUpdate();
    }
  }

  private static Optional<Agreement> covering(Connection c, String point, Instant at)
      throws SQLException {
    return first(
        c,
        "WHERE service_point = ? AND since <= ? AND (until IS NULL OR until > ?) FOR UPDATE",
        point,
        utc(at),
        utc(at));
  }

  private static Optional<Agreement> last(Connection c, String account, String point)
      throws SQLException {
    return first(
        c,
        "WHERE account = ? AND service_point = ? ORDER BY since DESC LIMIT 1 FOR UPDATE",
        account,
        point);
  }

  private static Agreement one(Connection c, long id) throws SQLException {
    return first(c, "WHERE id = ?", id).orElseThrow();
  }

  private static Optional<Agreement> first(Connection c, String which, Object... values)
      throws SQLException {
    return read(c, which, values).stream().findFirst();
  }

  private List<Agreement> read(String which, Object... values) {
    return transactions.run("reading agreements", c -> read(c, which, values));
  }

  private static List<Agreement> read(Connection c, String which, Object... values)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("SELECT " + COLUMNS + " FROM agreement " + which)) {
      for (int i = 0; i < values.length; i++) {
        s.setObject(i + 1, values[i]);
      }
      List<Agreement> found = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          found.add(row(r));
        }
      }
      return found;
    }
  }

  private static Agreement row(ResultSet r) throws SQLException {
    OffsetDateTime until = r.getObject(6, OffsetDateTime.class);
    return new Agreement(
        r.getLong(1),
        r.getString(2),
        r.getString(3),
        r.getString(4),
        r.getObject(5, OffsetDateTime.class).toInstant(),
        Optional.ofNullable(until).map(OffsetDateTime::toInstant));
  }

  private <T> T conflictTold(String point, Transactions.Work<T> work) {
    try {
      return transactions.in(work);
    } catch (SQLException e) {
      if (OVERLAPS.equals(e.getSQLState())) {
        throw StoreException.at(
            Fault.Code.CONFLICT,
            "servicePoint",
            point
                + " is supplied to somebody at that time or later: move them out first, or take it"
                + " over");
      }
      throw StoreException.of("writing an agreement", e);
    }
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
