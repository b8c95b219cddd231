package org.gridwarden.headend;

import java.time.Duration;
import java.util.Map;

/**
 * When meters are read, and how many at once.
 *
 * @param enabled whether schedules run; a meter is read on demand all the same
 * @param billingEvery from one reading of billing registers to the next
 * @param profilesEvery from one reading of profiles, events and the clock to the next
 * @param spread over how long the meters' turns are spread, so that they do not all come at once
 * @param backfill how far back gaps are refilled
 * @param settling how long after its end a slot may be missing
 * @param sessions how many meters are read at once
 * @param perLink how many of them over one link
 * @param links the same for links of their own, by name
 * @param session how long a meter may take
 * @param firstRetry the pause after a failed turn; doubles with each
 * @param lastRetry the longest pause
 * @param vain how often a gap is asked for that the meter does not fill
 * @param clock what is done about clocks
 */
public record CollectionSettings(
    boolean enabled,
    Duration billingEvery,
    Duration profilesEvery,
    Duration spread,
    Duration backfill,
    Duration settling,
    int sessions,
    int perLink,
    Map<String, Integer> links,
    Duration session,
    Duration firstRetry,
    Duration lastRetry,
    int vain,
    ClockLimits clock) {
  /**
   * @throws IllegalArgumentException naming the setting that makes no sense
   */
  public CollectionSettings {
    links = Map.copyOf(links);
    positive("billingEvery", billingEvery);
    positive("profilesEvery", profilesEvery);
    positive("backfill", backfill);
    positive("session", session);
    positive("firstRetry", firstRetry);
    if (lastRetry.compareTo(firstRetry) < 0) {
      throw new IllegalArgumentException("collection: 'lastRetry' is not below 'firstRetry'");
    }
    if (sessions < 1 || perLink < 1 || vain < 1) {
      throw new IllegalArgumentException(
          "collection: 'sessions', 'perLink' and 'vain' are at least 1");
    }
  }

  /** Registers daily, profiles every four hours, 200 meters at once, 4 over a link. */
  public static CollectionSettings defaults() {
    return new CollectionSettings(
        true,
        Duration.ofDays(1),
        Duration.ofHours(4),
        Duration.ofMinutes(30),
        Duration.ofDays(10),
        Duration.ofMinutes(5),
        200,
        4,
        Map.of(),
        Duration.ofMinutes(5),
        Duration.ofMinutes(1),
        Duration.ofHours(6),
        3,
        ClockLimits.defaults());
  }

  int limit(String link) {
    return links.getOrDefault(link, perLink);
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("collection: '" + name + "' is longer than nothing");
    }
  }
}
