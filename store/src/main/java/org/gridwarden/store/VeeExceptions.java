package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;

/** What validation found and who settled it. Thread-safe. */
public final class VeeExceptions {
  private static final String COLUMNS =
      "e.id, m.meter_id, e.channel, e.day, e.since, e.until, e.slots, e.rule, e.measured,"
          + " e.permitted, e.unit, e.action, e.method, e.state, e.found, e.settled, e.settled_by,"
          + " e.reason FROM vee_exception e JOIN meter m ON m.id = e.meter";

  private static final String AGAIN = "found again, and not as it was";
  private static final String NO_MORE = "found no more";

  private final Transactions transactions;
  private final Dictionary dictionary;
  private final Channels channels;

  VeeExceptions(Transactions transactions, Dictionary dictionary, Channels channels) {
    this.transactions = transactions;
    this.dictionary = dictionary;
    this.channels = channels;
  }

  /**
   * Which ones.
   *
   * @param states in which; empty for all
   * @param rules of which rules; empty for all
   * @param estimated only those for which other values stand in (true), only the others, or all
   * @param meter of one meter, or of all
   * @param from not before this day
   * @param to not after this day
   * @param latest the latest day first, or the earliest
   */
  public record Query(
      Set<VeeException.State> states,
      Set<String> rules,
      @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<Boolean> estimated,
      @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<MeterId> meter,
      LocalDate from,
      LocalDate to,
      boolean latest) {
    public Query {
      states = Set.copyOf(states);
      rules = Set.copyOf(rules);
    }
  }

  /** A page. */
  public record Page(List<VeeException> items, long total) {}

  /**
   * How many are open of a rule.
   *
   * @param flagged those whose values a person has to judge
   * @param estimated those for which other values stand in already
   */
  public record Open(String rule, long flagged, long estimated) {}

