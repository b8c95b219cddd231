package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;

/**
 * What follows from balances of those who pay beforehand: who was told what, and which orders were
 * proposed. Thread-safe.
 */
public final class PrepaidBook {
  private final Transactions transactions;
  private final Dictionary dictionary;

  PrepaidBook(Transactions transactions, Dictionary dictionary) {
    this.transactions = transactions;
    this.dictionary = dictionary;
  }

  /**
   * An account that pays beforehand.
   *
   * @param entry its last one
   */
  public record Balance(LedgerBook.Entry entry) {}

  /**
   * An order that was proposed.
   *
   * @param number the ledger's entry that brought it
   * @param word disconnect or connect
   * @param command empty until it is drafted
   */
  public record Proposal(
      String account, long number, MeterId meter, String word, Optional<CommandId> command) {}

  /** Accounts that pay beforehand, by name, after one. */
  public List<Balance> balances(String after, int most) {
    return transactions.run(
        "reading balances",
        c -> {
          List<Balance> balances = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT * FROM (SELECT DISTINCT ON (account) "
                      + LedgerBook.COLUMNS
                      + " FROM ledger WHERE account > ? ORDER BY account, number DESC) l"
                      + " WHERE credit IS NOT NULL ORDER BY account LIMIT ?")) {
            s.setString(1, after);
            s.setInt(2, most);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                balances.add(new Balance(LedgerBook.entry(r)));
              }
            }
          }
          return balances;
        });
  }

  /** Which of these references an account's ledger has. */
  public Set<String> entered(String account, Collection<String> references) {
    return transactions.run(
        "looking for entries",
        c -> {
          Set<String> found = new HashSet<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT reference FROM ledger WHERE account = ? AND reference = ANY (?)")) {
            s.setString(1, account);
            s.setArray(2, c.createArrayOf("text", references.toArray()));
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.add(r.getString(1));
              }
            }
          }
          return found;
        });
  }

  /** What nobody was told yet, the first first. */
  public List<LedgerBook.Event> untold(int most) {
    return transactions.run(
        "reading what is to be told",
        c -> {
          List<LedgerBook.Event> events = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT account, number, word, balance, at FROM ledger_event WHERE told IS NULL"
                      + " ORDER BY at, account, number, word LIMIT ?")) {
            s.setInt(1, most);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                events.add(
                    new LedgerBook.Event(
                        r.getString(1),
                        r.getLong(2),
                        r.getString(3),
                        r.getBigDecimal(4),
                        r.getObject(5, OffsetDateTime.class).toInstant()));
              }
            }
          }
          return events;
        });
  }

  /** Notes that it was told, and what it asks for proposed. */
  public void told(LedgerBook.Event event, Instant now) {
    int changed =
        transactions.run(
            "noting what was told",
            c -> {
              try (PreparedStatement s =
                  c.prepareStatement(
                      "UPDATE ledger_event SET told = ? WHERE account = ? AND number = ? AND word ="
                          + " ?")) {
                s.setObject(1, now.atOffset(ZoneOffset.UTC));
                s.setString(2, event.account());
                s.setLong(3, event.number());
                s.setString(4, event.word());
                return s.executeUpdate();
              }
            });
    if (changed != 1) {
      throw StoreException.at(
          "account " + event.account(), "its event " + event.word() + " is gone");
    }
  }

  /**
   * Notes that an order is about to be proposed; the same again changes nothing.
   *
   * @return as it stands
   */
  public Proposal propose(String account, long number, MeterId meter, String word, Instant now) {
    int inner = number(meter);
    return transactions.run(
        "noting a proposal",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO balance_proposal (at, number, account, meter, word) VALUES (?, ?, ?,"
                      + " ?, ?) ON CONFLICT DO NOTHING")) {
            s.setObject(1, now.atOffset(ZoneOffset.UTC));
            s.setLong(2, number);
            s.setString(3, account);
            s.setInt(4, inner);
            s.setString(5, word);
            s.executeUpdate();
          }
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT command FROM balance_proposal WHERE account = ? AND number = ? AND meter"
                      + " = ?")) {
            s.setString(1, account);
            s.setLong(2, number);
            s.setInt(3, inner);
            try (ResultSet r = s.executeQuery()) {
              r.next();
              return new Proposal(account, number, meter, word, command(r, 1));
            }
          }
        });
  }

  /** The order that a process drafted for a proposal and died before it noted so. */
  public Optional<CommandId> drafted(Proposal proposal, String reason) {
    return transactions.run(
        "looking for a proposal's order",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT id FROM command WHERE meter = ? AND word = ? AND reason = ? LIMIT 1")) {
            s.setString(1, proposal.meter().value());
            s.setString(2, proposal.word());
            s.setString(3, reason);
            try (ResultSet r = s.executeQuery()) {
              return r.next()
                  ? Optional.of(new CommandId(r.getObject(1, UUID.class)))
                  : Optional.empty();
            }
          }
        });
  }

  /** Notes a proposal's order. */
  public void drafted(Proposal proposal, CommandId command) {
    int inner = number(proposal.meter());
    int changed =
        transactions.run(
            "noting a proposal's order",
            c -> {
              try (PreparedStatement s =
                  c.prepareStatement(
                      "UPDATE balance_proposal SET command = ? WHERE account = ? AND number = ? AND"
                          + " meter = ?")) {
                s.setObject(1, command.value());
                s.setString(2, proposal.account());
                s.setLong(3, proposal.number());
                s.setInt(4, inner);
                return s.executeUpdate();
              }
            });
    if (changed != 1) {
      throw StoreException.at("account " + proposal.account(), "its proposal is gone");
    }
  }

  /** Those that were not withdrawn, by account; an account's, or with "" all. */
  public List<Proposal> proposals(String account) {
    return transactions.run(
        "reading proposals",
        c -> {
          List<Proposal> open = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT p.account, p.number, m.meter_id, p.word, p.command FROM balance_proposal"
                      + " p JOIN meter m ON m.id = p.meter WHERE p.withdrawn IS NULL AND (? = '' OR"
                      + " p.account = ?) ORDER BY p.account, p.number, m.meter_id LIMIT 10000")) {
            s.setString(1, account);
            s.setString(2, account);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                open.add(
                    new Proposal(
                        r.getString(1),
                        r.getLong(2),
                        new MeterId(r.getString(3)),
                        r.getString(4),
                        command(r, 5)));
              }
            }
          }
          return open;
        });
  }

  /** Takes a proposal back. */
  public void withdraw(Tx tx, Proposal proposal, Instant now) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "UPDATE balance_proposal SET withdrawn = ? WHERE account = ? AND number = ? AND"
                    + " meter = ?")) {
      s.setObject(1, now.atOffset(ZoneOffset.UTC));
      s.setString(2, proposal.account());
      s.setLong(3, proposal.number());
      s.setInt(4, number(proposal.meter()));
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("taking a proposal back", e);
    }
  }

  private int number(MeterId meter) {
    return dictionary
        .meter(meter)
        .orElseThrow(() -> StoreException.at("meter " + meter, "is not registered"));
  }

  private static Optional<CommandId> command(ResultSet r, int column) throws SQLException {
    UUID id = r.getObject(column, UUID.class);
    return id == null ? Optional.empty() : Optional.of(new CommandId(id));
  }
}
