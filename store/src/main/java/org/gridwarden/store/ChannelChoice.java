package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;

/**
 * Chooses, within one transaction, the channel a meter's values belong to. The meter's first
 * channel for an OBIS code, unit and interval takes values of every scaler that it can hold
 * exactly; values that it cannot hold get a channel with their own scaler.
 */
final class ChannelChoice {
  private final Channels channels;
  private final Map<Integer, List<Channels.Member>> fresh = new HashMap<>();

  /**
   * Values with the channel they are in.
   *
   * @param row the channel
   * @param values as that channel scales them: the array given, or a copy
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never kept
  record Placed(Channels.Row row, long[] values) {
    long value() {
      return values[0];
    }
  }

  ChannelChoice(Channels channels) {
    this.channels = channels;
  }

  Placed one(
      int meter, int kind, ObisCode obis, int intervalSeconds, Unit unit, int scaler, long value) {
    return many(meter, kind, obis, intervalSeconds, unit, scaler, new long[] {value}, new byte[0]);
  }

  Placed many(
      int meter,
      int kind,
      ObisCode obis,
      int intervalSeconds,
      Unit unit,
      int scaler,
      long[] values,
      byte[] quality) {
    boolean first = true;
    boolean known = false;
    for (List<Channels.Member> list :
        List.of(channels.of(meter), fresh.getOrDefault(meter, List.of()))) {
      for (Channels.Member m : list) {
        Channels.Row row = m.row();
        if (m.kind() == kind
            && row.obis().equals(obis)
            && row.intervalSeconds() == intervalSeconds
            && row.unit() == unit) {
          if (row.scaler() == scaler) {
            if (first) {
              return new Placed(row, values);
            }
            known = true;
          } else if (first) {
            long[] rescaled = rescale(values, quality, scaler - row.scaler());
            if (rescaled.length == values.length) {
              return new Placed(row, rescaled);
            }
          }
          first = false;
        }
      }
    }
    Channels.Row row = channels.of(obis, intervalSeconds, unit, scaler);
    if (!known) {
      fresh
          .computeIfAbsent(meter, k -> new ArrayList<>(4))
          .add(new Channels.Member(meter, kind, row));
    }
    return new Placed(row, values);
  }

  void write(Connection c) throws SQLException {
    Channels.write(c, all());
  }

  private List<Channels.Member> all() {
    return fresh.values().stream().flatMap(List::stream).toList();
  }

  void committed() {
    channels.remember(all());
  }

  void forget() {
    fresh.keySet().forEach(channels::forget);
  }

  /** Times ten to the given power; of length 0 where that is not exact (and the input has any). */
  static long[] rescale(long[] values, byte[] quality, int power) {
    if (Math.abs(power) > 18) {
      return new long[0];
    }
    long factor = 1;
    for (int i = 0; i < Math.abs(power); i++) {
      factor *= 10;
    }
    long[] out = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      if (quality.length != 0 && quality[i] == Quality.MISSING) {
        continue;
      }
      if (power < 0) {
        if (values[i] % factor != 0) {
          return new long[0];
        }
        out[i] = values[i] / factor;
      } else {
        if (Math.multiplyHigh(values[i], factor) != (values[i] * factor) >> 63) {
          return new long[0];
        }
        out[i] = values[i] * factor;
      }
    }
    return out;
  }
}
