package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/**
 * Spells instants as {@link java.time.Instant#toString} does, and remembers the day: the slots of a
 * month are thousands of instants of few days. For one thread.
 */
final class Stamps {
  private static final int DAY = 86_400;

  private long day = Long.MIN_VALUE;
  private byte[] text = new byte[0];
  private int time;

  /**
   * An instant in UTC, such as {@code 2026-10-01T00:15:00Z}, in ASCII.
   *
   * @param at in seconds since 1970
   * @return the same array as before while the day is the same: to be copied at once
   */
  byte[] of(long at) {
    long date = Math.floorDiv(at, DAY);
    if (date != day) {
      text = (LocalDate.ofEpochDay(date) + "T00:00:00Z").getBytes(StandardCharsets.ISO_8859_1);
      time = text.length - 9;
      day = date;
    }
    int second = Math.floorMod(at, DAY);
    two(0, second / 3600);
    two(3, second / 60 % 60);
    two(6, second % 60);
    return text;
  }

  private void two(int place, int number) {
    text[time + place] = (byte) ('0' + number / 10);
    text[time + place + 1] = (byte) ('0' + number % 10);
  }
}
