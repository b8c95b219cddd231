package org.gridwarden.mdm.billrun;

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
 * Commits once a night to the last days of all meters of a zone, after they were validated, and to
 * the raw messages of days that are over; then signs. After a restart a night may run twice; the
 * second time adds nothing. Not thread-safe.
 */
public final class EvidenceWatch {
  /** At this hour by the meters' own clock: validation begins an hour earlier. */
  private static final int HOUR = 5;

  /** As validation does, a week again each night. */
  private static final int DAYS = 7;

  /** A first start finds years of raw messages: so many days at a time. */
  private static final int MOST_RECEIVED = 3;

  private final Store store;
  private final EvidenceOffice evidence;
  private final InstantSource clock;
  private final Map<ZoneId, LocalDate> done = new HashMap<>();

  /** Over a store. */
  public EvidenceWatch(Store store, EvidenceOffice evidence, InstantSource clock) {
    this.store = store;
    this.evidence = evidence;
    this.clock = clock;
  }

  /**
   * Looks whether a zone's night has come, and commits.
   *
   * @return how many days of meters were committed to
   * @throws IllegalStateException where meters could not be, after all others were; they are tried
   *     again the next night
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
          added += evidence.commit(meter.id(), zone, today.minusDays(DAYS), today);
        } catch (StoreException | IllegalArgumentException e) {
          failed++;
          first = first.isEmpty() ? meter.id() + ": " + e.getMessage() : first;
        }
      }
    }
    var unused = evidence.commitReceived(MOST_RECEIVED);
    var signed = evidence.sign();
    if (failed > 0) {
      throw new IllegalStateException(
          failed + " meters' days could not be committed to; the first was " + first);
    }
    return added;
  }

  private List<Meter> meters(ZoneId zone) {
    MeterQuery all = new MeterQuery("", Set.of(), List.of(), 0, 1000);
    try (var rows = store.meters().stream(all)) {
      return rows.map(row -> row.meter()).filter(meter -> meter.zone().equals(zone)).toList();
    }
  }
}
