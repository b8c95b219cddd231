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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Tx;
import org.jspecify.annotations.Nullable;

/**
 * What accounts owe and have, entry upon entry. The database numbers entries and reckons balances,
 * one writer of an account after the other; nothing is ever changed or removed. Thread-safe.
 */
public final class LedgerBook {
  static final String COLUMNS =
      "account, number, day, kind, amount, currency, balance, contra, reference, note, by_kind, by,"
          + " at, credit, low";

  private final Transactions transactions;
  private final InstantSource clock;

  LedgerBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * An entry to be added.
   *
   * @param day for which civil day it counts
   * @param kind bill, payment, credit, correction, charge or instalment
   * @param amount above zero: the account gets it; at most 6 digits behind the point, never zero
   * @param currency of ISO 4217; an account has one
   * @param contra where the other half stands, revenue or bank say
   * @param reference what tells it from all others of the account: the same one again adds nothing
   * @param note why, for people
   * @param limits where the account pays beforehand; empty where this entry does not say so: of a
   *     bill that it does not, of all else that it is as before
   */
  public record Fresh(
      String account,
      LocalDate day,
      String kind,
      BigDecimal amount,
      String currency,
      String contra,
      String reference,
      String note,
      Optional<Limits> limits) {}

  /**
   * How an account's balance may be that pays beforehand.
   *
   * @param credit how far below zero it may go
   * @param low at which its owner is warned
   */
  public record Limits(BigDecimal credit, BigDecimal low) {}

  /**
   * An entry.
   *
   * @param number from 1, without a gap within an account
   * @param balance after it
   * @param limits where the account pays beforehand
   */
  public record Entry(
      String account,
      long number,
      LocalDate day,
      String kind,
      BigDecimal amount,
      String currency,
      BigDecimal balance,
      String contra,
      String reference,
      String note,
      Actor by,
      Instant at,
      Optional<Limits> limits) {
    /** The balance before it. */
    public BigDecimal before() {
      return balance.subtract(amount);
    }
  }

  /**
   * What a balance went through.
   *
   * @param number the entry that did it
   * @param word what
   * @param balance after that entry
   */
  public record Event(String account, long number, String word, BigDecimal balance, Instant at) {}

  /** What became of an entry. */
  public sealed interface Posted {
    /** It is there now. */
    record Added(Entry entry) implements Posted {}

    /** It was there before: this one added nothing. */
    record Same(Entry entry) implements Posted {}

    /** Another one has its reference. */
    record Taken(Entry other) implements Posted {}
  }

