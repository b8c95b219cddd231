package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;

/**
 * The channel table in memory, and which channels each meter has. Channels are made in transactions
 * of their own and never change; a meter's channels are remembered after their transaction's
 * commit. Thread-safe.
 */
final class Channels {
  static final int INTERVAL = 0;
  static final int REGISTER = 1;
  static final int MOMENTARY = 2;

  /**
   * What a channel row says.
   *
   * @param id its number; not part of what it says, -1 while it has none
   * @param obis what is measured
   * @param intervalSeconds a slot's length, 0 for registers and momentary values
   * @param unit of the values
   * @param scaler of the values
   */
  record Row(int id, ObisCode obis, int intervalSeconds, Unit unit, int scaler) {}

  /** A meter's channel of a kind. */
  record Member(int meter, int kind, Row row) {}

  private record Key(ObisCode obis, int intervalSeconds, Unit unit, int scaler) {}

  private final Transactions transactions;
  private final Map<Key, Row> byKey = new ConcurrentHashMap<>();
  private final Map<Integer, Row> byId = new ConcurrentHashMap<>();
  private final Map<Integer, List<Member>> members = new ConcurrentHashMap<>();

  Channels(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The channel that says this, made where there is none. */
  Row of(ObisCode obis, int intervalSeconds, Unit unit, int scaler) {
    Key key = new Key(obis, intervalSeconds, unit, scaler);
    Row known = byKey.get(key);
    if (known != null) {
      return known;
    }
    int id = transactions.run("naming a channel", c -> insert(c, key));
    Row row = new Row(id, obis, intervalSeconds, unit, scaler);
    byKey.put(key, row);
    byId.put(id, row);
    return row;
  }

  /** A number's channel. */
  Row byId(int id) {
    Row known = byId.get(id);
    if (known != null) {
      return known;
    }
    transactions.run(
        "reading channels",
        c -> {
          try (var s =
                  c.prepareStatement("SELECT id, obis, interval_s, unit, scaler FROM channel");
              var r = s.executeQuery()) {
            while (r.next()) {
              ObisCode obis = new ObisCode(r.getLong(2));
              Unit unit = Unit.of(r.getInt(4));
              Row row = new Row(r.getInt(1), obis, r.getInt(3), unit, r.getInt(5));
              byId.put(row.id(), row);
              byKey.put(new Key(obis, row.intervalSeconds(), unit, row.scaler()), row);
            }
          }
          return id;
        });
    Row row = byId.get(id);
    if (row == null) {
      throw new IllegalArgumentException("no channel has the number " + id);
    }
    return row;
  }

  /** Makes sure that the meters' channels are in memory. */
  void learn(Connection c, Collection<Integer> meters) throws SQLException {
    Set<Integer> missing = new TreeSet<>();
    for (int meter : meters) {
      if (!members.containsKey(meter)) {
        missing.add(meter);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    Map<Integer, List<Member>> found = new java.util.HashMap<>();
    try (var s =
        c.prepareStatement(
            "SELECT meter, kind, channel FROM meter_channel WHERE meter = ANY (?)"
                + " ORDER BY meter, kind, channel")) {
      s.setArray(1, Sql.array(c, "int4", missing.toArray()));
      try (var r = s.executeQuery()) {
        while (r.next()) {
          found
              .computeIfAbsent(r.getInt(1), m -> new ArrayList<>())
              .add(new Member(r.getInt(1), r.getInt(2), byId(r.getInt(3))));
        }
      }
    }
    for (int meter : missing) {
      members.putIfAbsent(meter, List.copyOf(found.getOrDefault(meter, List.of())));
    }
  }

  /** A meter's channels, after {@link #learn}. */
  List<Member> of(int meter) {
    return members.getOrDefault(meter, List.of());
  }

  /** Writes that meters have channels; {@link #remember} follows the commit. */
  static void write(Connection c, Collection<Member> fresh) throws SQLException {
    if (fresh.isEmpty()) {
      return;
    }
    Integer[] meter = fresh.stream().map(Member::meter).toArray(Integer[]::new);
    Integer[] channel = fresh.stream().map(m -> m.row().id()).toArray(Integer[]::new);
    Integer[] kind = fresh.stream().map(Member::kind).toArray(Integer[]::new);
    try (var s =
        c.prepareStatement(
            "INSERT INTO meter_channel (meter, channel, kind)"
                + " SELECT * FROM unnest(?::int[], ?::int[], ?::smallint[])"
                + " ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING")) {
      s.setArray(1, Sql.array(c, "int4", meter));
      s.setArray(2, Sql.array(c, "int4", channel));
      s.setArray(3, Sql.array(c, "int4", kind));
      s.executeUpdate();
    }
  }

  void remember(Collection<Member> fresh) {
    for (Member m : fresh) {
      members.compute(
          m.meter(),
          (meter, known) -> {
            if (known == null || known.contains(m)) {
              return known == null ? List.of(m) : known;
            }
            List<Member> more = new ArrayList<>(known);
            more.add(m);
            return List.copyOf(more);
          });
    }
  }

  void forget(int meter) {
    members.remove(meter);
  }

  private static int insert(Connection c, Key key) throws SQLException {
    try (var s =
        c.prepareStatement(
            "INSERT INTO channel (obis, interval_s, unit, scaler, code, symbol)"
                + " VALUES (?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (obis, interval_s, unit, scaler)"
                + " DO UPDATE SET code = excluded.code RETURNING id")) {
      s.setLong(1, key.obis().packed());
      s.setInt(2, key.intervalSeconds());
      s.setInt(3, key.unit().code());
      s.setInt(4, key.scaler());
      s.setString(5, key.obis().toString());
      s.setString(6, key.unit().symbol());
      try (var r = s.executeQuery()) {
        r.next();
        return r.getInt(1);
      }
    }
  }
}
