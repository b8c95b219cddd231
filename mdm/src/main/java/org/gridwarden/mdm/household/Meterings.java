package org.gridwarden.mdm.household;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billrun.StoredDays;
import org.gridwarden.mdm.proof.DayRecord;
import org.gridwarden.mdm.proof.MeterTime;
import org.gridwarden.mdm.proof.PointLoad;
import org.gridwarden.store.Holds;
import org.gridwarden.store.MeterTerm;
import org.gridwarden.store.Store;

/**
 * Reads what was measured at a service point as bills do: of each slot the version that counts,
 * over meter exchanges. Thread-safe.
 */
final class Meterings {
  private final Store store;
  private final StoredDays days;

  Meterings(Store store) {
    this.store = store;
    this.days = new StoredDays(store);
  }

  /** The civil time of a service point, its last meter's; empty where none ever stood there. */
  Optional<ZoneId> zone(String point) {
    List<MeterTerm> terms = store.meters().history(point);
    return terms.isEmpty()
        ? Optional.empty()
        : store.meters().byId(terms.getLast().meter()).map(Meter::zone);
  }

  /**
   * Some days, without what is of before the point was theirs.
   *
   * @param to the day after the last
   * @throws UnreadableException where meters' days do not make one load
   */
  Measured read(OwnPoint point, LocalDate from, LocalDate to) {
    Instant begin = point.start(from);
    Instant end = point.start(to);
    List<MeterTime> times = times(point, begin, end);
    Map<MeterId, List<DayRecord>> records = new LinkedHashMap<>();
    List<Holds.Span> held = new ArrayList<>();
    for (MeterTime time : times) {
      MeterId meter = new MeterId(time.meter());
      held.addAll(store.holds().held(meter, time.from(), time.to()));
      records.computeIfAbsent(meter, m -> records(m, from, to));
    }
    List<DayRecord> all = records.values().stream().flatMap(List::stream).toList();
    try {
      Load load = PointLoad.of(point.name(), all, times, begin, end).load();
      return new Measured(point, load, estimated(all, times, load), held);
    } catch (PointLoad.UnfitException e) {
      throw new UnreadableException(point.name(), String.valueOf(e.getMessage()));
    }
  }

  private List<MeterTime> times(OwnPoint point, Instant from, Instant to) {
    List<MeterTime> times = new ArrayList<>();
    Instant first = point.since().isAfter(from) ? point.since() : from;
    for (MeterTerm term : store.meters().history(point.name())) {
      Instant begin = term.since().isBefore(first) ? first : term.since();
      Instant end = term.until().filter(u -> u.isBefore(to)).orElse(to);
      if (begin.isBefore(end)) {
        times.add(new MeterTime(term.meter().value(), begin, end));
      }
    }
    return times;
  }

  private List<DayRecord> records(MeterId meter, LocalDate from, LocalDate to) {
    return store
        .meters()
        .byId(meter)
        .map(Meter::zone)
        .map(zone ->
            days.read(meter, zone, from, to).stream().map(StoredDays.ChannelDay::record).toList())
        .orElse(List.of());
  }

  private static BitSet estimated(List<DayRecord> records, List<MeterTime> times, Load load) {
    BitSet estimated = new BitSet();
    for (DayRecord day : records) {
      for (int i = 0; i < day.slots().size(); i++) {
        Instant start = day.startOf(i);
        if (!day.slots().get(i).missing()
            && !day.slots().get(i).measured()
            && times.stream()
                .anyMatch(t ->
                    t.meter().equals(day.meter())
                        && !start.isBefore(t.from())
                        && start.isBefore(t.to()))) {
          long off = start.getEpochSecond() - load.start().getEpochSecond();
          if (off >= 0) {
            estimated.set((int) (off / load.seconds()));
          }
        }
      }
    }
    return estimated;
  }

  /** What is stored of a service point cannot be put together; the message says where. */
  static final class UnreadableException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    UnreadableException(String point, String why) {
      super("readings of " + point + " do not fit together: " + why);
    }
  }
}
