package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Spells instants as {@link Instant#toString} does, and remembers the day: the slots of a month are
 * thousands of instants of few days. For one thread.
 */
final class Stamps {
  private static final int DAY = 86_400;

  private long day = Long.MIN_VALUE;
  private byte[] text = new byte[0];
  private int time;

  /** An instant in UTC, such as {@code 2026-10-01T00:15:00Z}. */
  String of(Instant at) {
    if (at.getNano() != 0) {
      return at.toString();
    }
    long date = Math.floorDiv(at.getEpochSecond(), DAY);
    if (date != day) {
      text = (LocalDate.ofEpochDay(date) + "T00:00:00Z").getBytes(StandardCharsets.ISO_8859_1);
      time = text.length - 9;
      day = date;
    }
    int second = Math.floorMod(at.getEpochSecond(), DAY);
    two(0, second / 3600);
    two(3, second / 60 % 60);
    two(6, second % 60);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private void two(int place, int number) {
    text[time + place] = (byte) ('0' + number / 10);
    text[time + place + 1] = (byte) ('0' + number % 10);
  }
}
