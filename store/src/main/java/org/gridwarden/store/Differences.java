package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;

/**
 * Makes slots of cumulative captures: the difference of two that lie one interval apart. A new
 * capture closes the slot before it and, where the next one came first, opens the slot after it.
 * Rows are one meter's, so an exchanged meter's register is never taken from its successor's.
 */
final class Differences {
  /** A roll-over is believed where what was counted since is at most this part of the register. */
  private static final int PLAUSIBLE_PART = 10;

  /** A slot that follows from two captures. */
  record Made(
      int meter,
      ObisCode slotChannel,
      int registerChannel,
      Instant start,
      int lengthSeconds,
      long value,
      byte quality) {}

  private Differences() {}

  /**
   * The slots that touch new captures; a register that went down makes a warning instead.
   *
   * @param captures new ones, in the database by now
   */
  static List<Made> of(
      Connection c,
      List<RegisterRows.Key> captures,
      IntFunction<MeterId> name,
      Channels channels,
      List<Warning> warnings)
      throws SQLException {
    List<Made> made = new ArrayList<>();
    if (captures.isEmpty()) {
      return made;
    }
    Duration widest =
        Duration.ofSeconds(
            captures.stream().mapToInt(RegisterRows.Key::lengthSeconds).max().getAsInt());
    Instant first = captures.stream().map(RegisterRows.Key::at).min(Instant::compareTo).get();
    Instant last = captures.stream().map(RegisterRows.Key::at).max(Instant::compareTo).get();
    OffsetDateTime from = first.minus(widest).atOffset(ZoneOffset.UTC);
    OffsetDateTime to = last.plus(widest).atOffset(ZoneOffset.UTC);
    try (var s =
        c.prepareStatement(
            "WITH fresh AS (SELECT meter, channel, length_s, timestamptz '2000-01-01 00:00:00+00'"
                + " + micros * interval '1 microsecond' AS at"
                + " FROM unnest(?::int[], ?::int[], ?::int[], ?::bigint[])"
                + " u (meter, channel, length_s, micros)),"
                + " ends AS (SELECT * FROM fresh UNION SELECT meter, channel, length_s,"
                + " at + length_s * interval '1 second' FROM fresh)"
                + " SELECT cur.meter, cur.channel, cur.length_s, cur.at, cur.slot_obis, prev.value,"
                + " cur.value, coalesce(cur.modulus, prev.modulus, 0), prev.quality, cur.quality"
                + " FROM ends JOIN register_reading cur ON cur.meter = ends.meter"
                + " AND cur.channel = ends.channel AND cur.length_s = ends.length_s"
                + " AND cur.at = ends.at AND cur.at BETWEEN ? AND ?"
                + " JOIN register_reading prev ON prev.meter = ends.meter"
                + " AND prev.channel = ends.channel AND prev.length_s = ends.length_s"
                + " AND prev.at = ends.at - ends.length_s * interval '1 second'"
                + " AND prev.at BETWEEN ? AND ? ORDER BY 1, 2, 3, 4")) {
      s.setArray(1, Sql.array(c, "int4", captures.stream().mapToInt(k -> k.meter()).toArray()));
      s.setArray(2, Sql.array(c, "int4", captures.stream().mapToInt(k -> k.channel()).toArray()));
      s.setArray(
          3, Sql.array(c, "int4", captures.stream().mapToInt(k -> k.lengthSeconds()).toArray()));
      s.setArray(
          4,
          Sql.array(
              c, "int8", captures.stream().mapToLong(k -> CopyWriter.micros(k.at())).toArray()));
      s.setObject(5, from);
      s.setObject(6, to);
      s.setObject(7, from);
      s.setObject(8, to);
      try (var r = s.executeQuery()) {
        while (r.next()) {
          int meter = r.getInt(1);
          int channel = r.getInt(2);
          int length = r.getInt(3);
          Instant at = r.getObject(4, OffsetDateTime.class).toInstant();
          byte quality = (byte) (r.getInt(9) | r.getInt(10));
          long difference = r.getLong(7) - r.getLong(6);
          long modulus = r.getLong(8);
          if (difference < 0 && modulus > 0) {
            long rolled = difference + modulus;
            if (rolled >= 0 && rolled <= modulus / PLAUSIBLE_PART) {
              difference = rolled;
              quality |= Quality.DERIVED;
            }
          }
          if (difference < 0) {
            warnings.add(decrease(name.apply(meter), channels.byId(channel).obis(), at));
          } else {
            made.add(
                new Made(
                    meter,
                    new ObisCode(r.getLong(5)),
                    channel,
                    at.minusSeconds(length),
                    length,
                    difference,
                    quality));
          }
        }
      }
    }
    return made;
  }

  private static Warning decrease(MeterId meter, ObisCode register, Instant at) {
    return new Warning(
        meter,
        Revisions.id("register.decrease", meter + " " + register + " " + at),
        at,
        "register.decrease",
        Severity.FAULT,
        "Register " + register + " went down at " + at + "; the interval before it has no value.",
        Warning.Source.OFFICE);
  }
}
