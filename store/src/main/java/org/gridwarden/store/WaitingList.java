package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Received;

/**
 * Meters that sent something and are not known: never silently in, never silently away. Bounded:
 * where strangers fill it, those give way first that sent one message only, the longest silent
 * first. A meter leaves the list when a shipment makes it known, or when an operator removes it.
 * Thread-safe.
 */
public final class WaitingList {
  /** How many strangers are kept. */
  static final int MOST = 10_000;

  private static final int SAMPLE = 1_024;

  private final Transactions transactions;
  private final MeterIndex index;
  private final int most;

  WaitingList(Transactions transactions, MeterIndex index, int most) {
    this.transactions = transactions;
    this.index = index;
    this.most = most;
  }

  /**
   * A page, the latest heard first.
   *
   * @param page from 0
   * @param size 1 to 1,000
   */
  public List<WaitingMeter> list(int page, int size) {
    if (page < 0 || size < 1 || size > 1_000) {
      throw new IllegalArgumentException("page is 0 or more, and size 1 to 1000");
    }
    return transactions.run(
        "listing waiting meters",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT identity, first_seen, last_seen, messages, channel, instance, sample"
                      + " FROM waiting ORDER BY last_seen DESC, identity LIMIT ? OFFSET ?")) {
            s.setInt(1, size);
            s.setLong(2, (long) page * size);
            return read(s);
          }
        });
  }

  /** How many are waiting. */
  public long count() {
    return transactions.run("counting waiting meters", WaitingList::count);
  }

  /** One of them, by its system title in 16 hexadecimal digits or its serial. */
  public Optional<WaitingMeter> find(String identity) {
    return transactions.run(
        "looking a waiting meter up",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT identity, first_seen, last_seen, messages, channel, instance, sample"
                      + " FROM waiting WHERE identity = ANY (?)")) {
            s.setArray(1, c.createArrayOf("text", spellings(identity)));
            return read(s).stream().findFirst();
          }
        });
  }

  /**
   * Strikes one off. It comes back with its next message.
   *
   * @return false where it was not there
   */
  public boolean remove(String identity) {
    return transactions.run(
        "removing a waiting meter", c -> remove(c, List.of(spellings(identity))) > 0);
  }

  /**
   * Notes messages of meters without a number, within the intake's transaction. A meter that became
   * known meanwhile is not put back.
   */
  void note(Connection c, List<Received> messages) throws SQLException {
    Map<String, Noted> strangers = new TreeMap<>(); // in one order, so that no two batches deadlock
    for (Received message : messages) {
      String identity = message.id().meter().value();
      if (!known(identity) && (strangers.size() < most || strangers.containsKey(identity))) {
        strangers.merge(identity, new Noted(message, 1), Noted::and);
      }
    }
    if (strangers.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO waiting"
                + " (first_seen, last_seen, messages, identity, channel, instance, sample)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (identity) DO UPDATE SET"
                + " last_seen = greatest(waiting.last_seen, excluded.last_seen),"
                + " messages = waiting.messages + excluded.messages,"
                + " channel = excluded.channel, instance = excluded.instance,"
                + " sample = excluded.sample")) {
      for (Map.Entry<String, Noted> entry : strangers.entrySet()) {
        Received latest = entry.getValue().latest;
        Timestamp at = Timestamp.from(latest.at());
        s.setTimestamp(1, at);
        s.setTimestamp(2, at);
        s.setLong(3, entry.getValue().count);
        s.setString(4, entry.getKey());
        s.setString(5, latest.via().name());
        s.setString(6, latest.via().instance());
        s.setBytes(7, Arrays.copyOf(latest.raw(), Math.min(SAMPLE, latest.raw().length)));
        s.addBatch();
      }
      s.executeBatch();
    }
    trim(c);
  }

  /** Takes those away that have become known. */
  static int remove(Connection c, List<String> identities) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("DELETE FROM waiting WHERE identity = ANY (?)")) {
      s.setArray(1, c.createArrayOf("text", identities.toArray()));
      return s.executeUpdate();
    }
  }

  private void trim(Connection c) throws SQLException {
    long over = count(c) - most;
    if (over <= 0) {
      return;
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "DELETE FROM waiting WHERE identity IN (SELECT identity FROM waiting"
                + " ORDER BY messages > 1, last_seen, identity LIMIT ? FOR UPDATE SKIP LOCKED)")) {
      s.setLong(1, over);
      s.executeUpdate();
    }
  }

  private boolean known(String identity) {
    if (identity.length() == 16) {
      try {
        return index.bySystemTitle(HexFormat.of().parseHex(identity)).isPresent();
      } catch (IllegalArgumentException e) {
        return false; // a serial of 16 characters
      }
    }
    return false;
  }

  private static String[] spellings(String identity) {
    return new String[] {identity, identity.toUpperCase(Locale.ROOT)};
  }

  private static long count(Connection c) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("SELECT count(*) FROM waiting");
        ResultSet r = s.executeQuery()) {
      r.next();
      return r.getLong(1);
    }
  }

  private static List<WaitingMeter> read(PreparedStatement s) throws SQLException {
    List<WaitingMeter> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        found.add(
            new WaitingMeter(
                r.getString(1),
                r.getTimestamp(2).toInstant(),
                r.getTimestamp(3).toInstant(),
                r.getLong(4),
                new ChannelId(r.getString(5), r.getString(6)),
                r.getBytes(7)));
      }
    }
    return found;
  }

  private record Noted(Received latest, long count) {
    Noted and(Noted later) {
      return new Noted(later.latest, count + later.count);
    }
  }
}
