package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Signing;

/** Lists of meters, searched and sorted by the database. Thread-safe. */
final class MeterList {
  private static final String COLUMNS =
      "m.id, m.meter_id, m.serial, m.system_title, m.profile, m.zone, m.state, m.push_policy,"
          + " m.service_point, m.address, m.link, m.client, m.companion, m.feeder,"
          + " m.signing";

  /** The last contact over all of a meter's keys; a file that somebody took in is none. */
  private static final String CONTACT =
      " LEFT JOIN LATERAL (SELECT contact, via FROM replay_window w WHERE w.meter = m.id"
          + " AND w.key_id <> '"
          + ImportBook.KEY_ID
          + "'::bytea"
          + " ORDER BY contact DESC LIMIT 1) c ON true LEFT JOIN way ON way.id = c.via";

  private final Transactions transactions;

  MeterList(Transactions transactions) {
    this.transactions = transactions;
  }

  MeterPage page(MeterQuery query) {
    return transactions.run(
        "listing meters",
        c -> {
          List<MeterRow> items = new ArrayList<>();
          try (PreparedStatement s = select(c, query, " LIMIT ? OFFSET ?", true);
              ResultSet r = s.executeQuery()) {
            while (r.next()) {
              items.add(row(r));
            }
          }
          return new MeterPage(items, count(c, query), query.page(), query.size());
        });
  }

  /** All meters of a query whatever its page, a few hundred at a time; holds a connection. */
  Stream<MeterRow> stream(MeterQuery query) {
    List<AutoCloseable> open = new ArrayList<>();
    try {
      Connection c = transactions.source().getConnection();
      open.add(c);
      c.setAutoCommit(false);
      PreparedStatement s = select(c, query, "", false);
      open.add(s);
      s.setFetchSize(500);
      ResultSet r = s.executeQuery();
      open.add(r);
      return StreamSupport.stream(new Rows(r), false).onClose(() -> close(open));
    } catch (SQLException e) {
      close(open);
      throw StoreException.of("listing meters", e);
    }
  }

