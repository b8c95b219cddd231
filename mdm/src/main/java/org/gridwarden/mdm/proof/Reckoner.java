package org.gridwarden.mdm.proof;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gridwarden.mdm.billing.Biller;
import org.gridwarden.mdm.billing.IncompleteLoadException;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Span;
import org.gridwarden.mdm.billing.Tariff;

/**
 * Reckons a part of a bill, the same way when it is issued and when it is verified. Keeps a biller
 * for each tariff and zone, so that service points that lie alike share its grid. Not thread-safe.
 */
public final class Reckoner {
  private static final int KEPT = 64;

  private final Map<Key, Biller> billers = new HashMap<>();

  private record Key(String sha256, ZoneId zone) {}

  /** The load of a part: the readings from where it measures on. */
  public static PointLoad.Merged load(
      String point, List<DayRecord> days, List<MeterTime> times, ZoneId zone, TariffUse use)
      throws PointLoad.UnfitException {
    Instant from = at(use.measuredFrom(), zone);
    Instant to = at(use.to(), zone);
    List<DayRecord> within =
        days.stream()
            .filter(d -> d.start().isBefore(to) && d.startOf(d.slots().size()).isAfter(from))
            .toList();
    return PointLoad.of(point, within, times, from, to);
  }

  /**
   * A part's months.
   *
   * @param tariff what the use names
   * @throws IncompleteLoadException where a slot has no value
   * @throws ArithmeticException where a value is too large to be added
   */
  public BillPart part(Tariff tariff, Load load, ZoneId zone, TariffUse use)
      throws IncompleteLoadException {
    if (billers.size() > KEPT) {
      billers.clear();
    }
    Biller biller =
        billers.computeIfAbsent(
            new Key(use.sha256(), zone), k -> new Biller(tariff, zone.getRules()));
    Span span =
        new Span(at(use.since(), zone), at(use.from(), zone), at(use.to(), zone), use.ends());
    return BillPart.of(use, biller.bill(load, span));
  }

  static Instant at(LocalDate day, ZoneId zone) {
    return day.atStartOfDay(zone).toInstant();
  }
}
