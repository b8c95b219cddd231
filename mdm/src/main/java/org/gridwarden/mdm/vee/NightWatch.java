package org.gridwarden.mdm.vee;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gridwarden.core.Meter;
import org.gridwarden.store.MeterQuery;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;

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
  private final NightRun night;
  private final InstantSource clock;
  private final Map<ZoneId, LocalDate> done = new HashMap<>();

  /** Over a store, by the shipped rules or others. */
  public NightWatch(Store store, RuleBook rules, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    night =
        new NightRun(
            new StoredCurves(store.blocks(), store.slotVersions()),
            store.slotVersions(),
            store.holds(),
            store.unitOfWork(),
            rules,
            clock);
  }

  /**
   * Looks whether a zone's night has come, and runs.
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
      done.put(zone, today);
      for (Meter meter : meters(zone)) {
        try {
          added +=
              night.run(meter.id(), RuleBook.USUAL, zone, today.minusDays(DAYS), today).versions();
        } catch (StoreException | IllegalArgumentException e) {
          failed++;
          first = first.isEmpty() ? meter.id() + ": " + e.getMessage() : first;
        }
      }
    }
    if (failed > 0) {
      throw new IllegalStateException(
          failed + " meters could not be validated; the first was " + first);
    }
    return added;
  }

  private List<Meter> meters(ZoneId zone) {
    MeterQuery active = new MeterQuery("", Set.of(Meter.State.ACTIVE), List.of(), 0, 1000);
    try (var rows = store.meters().stream(active)) {
      return rows.map(row -> row.meter()).filter(meter -> meter.zone().equals(zone)).toList();
    }
  }
}