  /**
   * Adds an entry. Holds the account until the transaction ends.
   *
   * @throws StoreException where the account is in another currency, or a field is out of its range
   */
  public Posted post(Tx tx, Fresh fresh, Actor by) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO ledger (at, number, day, account, contra, kind, amount, currency, balance,"
                + " reference, note, by_kind, by, credit, low) VALUES (?, 0, ?, ?, ?, ?, ?, ?, 0, ?, ?,"
                + " ?, ?, ?, ?)"
                + " ON CONFLICT (account, reference) DO NOTHING RETURNING "
                + COLUMNS)) {
      s.setObject(1, now());
      s.setObject(2, fresh.day());
      s.setString(3, fresh.account());
      s.setString(4, fresh.contra());
      s.setString(5, fresh.kind());
      s.setBigDecimal(6, fresh.amount());
      s.setString(7, fresh.currency());
      s.setString(8, fresh.reference());
      s.setString(9, fresh.note());
      s.setString(10, by.kind().name());
      s.setString(11, by.name());
      s.setBigDecimal(12, fresh.limits().map(Limits::credit).orElse(null));
      s.setBigDecimal(13, fresh.limits().map(Limits::low).orElse(null));
      try (ResultSet r = s.executeQuery()) {
        if (r.next()) {
          Entry added = entry(r);
          audit(c, added, by);
          return new Posted.Added(added);
        }
      }
      Entry there = find(c, fresh.account(), fresh.reference());
      return same(there, fresh) ? new Posted.Same(there) : new Posted.Taken(there);
    } catch (SQLException e) {
      throw StoreException.of("adding to the ledger", e);
    }
  }

  /** Notes what an entry's balance went through, in its transaction. */
  public void event(Tx tx, Entry entry, String word) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO ledger_event (at, number, account, word, balance)"
                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      s.setObject(1, entry.at().atOffset(ZoneOffset.UTC));
      s.setLong(2, entry.number());
      s.setString(3, entry.account());
      s.setString(4, word);
      s.setBigDecimal(5, entry.balance());
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("noting what a balance went through", e);
    }
  }

  /** An account's last entry, whose balance is the account's; empty before the first. */
  public Optional<Entry> last(String account) {
    return transactions.run(
        "looking for a balance",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT "
                      + COLUMNS
                      + " FROM ledger WHERE account = ? ORDER BY number DESC LIMIT 1")) {
            s.setString(1, account);
            try (ResultSet r = s.executeQuery()) {
              return r.next() ? Optional.of(entry(r)) : Optional.empty();
            }
          }
        });
  }

  /**
   * An account's entries, the newest first.
   *
   * @param before those with smaller numbers only
   * @param most how many at most
   */
  public List<Entry> entries(String account, long before, int most) {
    return transactions.run(
        "reading a ledger",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT "
                      + COLUMNS
                      + " FROM ledger WHERE account = ? AND number < ? ORDER BY number DESC"
                      + " LIMIT ?")) {
            s.setString(1, account);
            s.setLong(2, before);
            s.setInt(3, most);
            List<Entry> entries = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                entries.add(entry(r));
              }
            }
            return entries;
          }
        });
  }

  /**
   * The sum of an account's entries of a kind.
   *
   * @param references those with one of these only
   */
  public BigDecimal sum(Tx tx, String account, String kind, Collection<String> references) {
    return sum(
        tx,
        "kind = ? AND reference = ANY (?)",
        account,
        kind,
        c -> c.createArrayOf("text", references.toArray()));
  }

  /**
   * The sum of an account's entries whose other half stands somewhere.
   *
   * @param beginning with which their references begin
   */
  public BigDecimal sum(Tx tx, String account, String contra, String beginning) {
    return sum(tx, "contra = ? AND starts_with(reference, ?)", account, contra, c -> beginning);
  }

  /** What a condition's last value is. */
  private interface Value {
    Object of(Connection c) throws SQLException;
  }

  private static BigDecimal sum(Tx tx, String which, String account, String word, Value last) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT coalesce(sum(amount), 0) FROM ledger WHERE account = ? AND " + which)) {
      s.setString(1, account);
      s.setString(2, word);
      s.setObject(3, last.of(c));
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getBigDecimal(1);
      }
    } catch (SQLException e) {
      throw StoreException.of("adding up a ledger", e);
    }
  }

  /** Whether an account has an entry with a reference. */
  public boolean has(Tx tx, String account, String reference) {
    try (PreparedStatement s =
        PgTx.of(tx).prepareStatement("SELECT 1 FROM ledger WHERE account = ? AND reference = ?")) {
      s.setString(1, account);
      s.setString(2, reference);
      try (ResultSet r = s.executeQuery()) {
        return r.next();
      }
    } catch (SQLException e) {
      throw StoreException.of("looking for an entry", e);
    }
  }

  /** What accounts' balances went through, the newest first; an account's, or with "" all. */
  public List<Event> events(String account, int most) {
    return transactions.run(
        "reading what balances went through",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT account, number, word, balance, at FROM ledger_event WHERE ? = '' OR"
                      + " account = ? ORDER BY at DESC, number DESC, word LIMIT ?")) {
            s.setString(1, account);
            s.setString(2, account);
            s.setInt(3, most);
            List<Event> events = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                events.add(
                    new Event(
                        r.getString(1),
                        r.getLong(2),
                        r.getString(3),
                        r.getBigDecimal(4),
                        r.getObject(5, OffsetDateTime.class).toInstant()));
              }
            }
            return events;
          }
        });
  }

  private static Entry find(Connection c, String account, String reference) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT " + COLUMNS + " FROM ledger WHERE account = ? AND reference = ?")) {
      s.setString(1, account);
      s.setString(2, reference);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return entry(r);
      }
    }
  }

  private static boolean same(Entry there, Fresh fresh) {
    return there.amount().compareTo(fresh.amount()) == 0
        && there.kind().equals(fresh.kind())
        && there.currency().equals(fresh.currency())
        && there.day().equals(fresh.day())
        && there.contra().equals(fresh.contra());
  }

  static Entry entry(ResultSet r) throws SQLException {
    return new Entry(
        r.getString(1),
        r.getLong(2),
        r.getObject(3, LocalDate.class),
        r.getString(4),
        r.getBigDecimal(5),
        r.getString(6),
        r.getBigDecimal(7),
        r.getString(8),
        r.getString(9),
        r.getString(10),
        new Actor(Actor.Kind.valueOf(r.getString(11)), r.getString(12)),
        r.getObject(13, OffsetDateTime.class).toInstant(),
        limits(r.getBigDecimal(14), r.getBigDecimal(15)));
  }

  private static Optional<Limits> limits(@Nullable BigDecimal credit, @Nullable BigDecimal low) {
    return credit == null || low == null ? Optional.empty() : Optional.of(new Limits(credit, low));
  }

  /** What people enter stands in the log; bills and charges have their runs there. */
  private void audit(Connection c, Entry entry, Actor by) throws SQLException {
    if (by.kind() == Actor.Kind.PERSON) {
      StoredAuditLog.append(
          c,
          clock.instant(),
          by,
          "ledger." + entry.kind(),
          (entry.account()
                  + " "
                  + entry.amount().toPlainString()
                  + " "
                  + entry.currency()
                  + ", reference "
                  + entry.reference())
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }
}