  /** A page, 1 to 1,000 of them. */
  public Page page(Query query, int page, int size) {
    if (page < 0 || size < 1 || size > 1_000) {
      throw new IllegalArgumentException(
          "a page is 0 or more and has 1 to 1000 items, not " + page + " and " + size);
    }
    String turn = query.latest() ? " DESC" : "";
    return transactions.run(
        "reading what validation found",
        c -> {
          List<VeeException> items = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT "
                      + COLUMNS
                      + where(query)
                      + " ORDER BY e.day"
                      + turn
                      + ", e.id"
                      + turn
                      + " LIMIT "
                      + size
                      + " OFFSET "
                      + (long) page * size)) {
            bind(s, query);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                items.add(row(r));
              }
            }
          }
          try (PreparedStatement s =
              c.prepareStatement("SELECT count(*) FROM vee_exception e" + where(query))) {
            bind(s, query);
            try (ResultSet r = s.executeQuery()) {
              r.next();
              return new Page(List.copyOf(items), r.getLong(1));
            }
          }
        });
  }

  /** How many are open, by rule. */
  public List<Open> open() {
    return transactions.run(
        "counting what validation found",
        c -> {
          List<Open> counts = new ArrayList<>();
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT rule, count(*) FILTER (WHERE action = 'flagged'), count(*) FILTER"
                          + " (WHERE action = 'estimated') FROM vee_exception WHERE state = 'open'"
                          + " GROUP BY 1 ORDER BY 1");
              ResultSet r = s.executeQuery()) {
            while (r.next()) {
              counts.add(new Open(r.getString(1), r.getLong(2), r.getLong(3)));
            }
          }
          return counts;
        });
  }

  /** One. */
  public Optional<VeeException> find(long id) {
    return transactions.run("reading what validation found", c -> one(c, id, ""));
  }

  /** One, held until the transaction ends. */
  public Optional<VeeException> hold(Tx tx, long id) {
    try {
      return one(PgTx.of(tx), id, " FOR UPDATE OF e");
    } catch (SQLException e) {
      throw StoreException.of("holding what validation found", e);
    }
  }

  /**
   * Keeps what a run found in a curve's days. What is there already stays as it is; what a person
   * settled opens again where it is not as it was; what is found no more is settled by that. Run
   * again on the same it changes nothing.
   *
   * @param from the first day looked at
   * @param to the day after the last
   * @param found at most one a day and rule
   * @return how many are open that were not
   */
  public int keep(
      Tx tx,
      MeterId meter,
      SlotVersions.Channel channel,
      LocalDate from,
      LocalDate to,
      List<VeeException.What> found,
      Actor by,
      Instant now) {
    int number = dictionary.meter(meter).orElse(-1);
    int curve =
        channels
            .of(
                channel.obis(),
                Math.toIntExact(channel.slot().toSeconds()),
                channel.unit(),
                channel.scaler())
            .id();
    Connection c = PgTx.of(tx);
    try {
      Map<String, VeeException> known = new HashMap<>();
      try (PreparedStatement s =
          c.prepareStatement(
              "SELECT "
                  + COLUMNS
                  + " WHERE e.meter = ? AND e.channel = ? AND e.day >= ? AND e.day < ?"
                  + " FOR UPDATE OF e")) {
        s.setInt(1, number);
        s.setInt(2, curve);
        s.setObject(3, from);
        s.setObject(4, to);
        try (ResultSet r = s.executeQuery()) {
          while (r.next()) {
            VeeException one = row(r);
            known.put(key(one.what()), one);
          }
        }
      }
      int opened = 0;
      Set<String> seen = new HashSet<>();
      for (VeeException.What what : found) {
        seen.add(key(what));
        VeeException old = known.get(key(what));
        if (old == null) {
          insert(c, number, curve, what, now);
          opened++;
        } else if (!old.what().equals(what)) {
          boolean again = old.state() != VeeException.State.OPEN && !old.what().alike(what);
          update(c, old.id(), what, now);
          if (again || old.state() == VeeException.State.GONE) {
            settle(c, old.id(), VeeException.State.OPEN, "", AGAIN, now);
            opened++;
          }
        } else if (old.state() == VeeException.State.GONE) {
          settle(c, old.id(), VeeException.State.OPEN, "", AGAIN, now);
          opened++;
        }
      }
      for (VeeException old : known.values()) {
        if (old.state() == VeeException.State.OPEN && !seen.contains(key(old.what()))) {
          settle(c, old.id(), VeeException.State.GONE, by.name(), NO_MORE, now);
        }
      }
      return opened;
    } catch (SQLException e) {
      throw StoreException.of("keeping what validation found", e);
    }
  }

  /** Settles one, or opens it again. */
  public void settle(
      Tx tx, long id, VeeException.State state, String by, String reason, Instant now) {
    try {
      settle(PgTx.of(tx), id, state, by, reason, now);
    } catch (SQLException e) {
      throw StoreException.of("settling what validation found", e);
    }
  }

  private static String key(VeeException.What what) {
    return what.day() + " " + what.rule();
  }

  private static void insert(
      Connection c, int meter, int channel, VeeException.What what, Instant now)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO vee_exception (since, until, slots, measured, permitted, unit, action,"
                + " method, changed, found, meter, channel, day, rule)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      values(s, what, now);
      s.setObject(10, utc(now));
      s.setInt(11, meter);
      s.setInt(12, channel);
      s.setObject(13, what.day());
      s.setString(14, what.rule());
      s.executeUpdate();
    }
  }

  private static void update(Connection c, long id, VeeException.What what, Instant now)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "UPDATE vee_exception SET since = ?, until = ?, slots = ?, measured = ?, permitted = ?,"
                + " unit = ?, action = ?, method = ?, changed = ? WHERE id = ?")) {
      values(s, what, now);
      s.setLong(10, id);
      s.executeUpdate();
    }
  }

  private static void values(PreparedStatement s, VeeException.What what, Instant now)
      throws SQLException {
    s.setObject(1, utc(what.since()));
    s.setObject(2, utc(what.until()));
    s.setInt(3, what.slots());
    s.setDouble(4, what.measured());
    s.setDouble(5, what.permitted());
    s.setString(6, what.unit());
    s.setString(7, what.estimated() ? "estimated" : "flagged");
    s.setString(8, what.method());
    s.setObject(9, utc(now));
  }

  private static void settle(
      Connection c, long id, VeeException.State state, String by, String reason, Instant now)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "UPDATE vee_exception SET state = ?, settled = ?, settled_by = ?, reason = ?,"
                + " changed = ? WHERE id = ?")) {
      s.setString(1, state.word());
      s.setObject(2, state == VeeException.State.OPEN ? null : utc(now));
      s.setString(3, by);
      s.setString(4, reason);
      s.setObject(5, utc(now));
      s.setLong(6, id);
      s.executeUpdate();
    }
  }

  private Optional<VeeException> one(Connection c, long id, String lock) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("SELECT " + COLUMNS + " WHERE e.id = ?" + lock)) {
      s.setLong(1, id);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(row(r)) : Optional.empty();
      }
    }
  }

  private String where(Query query) {
    Map<String, Boolean> conditions = new LinkedHashMap<>();
    conditions.put("e.day BETWEEN ? AND ?", true);
    conditions.put("e.state = ANY (?)", !query.states().isEmpty());
    conditions.put("e.rule = ANY (?)", !query.rules().isEmpty());
    conditions.put(
        "e.action = '" + (query.estimated().orElse(false) ? "estimated" : "flagged") + "'",
        query.estimated().isPresent());
    conditions.put(
        "e.meter = " + query.meter().flatMap(dictionary::meter).orElse(-1),
        query.meter().isPresent());
    return " WHERE "
        + String.join(
            " AND ",
            conditions.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList());
  }

  private static void bind(PreparedStatement s, Query query) throws SQLException {
    s.setObject(1, query.from());
    s.setObject(2, query.to());
    int next = 3;
    if (!query.states().isEmpty()) {
      Object[] words = query.states().stream().map(VeeException.State::word).toArray();
      s.setArray(next++, s.getConnection().createArrayOf("text", words));
    }
    if (!query.rules().isEmpty()) {
      s.setArray(next, s.getConnection().createArrayOf("text", query.rules().toArray()));
    }
  }

  private VeeException row(ResultSet r) throws SQLException {
    Channels.Row channel = channels.byId(r.getInt(3));
    OffsetDateTime settled = r.getObject(16, OffsetDateTime.class);
    return new VeeException(
        r.getLong(1),
        new MeterId(r.getString(2)),
        new SlotVersions.Channel(
            channel.obis(),
            Duration.ofSeconds(channel.intervalSeconds()),
            channel.unit(),
            channel.scaler()),
        new VeeException.What(
            r.getObject(4, LocalDate.class),
            r.getObject(5, OffsetDateTime.class).toInstant(),
            r.getObject(6, OffsetDateTime.class).toInstant(),
            r.getInt(7),
            r.getString(8),
            r.getDouble(9),
            r.getDouble(10),
            r.getString(11),
            r.getString(12).equals("estimated"),
            r.getString(13)),
        VeeException.State.valueOf(r.getString(14).toUpperCase(Locale.ROOT)),
        r.getObject(15, OffsetDateTime.class).toInstant(),
        Optional.ofNullable(settled).map(OffsetDateTime::toInstant),
        r.getString(17),
        r.getString(18));
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
