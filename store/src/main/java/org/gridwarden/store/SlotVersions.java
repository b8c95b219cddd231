package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;

/**
 * What stands in the place of raw slots, version upon version: estimates, and what a person set.
 * Nothing is ever changed or removed. Thread-safe.
 */
public final class SlotVersions {
  private static final String COLUMNS =
      "start, version, value, quality, cause, method, kind, by, reason, at";

  private final Transactions transactions;
  private final Dictionary dictionary;
  private final Channels channels;

  SlotVersions(Transactions transactions, Dictionary dictionary, Channels channels) {
    this.transactions = transactions;
    this.dictionary = dictionary;
    this.channels = channels;
  }

  /**
   * Which of a meter's curves.
   *
   * @param obis what is measured
   * @param slot how long a slot is
   * @param unit of the values
   * @param scaler of the values
   */
  public record Channel(ObisCode obis, Duration slot, Unit unit, int scaler) {}

  /**
   * One version of a slot.
   *
   * @param start the slot's beginning
   * @param number from 1 on; 0 while it is not stored
   * @param value what stands in; empty: the raw value counts again
   * @param quality the slot's quality, as in {@link org.gridwarden.core.Quality}
   * @param cause the rule that made it necessary; empty where a person did it
   * @param method how it was come by
   * @param by whose it is
   * @param reason why; a person must say so
   * @param at when it was made, by the office's clock
   */
  public record Version(
      Instant start,
      int number,
      OptionalLong value,
      byte quality,
      String cause,
      String method,
      Actor by,
      String reason,
      Instant at) {
    /** Whether a person made it. */
    public boolean byPerson() {
      return by.kind() == Actor.Kind.PERSON;
    }
  }

  /** The version that counts of each slot of a span that has any, by time. */
  public List<Version> current(MeterId meter, Channel channel, Instant from, Instant to) {
    return read(
        "SELECT DISTINCT ON (start) "
            + COLUMNS
            + " FROM slot_version WHERE meter = ? AND channel = ? AND start >= ? AND start < ?"
            + " ORDER BY start, version DESC",
        meter,
        channel,
        from,
        to);
  }

  /** All versions of the slots of a span, by time, the earliest version first. */
  public List<Version> all(MeterId meter, Channel channel, Instant from, Instant to) {
    return read(
        "SELECT "
            + COLUMNS
            + " FROM slot_version WHERE meter = ? AND channel = ? AND start >= ? AND start < ?"
            + " ORDER BY start, version",
        meter,
        channel,
        from,
        to);
  }

  /**
   * Adds versions, each as its slot's next.
   *
   * @throws StoreException where the meter is not registered, or another transaction added to the
   *     same slots at the same time: roll back and run the transaction again
   */
  public void append(Tx tx, MeterId meter, Channel channel, List<Version> versions) {
    if (versions.isEmpty()) {
      return;
    }
    int number = number(meter);
    int row = row(channel);
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO slot_version (version, meter, channel, start, value, quality, cause,"
                    + " method, kind, by, reason, at) SELECT 1 + coalesce(max(version), 0), ?, ?,"
                    + " ?, ?, ?, ?, ?, ?, ?, ?, ? FROM slot_version WHERE meter = ? AND channel ="
                    + " ? AND start = ?")) {
      for (Version one : versions) {
        OffsetDateTime start = one.start().atOffset(ZoneOffset.UTC);
        s.setInt(1, number);
        s.setInt(2, row);
        s.setObject(3, start);
        s.setObject(4, one.value().isPresent() ? one.value().getAsLong() : null, Types.BIGINT);
        s.setInt(5, one.quality());
        s.setString(6, one.cause());
        s.setString(7, one.method());
        s.setString(8, one.by().kind().name());
        s.setString(9, one.by().name());
        s.setString(10, one.reason());
        s.setObject(11, one.at().atOffset(ZoneOffset.UTC));
        s.setInt(12, number);
        s.setInt(13, row);
        s.setObject(14, start);
        s.addBatch();
      }
      s.executeBatch();
    } catch (SQLException e) {
      throw StoreException.of("adding versions of slots", e);
    }
  }

  private List<Version> read(String sql, MeterId meter, Channel channel, Instant from, Instant to) {
    int number = number(meter);
    int row = row(channel);
    return transactions.run(
        "reading versions of slots",
        c -> {
          try (PreparedStatement s = statement(c, sql, number, row, from, to);
              ResultSet r = s.executeQuery()) {
            List<Version> found = new ArrayList<>();
            while (r.next()) {
              found.add(version(r));
            }
            return found;
          }
        });
  }

  private static PreparedStatement statement(
      Connection c, String sql, int meter, int channel, Instant from, Instant to)
      throws SQLException {
    PreparedStatement s = c.prepareStatement(sql);
    s.setInt(1, meter);
    s.setInt(2, channel);
    s.setObject(3, from.atOffset(ZoneOffset.UTC));
    s.setObject(4, to.atOffset(ZoneOffset.UTC));
    return s;
  }

  private static Version version(ResultSet r) throws SQLException {
    long value = r.getLong(3);
    OptionalLong known = r.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    return new Version(
        r.getObject(1, OffsetDateTime.class).toInstant(),
        r.getInt(2),
        known,
        (byte) r.getInt(4),
        r.getString(5),
        r.getString(6),
        new Actor(Actor.Kind.valueOf(r.getString(7)), r.getString(8)),
        r.getString(9),
        r.getObject(10, OffsetDateTime.class).toInstant());
  }

  private int row(Channel channel) {
    return channels
        .of(
            channel.obis(),
            Math.toIntExact(channel.slot().toSeconds()),
            channel.unit(),
            channel.scaler())
        .id();
  }

  private int number(MeterId meter) {
    return dictionary
        .meter(meter)
        .orElseThrow(() -> StoreException.at("meter " + meter, "is not registered"));
  }
}
