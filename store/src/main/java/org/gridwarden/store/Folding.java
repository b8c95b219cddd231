package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.gridwarden.core.Day;
import org.gridwarden.core.Layer;

/**
 * Moves single slots from landing into day rows, meter by meter, while intake goes on. Landing has
 * two generations: intake is turned to the empty one, the full one is folded and emptied whole, so
 * nothing is deleted row by row. A slot may stand in both places for a while and counts once;
 * folding again after a crash changes nothing. One fold runs at a time; thread-safe.
 */
public final class Folding {
  private static final int SLOTS_A_TRANSACTION = 50_000;
  private static final int EMPTYING_ATTEMPTS = 40;
  private static final String LOCK_TIMEOUT = "55P03";

  private final Rooms rooms;
  private final ReentrantLock one = new ReentrantLock();

  Folding(Rooms rooms) {
    this.rooms = rooms;
  }

  /**
   * What a fold did.
   *
   * @param slots how many single slots it folded
   * @param meters of how many meters
   * @param took how long
   */
  public record Folded(long slots, int meters, Duration took) {}

  private record Waiting(int meter, int channel, Instant start, long value, byte quality) {}

  /** Folds everything that waits now. */
  public Folded fold() {
    long begin = System.nanoTime();
    one.lock();
    try {
      long slots = 0;
      int meters = 0;
      // what a crash left in the other generation goes first
      int current = rooms.transactions().in(Landing::generation);
      for (int generation : new int[] {1 - current, current}) {
        if (generation == current) {
          rooms.transactions().in(c -> turn(c, 1 - current));
        }
        Folded part = foldWhole(generation);
        slots += part.slots();
        meters += part.meters();
      }
      return new Folded(slots, meters, Duration.ofNanos(System.nanoTime() - begin));
    } catch (SQLException e) {
      throw StoreException.of("folding", e);
    } finally {
      one.unlock();
    }
  }

  /** How many bytes landing takes now, with its indexes. */
  public long landingBytes() {
    return rooms
        .transactions()
        .run(
            "measuring landing",
            c -> {
              try (var s =
                      c.prepareStatement(
                          "SELECT pg_total_relation_size('landing_0')"
                              + " + pg_total_relation_size('landing_1')");
                  var r = s.executeQuery()) {
                r.next();
                return r.getLong(1);
              }
            });
  }

  private Folded foldWhole(int generation) throws SQLException {
    while (true) {
      Folded folded = foldOnce(generation);
      if (empty(generation, folded.slots())) {
        return folded;
      }
    }
  }

  private Folded foldOnce(int generation) throws SQLException {
    long slots = 0;
    int meters = 0;
    try (Connection reader = rooms.transactions().source().getConnection()) {
      reader.setAutoCommit(false);
      try (var s =
          reader.prepareStatement(
              "SELECT meter, channel, start, value, quality FROM landing_"
                  + generation
                  + " ORDER BY meter, channel, start, seq")) {
        s.setFetchSize(20_000);
        try (var r = s.executeQuery()) {
          List<Waiting> gathered = new ArrayList<>();
          int meter = -1;
          while (r.next()) {
            if (r.getInt(1) != meter) {
              meter = r.getInt(1);
              meters++;
              if (gathered.size() >= SLOTS_A_TRANSACTION) {
                slots += merge(gathered);
                gathered = new ArrayList<>();
              }
            }
            gathered.add(
                new Waiting(
                    meter,
                    r.getInt(2),
                    r.getObject(3, OffsetDateTime.class).toInstant(),
                    r.getLong(4),
                    (byte) r.getInt(5)));
          }
          slots += merge(gathered);
        }
      } finally {
        reader.rollback();
      }
    }
    return new Folded(slots, meters, Duration.ZERO);
  }

  private int merge(List<Waiting> slots) throws SQLException {
    if (slots.isEmpty()) {
      return 0;
    }
    TreeMap<DayRow.Key, Day> days = new TreeMap<>();
    List<DayRow.Key> keys = new ArrayList<>(slots.size());
    int meter = -1;
    ZoneId zone = ZoneOffset.UTC;
    for (Waiting w : slots) {
      if (w.meter() != meter) {
        meter = w.meter();
        zone =
            rooms
                .directory()
                .byId(rooms.dictionary().name(meter))
                .map(m -> m.zone())
                .orElse(ZoneOffset.UTC);
      }
      Day day = day(w, zone);
      DayRow.Key key = new DayRow.Key(meter, w.channel(), Layer.RAW, day.date());
      days.putIfAbsent(key, day);
      keys.add(key);
    }
    days.keySet().forEach(k -> rooms.partitions().ensure(Partitions.BLOCKS, k.day()));
    rooms
        .transactions()
        .inSnapshot(c -> {
          DayRows rows = new DayRows(false);
          rows.load(c, days);
          for (int i = 0; i < slots.size(); i++) {
            Waiting w = slots.get(i);
            Day day = days.get(keys.get(i));
            if (day != null) {
              int seconds = Math.toIntExact(day.slot().toSeconds());
              rows.row(keys.get(i), day.start(), seconds, day.slots())
                  .merge(w.start(), w.value(), w.quality());
            }
          }
          rows.write(c);
          Events.write(
              c,
              rooms.dictionary(),
              Revisions.warnings(rows.revised(), rooms.dictionary()::name, rooms.channels()),
              id -> RawPlace.NONE);
          return rows;
        });
    return slots.size();
  }

  private Day day(Waiting w, ZoneId zone) {
    Duration slot = Duration.ofSeconds(rooms.channels().byId(w.channel()).intervalSeconds());
    try {
      return rooms.calendar().day(LocalDate.ofInstant(w.start(), zone), zone, slot);
    } catch (IllegalArgumentException | DateTimeException e) {
      // the meter's zone was changed to one whose days this slot does not cut evenly
      return rooms
          .calendar()
          .day(LocalDate.ofInstant(w.start(), ZoneOffset.UTC), ZoneOffset.UTC, slot);
    }
  }

  private static Integer turn(Connection c, int generation) throws SQLException {
    try (var s = c.prepareStatement("UPDATE landing_generation SET current = ?")) {
      s.setInt(1, generation);
      return s.executeUpdate();
    }
  }

  /**
   * Empties a generation, unless rows have come that were not folded: an intake that began before
   * the turn may have committed since.
   */
  private boolean empty(int generation, long folded) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return rooms
            .transactions()
            .in(c -> {
              try (var s = c.createStatement()) {
                // readers and writers wait behind us: not for long
                s.execute("SET LOCAL lock_timeout = '500ms'");
                s.execute("LOCK TABLE landing_" + generation + " IN ACCESS EXCLUSIVE MODE");
                try (var r = s.executeQuery("SELECT count(*) FROM landing_" + generation)) {
                  r.next();
                  if (r.getLong(1) != folded) {
                    return false;
                  }
                }
                if (folded > 0) {
                  s.execute("TRUNCATE landing_" + generation);
                }
                return true;
              }
            });
      } catch (SQLException e) {
        if (!LOCK_TIMEOUT.equals(e.getSQLState()) || attempt == EMPTYING_ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
