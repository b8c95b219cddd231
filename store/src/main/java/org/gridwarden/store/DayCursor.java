package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.gridwarden.core.Day;
import org.gridwarden.core.Layer;

/**
 * Day rows with what waits in landing laid over them, by meter, day and channel, read as they are
 * asked for, on one snapshot. Not thread-safe.
 */
final class DayCursor implements Iterator<DayRow>, AutoCloseable {
  private static final int FETCH = 200;

  /** As a statement, not as a property of the connection, which is a round trip to and fro. */
  private static final String ON_ONE_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";

  private record Order(int meter, LocalDate day, int channel) implements Comparable<Order> {
    @Override
    public int compareTo(Order o) {
      int by = Integer.compare(meter, o.meter);
      by = by != 0 ? by : day.compareTo(o.day);
      return by != 0 ? by : Integer.compare(channel, o.channel);
    }
  }

  /**
   * What is asked for.
   *
   * @param meters of which meters
   * @param channels in which channels
   * @param layer which layer
   * @param first first civil day
   * @param last last civil day
   */
  record Question(
      Collection<Integer> meters,
      Collection<Integer> channels,
      Layer layer,
      LocalDate first,
      LocalDate last) {}

  private final Rooms rooms;
  private final Connection connection;
  private final PreparedStatement statement;
  private final ResultSet rows;
  private final TreeMap<Order, DayRow> waiting = new TreeMap<>();
  private final TreeMap<Order, List<Landing.Single>> singles = new TreeMap<>();
  private @org.jspecify.annotations.Nullable DayRow stored;

  private DayCursor(Rooms rooms, Connection connection, Question q, IntFunction<ZoneId> zone)
      throws SQLException {
    this.rooms = rooms;
    this.connection = connection;
    connection.setAutoCommit(false);
    int[] meters = q.meters().stream().mapToInt(Integer::intValue).toArray();
    int[] channels = q.channels().stream().mapToInt(Integer::intValue).toArray();
    if (q.layer() == Layer.RAW) {
      readLanding(meters, channels, q, zone);
    } else {
      try (var s = connection.createStatement()) {
        s.execute(ON_ONE_SNAPSHOT);
      }
    }
    statement =
        connection.prepareStatement(
            "SELECT meter, channel, layer, day, day_start, interval_s, \"values\", wide, quality"
                + " FROM interval_block WHERE meter = ANY (?) AND channel = ANY (?) AND layer = ?"
                + " AND day BETWEEN ? AND ? ORDER BY meter, day, channel");
    statement.setArray(1, Sql.array(connection, "int4", meters));
    statement.setArray(2, Sql.array(connection, "int4", channels));
    statement.setInt(3, q.layer().ordinal());
    statement.setObject(4, q.first());
    statement.setObject(5, q.last());
    statement.setFetchSize(FETCH);
    rows = statement.executeQuery();
    advance();
  }

  /** Opens a cursor as a stream, which the caller closes. */
  static Stream<DayRow> open(Rooms rooms, Question q, IntFunction<ZoneId> zone) {
    Connection connection;
    try {
      connection = rooms.transactions().source().getConnection();
    } catch (SQLException e) {
      throw StoreException.of("connecting", e);
    }
    try {
      DayCursor cursor = new DayCursor(rooms, connection, q, zone);
      return StreamSupport.stream(
              Spliterators.spliteratorUnknownSize(
                  cursor, Spliterator.ORDERED | Spliterator.NONNULL),
              false)
          .onClose(cursor::close);
    } catch (SQLException e) {
      end(connection);
      throw StoreException.of("reading interval data", e);
    } catch (RuntimeException e) {
      end(connection);
      throw e;
    }
  }

  @Override
  public boolean hasNext() {
    return stored != null || !singles.isEmpty();
  }

  @Override
  public DayRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    DayRow row = stored;
    Order here = row == null ? null : order(row);
    if (here == null || !singles.isEmpty() && singles.firstKey().compareTo(here) < 0) {
      Order first = singles.firstKey();
      DayRow only = waiting.remove(first);
      if (only == null) {
        throw new IllegalStateException("single slots without their day");
      }
      lay(only, first);
      return only;
    }
    lay(stored(), here);
    DayRow result = stored();
    try {
      advance();
    } catch (SQLException e) {
      throw StoreException.of("reading interval data", e);
    }
    return result;
  }

  @Override
  public void close() {
    end(connection);
  }

  private DayRow stored() {
    DayRow row = stored;
    if (row == null) {
      throw new NoSuchElementException();
    }
    return row;
  }

  private void lay(DayRow row, Order order) {
    waiting.remove(order);
    List<Landing.Single> over = singles.remove(order);
    if (over != null) {
      over.forEach(s -> row.merge(s.start(), s.value(), s.quality()));
    }
  }

  private void advance() throws SQLException {
    stored = rows.next() ? DayRows.row(rows) : null;
  }

  private static Order order(DayRow row) {
    return new Order(row.key().meter(), row.key().day(), row.key().channel());
  }

  private void readLanding(int[] meters, int[] channels, Question q, IntFunction<ZoneId> zone)
      throws SQLException {
    // the lock before the snapshot: emptying landing is not undone for older snapshots
    try (var s =
        connection.prepareStatement(
            ON_ONE_SNAPSHOT
                + "; LOCK TABLE landing IN ACCESS SHARE MODE; "
                + "SELECT meter, channel, start, value, quality FROM landing WHERE meter = ANY (?)"
                + " AND channel = ANY (?) AND start >= ? AND start < ? ORDER BY seq")) {
      s.setArray(1, Sql.array(connection, "int4", meters));
      s.setArray(2, Sql.array(connection, "int4", channels));
      s.setObject(3, q.first().minusDays(1).atStartOfDay().atOffset(ZoneOffset.UTC));
      s.setObject(4, q.last().plusDays(2).atStartOfDay().atOffset(ZoneOffset.UTC));
      s.execute();
      s.getMoreResults();
      s.getMoreResults();
      try (var r = s.getResultSet()) {
        while (r.next()) {
          int meter = r.getInt(1);
          int channel = r.getInt(2);
          Instant start = r.getObject(3, OffsetDateTime.class).toInstant();
          ZoneId here = zone.apply(meter);
          LocalDate date = LocalDate.ofInstant(start, here);
          if (!date.isBefore(q.first()) && !date.isAfter(q.last())) {
            Order order = new Order(meter, date, channel);
            Duration slot = Duration.ofSeconds(rooms.channels().byId(channel).intervalSeconds());
            Day day = rooms.calendar().day(date, here, slot);
            waiting.computeIfAbsent(
                order,
                o ->
                    DayRow.empty(
                        new DayRow.Key(meter, channel, Layer.RAW, date),
                        day.start(),
                        Math.toIntExact(slot.toSeconds()),
                        day.slots()));
            singles
                .computeIfAbsent(order, o -> new java.util.ArrayList<>())
                .add(new Landing.Single(meter, channel, start, r.getLong(4), (byte) r.getInt(5)));
          }
        }
      }
    }
  }

  private static void end(Connection connection) {
    try (connection) {
      connection.rollback();
    } catch (SQLException e) {
      // broken: the pool drops it
    }
  }
}
