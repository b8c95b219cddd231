package org.gridwarden.mdm.household;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.mdm.billing.Load;

/**
 * Goes on with a load as it went before: what is not known is taken for the mean of the same
 * weekday at the same time of day, or of all days where that weekday is not known. Pure functions.
 */
final class Habits {
  /** Fewer days make no habit. */
  static final int LEAST_DAYS = 7;

  private static final int ALL = 0;

  private Habits() {}

  private record When(int weekday, int minute) {}

  private static final class Mean {
    private long sum;
    private int count;

    void add(long value) {
      sum = Math.addExact(sum, value);
      count++;
    }

    /** Halves up. */
    long value() {
      return Math.floorDiv(2 * sum + count, 2L * count);
    }
  }

  /**
   * The load without gaps.
   *
   * @param until what is learned is known before then
   * @return empty where too few days are known
   */
  static Optional<long[]> filled(Load load, ZoneId zone, Instant until) {
    Map<When, Mean> means = new HashMap<>();
    Set<LocalDate> days = new HashSet<>();
    long[] values = load.values();
    for (int i = 0; i < values.length && load.startOf(i).isBefore(until); i++) {
      if (values[i] != Load.MISSING) {
        LocalDateTime at = LocalDateTime.ofInstant(load.startOf(i), zone);
        days.add(at.toLocalDate());
        means.computeIfAbsent(when(at), w -> new Mean()).add(values[i]);
        means.computeIfAbsent(new When(ALL, when(at).minute()), w -> new Mean()).add(values[i]);
      }
    }
    if (days.size() < LEAST_DAYS) {
      return Optional.empty();
    }
    long[] filled = values.clone();
    for (int i = 0; i < filled.length; i++) {
      if (filled[i] == Load.MISSING) {
        When when = when(LocalDateTime.ofInstant(load.startOf(i), zone));
        Mean mean = means.getOrDefault(when, means.get(new When(ALL, when.minute())));
        if (mean == null) {
          return Optional.empty(); // a time of day that was never measured
        }
        filled[i] = mean.value();
      }
    }
    return Optional.of(filled);
  }

  private static When when(LocalDateTime at) {
    return new When(at.getDayOfWeek().getValue(), at.getHour() * 60 + at.getMinute());
  }
}
