package org.gridwarden.store;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.Day;

/** Civil days, reckoned once each. Thread-safe. */
final class Calendar {
  private static final int KEPT = 4_096;

  private record Key(LocalDate date, ZoneId zone, Duration slot) {}

  private final Map<Key, Day> days = new ConcurrentHashMap<>();

  Day day(LocalDate date, ZoneId zone, Duration slot) {
    if (days.size() > KEPT) {
      days.clear();
    }
    return days.computeIfAbsent(new Key(date, zone, slot), k -> Day.of(date, zone, slot));
  }
}
