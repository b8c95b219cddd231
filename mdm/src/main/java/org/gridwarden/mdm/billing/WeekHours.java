package org.gridwarden.mdm.billing;

import java.time.DayOfWeek;
import java.time.LocalDate;

/**
 * Which period of a tariff an hour lies in, by month, kind of day and hour: twice 12 months of 24
 * hours, as the Utility Rate Database has them. Immutable.
 */
public final class WeekHours implements Hours {
  private final byte[] weekday = new byte[12 * 24];
  private final byte[] weekend = new byte[12 * 24];
  private final int periods;

  /**
   * @param weekday 12 rows, January first, of 24 periods, midnight first; each 0 to 126
   * @param weekend the same for Saturdays and Sundays
   * @throws IllegalArgumentException where a row or an entry is missing or out of range
   */
  public WeekHours(int[][] weekday, int[][] weekend) {
    periods = 1 + Math.max(fill(weekday, this.weekday), fill(weekend, this.weekend));
  }

  /** All hours in period 0. */
  public static WeekHours always() {
    return new WeekHours(new int[12][24], new int[12][24]);
  }

  private static int fill(int[][] from, byte[] to) {
    if (from.length != 12) {
      throw new IllegalArgumentException("12 months are needed, not " + from.length);
    }
    int greatest = 0;
    for (int month = 0; month < 12; month++) {
      if (from[month].length != 24) {
        throw new IllegalArgumentException(
            "month " + (month + 1) + " has " + from[month].length + " hours, not 24");
      }
      for (int hour = 0; hour < 24; hour++) {
        int period = from[month][hour];
        if (period < 0 || period > 126) {
          throw new IllegalArgumentException(
              "month " + (month + 1) + ", hour " + hour + ": no period " + period);
        }
        to[month * 24 + hour] = (byte) period;
        greatest = Math.max(greatest, period);
      }
    }
    return greatest;
  }

  @Override
  public int periods() {
    return periods;
  }

  @Override
  public byte[] on(LocalDate day) {
    DayOfWeek which = day.getDayOfWeek();
    boolean rest = which == DayOfWeek.SATURDAY || which == DayOfWeek.SUNDAY;
    byte[] quarters = new byte[QUARTERS];
    for (int q = 0; q < QUARTERS; q++) {
      quarters[q] = (rest ? weekend : weekday)[(day.getMonthValue() - 1) * 24 + q / 4];
    }
    return quarters;
  }

  @Override
  public String name(int period) {
    return "period " + period;
  }
}
