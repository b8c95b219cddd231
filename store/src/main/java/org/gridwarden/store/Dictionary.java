package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.MeterId;

/**
 * Names and their numbers inside the database: meters and the ways messages come. Numbers are given
 * once and never change, so they are kept in memory. Thread-safe.
 */
final class Dictionary {
  private final Transactions transactions;
  private final Map<MeterId, Integer> meters = new ConcurrentHashMap<>();
  private final Map<Integer, MeterId> names = new ConcurrentHashMap<>();
  private final Map<ChannelId, Integer> ways = new ConcurrentHashMap<>();

  Dictionary(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Looks a batch's meters up at once; those not there stay without a number. */
  void learn(Connection c, Collection<MeterId> wanted) throws SQLException {
    Set<String> unknown = new LinkedHashSet<>();
    for (MeterId id : wanted) {
      if (!meters.containsKey(id)) {
        unknown.add(id.value());
      }
    }
    if (unknown.isEmpty()) {
      return;
    }
    try (var s = c.prepareStatement("SELECT id, meter_id FROM meter WHERE meter_id = ANY (?)")) {
      s.setArray(1, Sql.array(c, "text", unknown.toArray()));
      try (var r = s.executeQuery()) {
        while (r.next()) {
          remember(new MeterId(r.getString(2)), r.getInt(1));
        }
      }
    }
  }

  /** A meter's number where it is registered. */
  Optional<Integer> meter(MeterId id) {
    Integer known = meters.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    transactions.run(
        "looking a meter up",
        c -> {
          learn(c, Set.of(id));
          return id;
        });
    return Optional.ofNullable(meters.get(id));
  }

  /** A number's meter. */
  MeterId name(int meter) {
    MeterId known = names.get(meter);
    if (known != null) {
      return known;
    }
    return transactions.run(
        "looking a meter up",
        c -> {
          try (var s = c.prepareStatement("SELECT meter_id FROM meter WHERE id = ?")) {
            s.setInt(1, meter);
            try (var r = s.executeQuery()) {
              if (!r.next()) {
                throw new IllegalArgumentException("no meter has the number " + meter);
              }
              MeterId id = new MeterId(r.getString(1));
              remember(id, meter);
              return id;
            }
          }
        });
  }

  /** A way's number, given at its first use. */
  int way(ChannelId via) {
    Integer known = ways.get(via);
    if (known != null) {
      return known;
    }
    int id =
        transactions.run(
            "naming a channel",
            c -> {
              try (var s =
                  c.prepareStatement(
                      "INSERT INTO way (name, instance) VALUES (?, ?)"
                          + " ON CONFLICT (name, instance) DO UPDATE SET name = excluded.name"
                          + " RETURNING id")) {
                s.setString(1, via.name());
                s.setString(2, via.instance());
                try (var r = s.executeQuery()) {
                  r.next();
                  return r.getInt(1);
                }
              }
            });
    ways.put(via, id);
    return id;
  }

  private void remember(MeterId id, int number) {
    meters.put(id, number);
    names.put(number, id);
  }
}
