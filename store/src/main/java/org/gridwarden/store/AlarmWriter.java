package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Tx;
import org.gridwarden.core.Warning;

/** Writes alarms for the desk that judges events. Thread-safe; one desk at a time. */
public final class AlarmWriter {
  /** So long a step after its last word, the meter's own log still tells of a closed alarm. */
  private static final int LOG_GRACE_SECONDS = 60;

  /** Where there is no meter: a storm. */
  public static final int MANY = -1;

  AlarmWriter() {}

  /**
   * What is told of an alarm at once.
   *
   * @param meter its number, or {@link #MANY}
   * @param word of the event vocabulary
   * @param severity how bad
   * @param text one sentence
   * @param lasting whether there is a word that says it is over
   * @param told the same word of the same meter, the earliest first; of a storm, one a meter
   */
  public record Told(
      int meter,
      String word,
      Severity severity,
      String text,
      boolean lasting,
      List<AlarmQueue.Told> told) {
    public Told {
      told = List.copyOf(told);
    }

    long by(Warning.Source source) {
      return told.stream().filter(t -> t.warning().source() == source).count();
    }

    int sources() {
      return told.stream()
          .mapToInt(t -> 1 << t.warning().source().ordinal())
          .reduce(0, (a, b) -> a | b);
    }

    Instant first() {
      return told.stream().map(t -> t.warning().at()).min(Instant::compareTo).orElseThrow();
    }

    Instant last() {
      return told.stream().map(t -> t.warning().at()).max(Instant::compareTo).orElseThrow();
    }
  }

  /**
   * What became of it.
   *
   * @param alarm its number
   * @param fresh whether there was no open one
   */
  public record Written(long alarm, boolean fresh) {}

  /** A meter's number and a word. */
  public record Key(int meter, String word) {}

