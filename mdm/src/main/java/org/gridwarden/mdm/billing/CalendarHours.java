package org.gridwarden.mdm.billing;

import java.time.LocalDate;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Which period of a tariff a quarter-hour lies in, by season, day of the week, holiday and time.
 * Immutable.
 */
public final class CalendarHours implements Hours {
  /** Monday to Sunday, and holidays. */
  public static final int KINDS = 8;

  /** A holiday's kind: whatever weekday it falls on. */
  public static final int HOLIDAY = 7;

  private final List<String> names;
  private final Holidays holidays;
  private final ToIntFunction<LocalDate> season;
  private final byte[][][] table;

  /**
   * @param names what bills call the periods, 1 to 127 of them
   * @param season which season a day lies in, from 0
   * @param table for each season {@link #KINDS} kinds of days, Monday first and holidays last, each
   *     of {@link #QUARTERS} periods, midnight first
   * @throws IllegalArgumentException where a row is missing or a period has no name
   */
  public CalendarHours(
      List<String> names, Holidays holidays, ToIntFunction<LocalDate> season, byte[][][] table) {
    this.names = List.copyOf(names);
    this.holidays = holidays;
    this.season = season;
    this.table = new byte[table.length][KINDS][];
    for (int s = 0; s < table.length; s++) {
      if (table[s].length != KINDS) {
        throw new IllegalArgumentException("a season has " + KINDS + " kinds of days");
      }
      for (int kind = 0; kind < KINDS; kind++) {
        byte[] row = table[s][kind];
        if (row.length != QUARTERS) {
          throw new IllegalArgumentException("a day has " + QUARTERS + " quarter-hours");
        }
        for (byte period : row) {
          if (period < 0 || period >= names.size()) {
            throw new IllegalArgumentException("there is no period " + period);
          }
        }
        this.table[s][kind] = row.clone();
      }
    }
  }

  @Override
  public int periods() {
    return names.size();
  }

  @Override
  public byte[] on(LocalDate day) {
    int kind = holidays.on(day) ? HOLIDAY : day.getDayOfWeek().getValue() - 1;
    return table[season.applyAsInt(day)][kind].clone();
  }

  @Override
  public String name(int period) {
    return names.get(period);
  }
}
