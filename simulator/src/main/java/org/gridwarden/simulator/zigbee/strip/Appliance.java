package org.gridwarden.simulator.zigbee.strip;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/**
 * What takes power from an outlet, each with the shape of its load. Round figures, not measured
 * ones. Immutable.
 */
public enum Appliance {
  /** A compressor that runs a quarter of an hour out of forty minutes. */
  FRIDGE("fridge") {
    @Override
    long milliwatts(Duration used, int second, int day) {
      return Math.floorMod(day * SECONDS + second, 2_400) < 900 ? 92_000 : 1_400;
    }
  },
  /** Two kilowatts for three minutes, a few times between morning and evening. */
  KETTLE("kettle") {
    @Override
    long milliwatts(Duration used, int second, int day) {
      int hour = second / 3_600;
      boolean planned =
          hour >= 6 && hour < 22 && hour % 3 == 0 && within(second % 3_600, dice(day, hour), 180);
      return planned || used.compareTo(Duration.ofMinutes(3)) < 0 ? 2_040_000 : 0;
    }
  },
  /** Stands by, and is on in the evening. */
  TELEVISION("television") {
    @Override
    long milliwatts(Duration used, int second, int day) {
      boolean planned = second >= 18 * 3_600 + dice(day, 18) / 2 && second < 22 * 3_600 + 1_800;
      if (!planned && used.compareTo(Duration.ofHours(2)) >= 0) {
        return 700;
      }
      return 88_000 + 1_000L * Math.floorMod(second / 20 * 7, 31); // as the picture is bright
    }
  },
  /** A programme a day: heats twice, turns its drum, spins. */
  WASHING_MACHINE("washing machine") {
    @Override
    long milliwatts(Duration used, int second, int day) {
      long programme = second - 9 * 3_600L - dice(day, 9);
      if (programme < 0 || programme >= 6_300) {
        programme = used.toSeconds();
      }
      if (programme >= 6_300) {
        return 600;
      } else if (programme < 1_200 || programme >= 3_000 && programme < 3_400) {
        return 2_010_000;
      } else if (programme >= 5_700) {
        return 420_000;
      }
      return programme % 60 < 40 ? 165_000 : 28_000;
    }
  };

  private static final long SECONDS = 86_400;

  private final String word;

  Appliance(String word) {
    this.word = word;
  }

  /** Its name, as people say it. */
  public String word() {
    return word;
  }

  /**
   * The power that it takes.
   *
   * @param at when
   * @param zone whose civil time its people live by
   * @param used when somebody last set it to work beside its usual hours
   * @return in thousandths of a watt
   */
  public long milliwatts(Instant at, ZoneId zone, Instant used) {
    ZonedDateTime local = at.atZone(zone);
    int second = (int) ChronoUnit.SECONDS.between(local.toLocalDate().atStartOfDay(), local);
    return milliwatts(Duration.between(used, at), second, (int) local.toLocalDate().toEpochDay());
  }

  /**
   * @param used since it was set to work
   * @param second of the civil day
   * @param day the civil day's number
   */
  abstract long milliwatts(Duration used, int second, int day);

  private static boolean within(int second, int from, int length) {
    return second >= from && second < from + length;
  }

  /** A second of an hour, another one each day. */
  private static int dice(int day, int hour) {
    return Math.floorMod((day * 31 + hour) * 0x9E3779B1 >>> 8, 3_400);
  }
}