  /** Which alarms of some meters are open, in one question. */
  public Set<Key> open(Tx tx, Collection<Integer> meters) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "SELECT meter, word FROM alarm WHERE meter = ANY (?) AND closed IS NULL")) {
      s.setArray(
          1, Sql.array(s.getConnection(), "int4", meters.stream().mapToInt(m -> m).toArray()));
      Set<Key> open = new HashSet<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          open.add(new Key(r.getInt(1), r.getString(2)));
        }
      }
      return open;
    } catch (SQLException e) {
      throw StoreException.of("reading alarms", e);
    }
  }

  /** The open alarm of a meter and word. */
  public OptionalLong open(Tx tx, int meter, String word) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "SELECT id FROM alarm WHERE meter IS NOT DISTINCT FROM ? AND word = ?"
                    + " AND closed IS NULL")) {
      meter(s, 1, meter);
      s.setString(2, word);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? OptionalLong.of(r.getLong(1)) : OptionalLong.empty();
      }
    } catch (SQLException e) {
      throw StoreException.of("reading an alarm", e);
    }
  }

  /**
   * Whether a meter's log speaks of what an alarm that was closed since is about: it opens nothing
   * again. A push always does, whatever the meter's clock says.
   */
  public boolean settled(Tx tx, int meter, String word, Instant at) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "SELECT 1 FROM alarm WHERE meter = ? AND word = ? AND closed IS NOT NULL"
                    + " AND last + interval '1 second' * ? >= ? LIMIT 1")) {
      s.setInt(1, meter);
      s.setString(2, word);
      s.setInt(3, LOG_GRACE_SECONDS);
      s.setObject(4, at(at));
      try (ResultSet r = s.executeQuery()) {
        return r.next();
      }
    } catch (SQLException e) {
      throw StoreException.of("reading alarms", e);
    }
  }

  /** Raises an alarm, or adds to the one that is open; told again, it wants to be seen again. */
  public Written write(Tx tx, Told what, Instant now, Optional<Long> caseId) {
    try {
      return write(PgTx.of(tx), what, now, caseId);
    } catch (SQLException e) {
      throw StoreException.of("raising an alarm", e);
    }
  }

  private static Written write(Connection c, Told what, Instant now, Optional<Long> caseId)
      throws SQLException {
    long pushed = what.by(Warning.Source.PUSHED) + what.by(Warning.Source.OFFICE);
    long logged = what.by(Warning.Source.LOGGED);
    boolean storm = what.meter() == MANY;
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO alarm AS a (first, last, raised, changed, case_id, pushed, logged, meters,"
                + " meter, severity, sources, lasting, word, text)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (meter, word) WHERE closed IS NULL DO UPDATE SET"
                + " first = least(a.first, excluded.first), last = greatest(a.last, excluded.last),"
                + " changed = excluded.changed, case_id = coalesce(a.case_id, excluded.case_id),"
                + " pushed = a.pushed + excluded.pushed, logged = a.logged + excluded.logged,"
                + " meters = CASE WHEN a.meter IS NULL THEN a.meters + excluded.meters ELSE 1 END,"
                + " severity = greatest(a.severity, excluded.severity),"
                + " sources = a.sources | excluded.sources, text = excluded.text,"
                // the log's account of what was pushed is no new happening
                + " over = CASE WHEN excluded.pushed > 0 THEN NULL ELSE a.over END,"
                + " acknowledged = CASE WHEN excluded.pushed > 0 THEN NULL ELSE a.acknowledged END,"
                + " acknowledged_by = CASE WHEN excluded.pushed > 0 THEN ''"
                + " ELSE a.acknowledged_by END"
                + " RETURNING id, xmax = 0")) {
      s.setObject(1, at(what.first()));
      s.setObject(2, at(what.last()));
      s.setObject(3, at(now));
      s.setObject(4, at(now));
      s.setObject(5, caseId.orElse(null), java.sql.Types.BIGINT);
      s.setLong(6, pushed);
      s.setLong(7, logged);
      s.setLong(8, storm ? what.told().size() : 1);
      meter(s, 9, what.meter());
      s.setInt(10, what.severity().ordinal());
      s.setInt(11, what.sources());
      s.setBoolean(12, what.lasting());
      s.setString(13, what.word());
      s.setString(14, what.text());
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return new Written(r.getLong(1), r.getBoolean(2));
      }
    }
  }

  /**
   * The latest open alarm of a meter whose word begins like one of these, and is another than this
   * one.
   */
  public Optional<String> openLike(Tx tx, int meter, List<String> beginnings, String butFor) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "SELECT word FROM alarm WHERE meter = ? AND EXISTS (SELECT FROM unnest(?::text[]) b"
                    + " WHERE starts_with(word, b)) AND word <> ?"
                    + " AND closed IS NULL ORDER BY changed DESC LIMIT 1")) {
      s.setInt(1, meter);
      s.setArray(2, s.getConnection().createArrayOf("text", beginnings.toArray()));
      s.setString(3, butFor);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(r.getString(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw StoreException.of("reading alarms", e);
    }
  }

  /** Notes that an open alarm was told in another way as well, which is no new happening. */
  public long join(Tx tx, int meter, String word, List<AlarmQueue.Told> told, Instant now) {
    int sources =
        told.stream().mapToInt(t -> 1 << t.warning().source().ordinal()).reduce(0, (a, b) -> a | b);
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "UPDATE alarm SET sources = sources | ?, changed = ?"
                    + " WHERE meter = ? AND word = ? AND closed IS NULL RETURNING id")) {
      s.setInt(1, sources);
      s.setObject(2, at(now));
      s.setInt(3, meter);
      s.setString(4, word);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getLong(1);
      }
    } catch (SQLException e) {
      throw StoreException.of("adding to an alarm", e);
    }
  }

  /** Keeps which raw messages told an alarm. */
  public void evidence(Tx tx, long alarm, List<AlarmQueue.Told> told) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO alarm_evidence (at, alarm, segment, event, day, place, length, source)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      for (AlarmQueue.Told t : told) {
        s.setObject(1, at(t.warning().at()));
        s.setLong(2, alarm);
        s.setLong(3, t.place().segment());
        s.setObject(4, t.warning().id().value());
        s.setObject(5, t.place().day());
        s.setInt(6, t.place().offset());
        s.setInt(7, t.place().length());
        s.setInt(8, t.warning().source().ordinal());
        s.addBatch();
      }
      s.executeBatch();
    } catch (SQLException e) {
      throw StoreException.of("keeping an alarm's evidence", e);
    }
  }

  /** What an alarm is about is over; it closes where somebody knows and no case is open. */
  public Optional<Long> over(Tx tx, int meter, String word, Instant at, Instant now) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "UPDATE alarm SET over = greatest(first, ?), changed = ?,"
                    + " closed = CASE WHEN acknowledged IS NOT NULL AND case_id IS NULL"
                    + " THEN ?::timestamptz END"
                    + " WHERE meter = ? AND word = ? AND closed IS NULL RETURNING id")) {
      s.setObject(1, at(at));
      s.setObject(2, at(now));
      s.setObject(3, at(now));
      s.setInt(4, meter);
      s.setString(5, word);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(r.getLong(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw StoreException.of("ending an alarm", e);
    }
  }

  private static void meter(PreparedStatement s, int place, int meter) throws SQLException {
    if (meter == MANY) {
      s.setNull(place, java.sql.Types.INTEGER);
    } else {
      s.setInt(place, meter);
    }
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
