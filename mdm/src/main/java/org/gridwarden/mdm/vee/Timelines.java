package org.gridwarden.mdm.vee;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.gridwarden.mdm.validation.CivilTime;
import org.gridwarden.mdm.validation.Timeline;

/** Makes timelines, and shares one among meters that lie alike. */
final class Timelines {
  private final Set<LocalDate> holidays;
  private final Optional<CivilTime> zone;
  private CivilTime civil = second -> 0;
  private Map<Long, Integer> lastSeen = Map.of();
  private long lastFirst;
  private Optional<Timeline> last = Optional.empty();

  Timelines(Set<LocalDate> holidays, Optional<CivilTime> zone) {
    this.holidays = holidays;
    this.zone = zone;
  }

  Timeline of(long first, int slots, int step, TreeMap<Long, Integer> seen) {
    if (last.isPresent()
        && lastFirst == first
        && last.get().slots() == slots
        && last.get().stepSeconds() == step
        && (zone.isPresent() || lastSeen.equals(seen))) {
      return last.get();
    }
    civil = zone.orElseGet(() -> CivilTime.observed(seen));
    lastSeen = seen;
    lastFirst = first;
    Timeline made = Timeline.of(first, slots, step, civil, holidays);
    last = Optional.of(made);
    return made;
  }

  int offsetAt(long second) {
    return civil.offsetAt(second);
  }
}
