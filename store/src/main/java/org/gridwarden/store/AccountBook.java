package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;

/**
 * Accounts and their holders. Each change is in the account's story and in the audit log, where it
 * is named by its number alone. Thread-safe.
 */
public final class AccountBook {
  private static final String COLUMNS =
      "a.id, a.name, a.street, a.city, a.email, a.phone, a.language, a.status, a.opened, a.closed";

  private final Transactions transactions;
  private final InstantSource clock;

  AccountBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * An account as lists show it.
   *
   * @param account it
   * @param servicePoints where it is supplied now
   */
  public record Listed(Account account, List<String> servicePoints) {}

  /** A page. */
  public record Page(List<Listed> items, long total) {}

  /**
   * A line of an account's story.
   *
   * @param at when, by the office's clock
   * @param what opened, changed, moved-in, tariff, moved-out, closed, note or erased
   * @param who did it
   * @param note in words
   */
  public record Step(Instant at, String what, Actor who, String note) {}

  /** A page of accounts. */
  public Page page(AccountQuery query) {
    return transactions.run(
        "listing accounts",
        c -> {
          String order =
              query.sort().stream()
                  .map(s -> s.by().column() + (s.descending() ? " DESC" : "") + ", ")
                  .collect(Collectors.joining());
          List<Listed> items = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT "
                      + COLUMNS
                      + ", ARRAY(SELECT g.service_point FROM agreement g WHERE g.account = a.id AND"
                      + " g.since <= ? AND (g.until IS NULL OR g.until > ?) ORDER BY 1 LIMIT 100)"
                      + " FROM account a"
                      + where(query)
                      + " ORDER BY "
                      + order
                      + "a.id LIMIT ? OFFSET ?")) {
            s.setObject(1, now());
            s.setObject(2, now());
            int next = bind(s, 3, query);
            s.setInt(next, query.size());
            s.setLong(next + 1, (long) query.page() * query.size());
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                String[] points = (String[]) r.getArray(11).getArray();
                items.add(new Listed(account(r), Arrays.asList(points)));
              }
            }
          }
          try (PreparedStatement s =
              c.prepareStatement("SELECT count(*) FROM account a" + where(query))) {
            bind(s, 1, query);
            try (ResultSet r = s.executeQuery()) {
              r.next();
              return new Page(List.copyOf(items), r.getLong(1));
            }
          }
        });
  }

  /** One account. */
  public Optional<Account> find(String id) {
    return transactions.run("looking an account up", c -> find(c, id, ""));
  }

  /**
   * Opens an account.
   *
   * @param id its number; empty: the next free one
   * @throws StoreException where the number is taken
   * @throws IllegalArgumentException where it is none
   */
  public Account open(String id, Account.Holder holder, Actor by) {
    if (!id.isEmpty() && !id.matches(Account.ID)) {
      throw new IllegalArgumentException(
          "id has 1 to 32 letters, digits, dots, dashes and underscores");
    }
    return transactions.run(
        "opening an account",
        c -> {
          String number;
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO account (opened, id, name, street, city, email, phone, language)"
                      + " VALUES (?, coalesce(nullif(?, ''), nextval('account_number')::text), ?,"
                      + " ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING id")) {
            s.setObject(1, now());
            s.setString(2, id);
            hold(s, 3, holder);
            try (ResultSet r = s.executeQuery()) {
              if (!r.next()) {
                throw StoreException.at(
                    Fault.Code.CONFLICT, "id", "is taken: give another number, or none");
              }
              number = r.getString(1);
            }
          }
          step(c, number, "opened", by, "");
          audit(c, by, "account.opened", "account " + number);
          return find(c, number, "").orElseThrow();
        });
  }

  /**
   * Changes who holds an account, or how they are reached.
   *
   * @return empty where there is no such account
   * @throws StoreException where it was erased
   */
  public Optional<Account> change(String id, Account.Holder holder, Actor by) {
    return transactions.run(
        "changing an account",
        c -> {
          Optional<Account> known = find(c, id, " FOR UPDATE");
          if (known.isEmpty() || known.get().holder().equals(holder)) {
            return known;
          }
          if (known.get().status() == Account.Status.ERASED) {
            throw StoreException.at(
                Fault.Code.CONFLICT, "account " + id, "was erased: open another one");
          }
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE account SET name = ?, street = ?, city = ?, email = ?, phone = ?,"
                      + " language = ? WHERE id = ?")) {
            hold(s, 1, holder);
            s.setString(7, id);
            s.executeUpdate();
          }
          String what = differences(known.get().holder(), holder);
          step(c, id, "changed", by, what);
          audit(c, by, "account.changed", "account " + id + ": " + what);
          return find(c, id, "");
        });
  }

  /**
   * Closes an account that is supplied nowhere, now or later.
   *
   * @return empty where there is no such account
   * @throws StoreException where it is still supplied, or not open
   */
  public Optional<Account> close(String id, String reason, Actor by) {
    return transactions.run(
        "closing an account",
        c -> {
          Optional<Account> known = find(c, id, " FOR UPDATE");
          if (known.isEmpty()) {
            return known;
          }
          if (known.get().status() != Account.Status.OPEN) {
            throw StoreException.at(Fault.Code.CONFLICT, "account " + id, "is closed already");
          }
          supplied(c, id, clock.instant())
              .ifPresent(point -> {
                throw StoreException.at(
                    Fault.Code.CONFLICT,
                    "account " + id,
                    "is still supplied at " + point + ": move it out first");
              });
          try (PreparedStatement s =
              c.prepareStatement("UPDATE account SET status = 'CLOSED', closed = ? WHERE id = ?")) {
            s.setObject(1, now());
            s.setString(2, id);
            s.executeUpdate();
          }
          step(c, id, "closed", by, reason);
          audit(c, by, "account.closed", "account " + id);
          return find(c, id, "");
        });
  }

  /**
   * Adds words to an account's story.
   *
   * @return false where there is no such account
   */
  public boolean note(String id, String words, Actor by) {
    return transactions.run(
        "noting upon an account",
        c -> {
          if (find(c, id, "").isEmpty()) {
            return false;
          }
          step(c, id, "note", by, words);
          return true;
        });
  }

  /** An account's story, the first line first; its last 1,000 lines. */
  public List<Step> story(String id) {
    return transactions.run(
        "reading an account's story",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT at, what, actor_kind, actor, note FROM (SELECT * FROM account_step WHERE"
                      + " account = ? ORDER BY id DESC LIMIT 1000) t ORDER BY id")) {
            s.setString(1, id);
            List<Step> steps = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                steps.add(
                    new Step(
                        instant(r, 1),
                        r.getString(2),
                        new Actor(Actor.Kind.valueOf(r.getString(3)), r.getString(4)),
                        r.getString(5)));
              }
            }
            return steps;
          }
        });
  }

  /**
   * Lets a user see an account as their own.
   *
   * @return false where there is no such account or user
   */
  public boolean link(String id, String user, Actor by) {
    return transactions.run(
        "linking an account",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO account_user (account, app_user) SELECT a.id, u.id FROM account a,"
                      + " app_user u WHERE a.id = ? AND a.status <> 'ERASED' AND lower(u.name) ="
                      + " lower(?) ON CONFLICT DO NOTHING RETURNING account")) {
            s.setString(1, id);
            s.setString(2, user);
            try (ResultSet r = s.executeQuery()) {
              if (r.next()) {
                audit(c, by, "account.user-linked", "account " + id + " " + user);
                return true;
              }
            }
          }
          return users(c, id).stream().anyMatch(user::equalsIgnoreCase);
        });
  }

  /** Ends that; false where it was not so. */
  public boolean unlink(String id, String user, Actor by) {
    return transactions.run(
        "ending an account's link",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "DELETE FROM account_user WHERE account = ? AND app_user ="
                      + " (SELECT id FROM app_user WHERE lower(name) = lower(?))")) {
            s.setString(1, id);
            s.setString(2, user);
            if (s.executeUpdate() == 0) {
              return false;
            }
            audit(c, by, "account.user-unlinked", "account " + id + " " + user);
            return true;
          }
        });
  }

  /** Which users see an account as their own. */
  public List<String> users(String id) {
    return transactions.run("reading an account's users", c -> users(c, id));
  }

  /** Which accounts a user sees as their own. */
  public List<Account> of(String user) {
    return transactions.run(
        "reading a user's accounts",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT "
                      + COLUMNS
                      + " FROM account a JOIN account_user x ON x.account = a.id JOIN app_user u"
                      + " ON u.id = x.app_user WHERE lower(u.name) = lower(?) ORDER BY a.id")) {
            s.setString(1, user);
            List<Account> found = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.add(account(r));
              }
            }
            return found;
          }
        });
  }

  static Optional<Account> find(Connection c, String id, String lock) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("SELECT " + COLUMNS + " FROM account a WHERE a.id = ?" + lock)) {
      s.setString(1, id);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(account(r)) : Optional.empty();
      }
    }
  }

  /** A service point at which an account is supplied at or after an instant. */
  static Optional<String> supplied(Connection c, String id, Instant from) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT service_point FROM agreement WHERE account = ? AND (until IS NULL OR until > ?)"
                + " ORDER BY since LIMIT 1")) {
      s.setString(1, id);
      s.setObject(2, from.atOffset(ZoneOffset.UTC));
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(r.getString(1)) : Optional.empty();
      }
    }
  }

  void step(Connection c, String id, String what, Actor who, String note) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO account_step (at, account, what, actor_kind, actor, note)"
                + " VALUES (?, ?, ?, ?, ?, ?)")) {
      s.setObject(1, now());
      s.setString(2, id);
      s.setString(3, what);
      s.setString(4, who.kind().name());
      s.setString(5, who.name());
      s.setString(6, note);
      s.executeUpdate();
    }
  }

  void audit(Connection c, Actor by, String action, String detail) throws SQLException {
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> users(Connection c, String id) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT u.name FROM account_user x JOIN app_user u ON u.id = x.app_user"
                + " WHERE x.account = ? ORDER BY 1")) {
      s.setString(1, id);
      List<String> names = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          names.add(r.getString(1));
        }
      }
      return names;
    }
  }

  /** Which parts of a holder changed, by their names and without what they are or were. */
  private static String differences(Account.Holder old, Account.Holder fresh) {
    List<String> parts = new ArrayList<>();
    if (!old.name().equals(fresh.name())) {
      parts.add("name");
    }
    if (!old.street().equals(fresh.street()) || !old.city().equals(fresh.city())) {
      parts.add("address");
    }
    if (!old.email().equals(fresh.email()) || !old.phone().equals(fresh.phone())) {
      parts.add("contact");
    }
    if (!old.language().equals(fresh.language())) {
      parts.add("language");
    }
    return String.join(", ", parts);
  }

  private static String where(AccountQuery query) {
    List<String> conditions = new ArrayList<>();
    if (!query.text().isEmpty()) {
      conditions.add(
          "(a.search LIKE ? OR EXISTS (SELECT FROM agreement g WHERE g.account = a.id AND"
              + " lower(g.service_point) LIKE ?))");
    }
    if (!query.statuses().isEmpty()) {
      conditions.add("a.status = ANY (?)");
    }
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  private static int bind(PreparedStatement s, int first, AccountQuery query) throws SQLException {
    int next = first;
    if (!query.text().isEmpty()) {
      String literal = query.text().toLowerCase(Locale.ROOT).replaceAll("([\\\\%_])", "\\\\$1");
      s.setString(next++, "%" + literal + "%");
      s.setString(next++, "%" + literal + "%");
    }
    if (!query.statuses().isEmpty()) {
      Object[] names = query.statuses().stream().map(Enum::name).toArray();
      s.setArray(next++, s.getConnection().createArrayOf("text", names));
    }
    return next;
  }

  private static void hold(PreparedStatement s, int first, Account.Holder holder)
      throws SQLException {
    s.setString(first, holder.name());
    s.setString(first + 1, holder.street());
    s.setString(first + 2, holder.city());
    s.setString(first + 3, holder.email());
    s.setString(first + 4, holder.phone());
    s.setString(first + 5, holder.language());
  }

  private static Account account(ResultSet r) throws SQLException {
    OffsetDateTime closed = r.getObject(10, OffsetDateTime.class);
    return new Account(
        r.getString(1),
        new Account.Holder(
            r.getString(2),
            r.getString(3),
            r.getString(4),
            r.getString(5),
            r.getString(6),
            r.getString(7)),
        Account.Status.valueOf(r.getString(8)),
        instant(r, 9),
        Optional.ofNullable(closed).map(OffsetDateTime::toInstant));
  }

  private static Instant instant(ResultSet r, int column) throws SQLException {
    return r.getObject(column, OffsetDateTime.class).toInstant();
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }
}
