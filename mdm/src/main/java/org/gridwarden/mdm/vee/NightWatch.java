package org.gridwarden.mdm.vee;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.store.Store;

/**
 * Runs validation and estimation once a night for all meters of a zone, over the last days that are
 * over: most late data has come by then, and each night looks at a week again. After a restart a
 * night may run twice; the second time changes nothing. Not thread-safe.
 */
public final class NightWatch {
  /** At this hour by the meters' own clock. */
  private static final int HOUR = 4;

  private static final int DAYS = 7;

  private final Store store;
  private final VeeRuns runs;
  private final InstantSource clock;
  private final Map<ZoneId, LocalDate> done = new HashMap<>();

  /** Over a store, by the shipped rules or others. */
  public NightWatch(Store store, RuleBook rules, InstantSource clock) {
    this(store, new VeeRuns(store, rules, clock), clock);
  }

  /** Beside the runs that people ask for. */
  public NightWatch(Store store, VeeRuns runs, InstantSource clock) {
    this.store = store;
    this.runs = runs;
    this.clock = clock;
  }

  /**
   * Looks whether a zone's night has come, and runs. Where somebody's own run is under way, it
   * looks again the next time.
   *
   * @return how many versions of slots were added
   * @throws IllegalStateException where meters could not be looked at, after all others were; they
   *     are tried again the next night
   */
  public int look() {
    int added = 0;
    int failed = 0;
    String first = "";
    for (ZoneId zone : store.meters().zones()) {
      ZonedDateTime now = clock.instant().atZone(zone);
      LocalDate today = now.toLocalDate();
      if (now.getHour() < HOUR || today.equals(done.get(zone))) {
        continue;
      }
      Optional<VeeRuns.Progress> run = runs.night(zone, DAYS);
      if (run.isEmpty()) {
        continue;
      }
      done.put(zone, today);
      added += run.get().versions();
      failed += run.get().failed();
      first = first.isEmpty() ? run.get().firstFailure() : first;
    }
    if (failed > 0) {
      throw new IllegalStateException(
          failed + " meters could not be validated; the first was " + first);
    }
    return added;
  }
}