  Optional<MeterRow> row(MeterId id) {
    return transactions.run(
        "looking a meter up",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT "
                      + COLUMNS
                      + ", c.contact, way.name, way.instance FROM meter m"
                      + CONTACT
                      + " WHERE m.meter_id = ?")) {
            s.setString(1, id.value());
            try (ResultSet r = s.executeQuery()) {
              return r.next() ? Optional.of(row(r)) : Optional.empty();
            }
          }
        });
  }

  /** At some service points. */
  List<MeterRow> at(Collection<String> servicePoints) {
    return transactions.run(
        "looking meters up",
        c -> {
          List<MeterRow> items = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT "
                      + COLUMNS
                      + ", c.contact, way.name, way.instance FROM meter m"
                      + CONTACT
                      + " WHERE m.service_point = ANY (?) ORDER BY m.meter_id LIMIT 1000")) {
            s.setArray(1, c.createArrayOf("text", servicePoints.toArray()));
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                items.add(row(r));
              }
            }
          }
          return items;
        });
  }

  /** Everything, for the index in memory. */
  List<MeterIndex.Known> all() {
    return transactions.run(
        "reading the meters",
        c -> {
          List<MeterIndex.Known> meters = new ArrayList<>();
          try (PreparedStatement s = c.prepareStatement("SELECT " + COLUMNS + " FROM meter m")) {
            s.setFetchSize(5_000);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                meters.add(known(r));
              }
            }
          }
          return meters;
        });
  }

  /** Some of them, as they are now. */
  List<MeterIndex.Known> some(Connection c, Collection<MeterId> ids) throws SQLException {
    List<MeterIndex.Known> meters = new ArrayList<>();
    try (PreparedStatement s =
        c.prepareStatement("SELECT " + COLUMNS + " FROM meter m WHERE m.meter_id = ANY (?)")) {
      s.setArray(1, c.createArrayOf("text", ids.stream().map(MeterId::value).toArray()));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          meters.add(known(r));
        }
      }
    }
    return meters;
  }

  private static MeterIndex.Known known(ResultSet r) throws SQLException {
    // many meters hang on one feeder
    return new MeterIndex.Known(r.getInt(1), meter(r), r.getString(9), r.getString(14).intern());
  }

  private static PreparedStatement select(
      Connection c, MeterQuery query, String tail, boolean paged) throws SQLException {
    String order =
        query.sort().stream()
            .map(s -> s.by().column() + (s.descending() ? " DESC" : "") + " NULLS LAST, ")
            .collect(Collectors.joining());
    PreparedStatement s =
        c.prepareStatement(
            "SELECT "
                + COLUMNS
                + ", c.contact, way.name, way.instance FROM meter m"
                + CONTACT
                + where(query)
                + " ORDER BY "
                + order
                + "m.meter_id"
                + tail);
    int next = bind(c, s, query);
    if (paged) {
      s.setInt(next, query.size());
      s.setLong(next + 1, (long) query.page() * query.size());
    }
    return s;
  }

  private static long count(Connection c, MeterQuery query) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("SELECT count(*) FROM meter m" + where(query))) {
      bind(c, s, query);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getLong(1);
      }
    }
  }

  private static String where(MeterQuery query) {
    List<String> conditions = new ArrayList<>();
    if (!query.text().isEmpty()) {
      conditions.add("m.search LIKE ?");
    }
    if (!query.states().isEmpty()) {
      conditions.add("m.state = ANY (?)");
    }
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  private static int bind(Connection c, PreparedStatement s, MeterQuery query) throws SQLException {
    int next = 1;
    if (!query.text().isEmpty()) {
      String literal = query.text().toLowerCase(Locale.ROOT).replaceAll("([\\\\%_])", "\\\\$1");
      s.setString(next++, "%" + literal + "%");
    }
    if (!query.states().isEmpty()) {
      Object[] names = query.states().stream().map(Enum::name).toArray();
      s.setArray(next++, c.createArrayOf("text", names));
    }
    return next;
  }

  private static MeterRow row(ResultSet r) throws SQLException {
    Timestamp contact = r.getTimestamp(16);
    String channel = r.getString(17);
    return new MeterRow(
        meter(r),
        r.getString(9),
        Optional.ofNullable(contact).map(Timestamp::toInstant),
        channel == null ? Optional.empty() : Optional.of(new ChannelId(channel, r.getString(18))));
  }

  private static Meter meter(ResultSet r) throws SQLException {
    byte[] title = r.getBytes(4);
    return new Meter(
        new MeterId(r.getString(2)),
        r.getString(3),
        title == null ? new byte[0] : title,
        r.getString(5),
        zone(r.getString(2), r.getString(6)),
        Meter.State.valueOf(r.getString(7)),
        Meter.PushPolicy.valueOf(r.getString(8)),
        reach(r),
        Signing.valueOf(r.getString(15)));
  }

  private static Reach reach(ResultSet r) throws SQLException {
    Reach reach = new Reach(r.getString(10), r.getString(11), r.getString(12), r.getString(13));
    return reach.equals(Reach.NONE) ? Reach.NONE : reach;
  }

  private static ZoneId zone(String meter, String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw StoreException.at(
          "meter " + meter, "its zone '" + name + "' is none that this Java knows; correct it", e);
    }
  }

  private static void close(List<AutoCloseable> open) {
    for (AutoCloseable one : open.reversed()) {
      try {
        one.close();
      } catch (Exception e) {
        // the pool drops a connection that does not close
      }
    }
  }

  private static final class Rows extends Spliterators.AbstractSpliterator<MeterRow> {
    private final ResultSet rows;

    Rows(ResultSet rows) {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
      this.rows = rows;
    }

    @Override
    public boolean tryAdvance(Consumer<? super MeterRow> action) {
      try {
        if (!rows.next()) {
          return false;
        }
        action.accept(row(rows));
        return true;
      } catch (SQLException e) {
        throw StoreException.of("listing meters", e);
      }
    }
  }
}
