package org.gridwarden.mdm.outlet;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reading;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.store.Outlet;
import org.gridwarden.store.Readings;
import org.gridwarden.store.Store;

/**
 * A power strip's outlets: the meter's channels (value group B) from 1 on whose switch it tells,
 * and those that people gave a name. Thread-safe.
 */
public final class Outlets {
  /** What has not told for so long is not known to be in use. */
  public static final Duration STALE = Duration.ofMinutes(30);

  private static final Duration NEAR = Duration.ofHours(1);
  private static final Duration FAR = Duration.ofHours(24);

  private final Store store;

  public Outlets(Store store) {
    this.store = store;
  }

  /** Whether the outlet is on: 1, or off: 0. */
  public static ObisCode switchOf(int outlet) {
    return ObisCode.of(0, outlet, 96, 3, 10, 255);
  }

  /** The power that it takes. */
  public static ObisCode powerOf(int outlet) {
    return ObisCode.of(1, outlet, 1, 7, 0, 255);
  }

  /** Its register of energy. */
  public static ObisCode registerOf(int outlet) {
    return ObisCode.of(1, outlet, 1, 8, 0, 255);
  }

  /**
   * How a meter's outlets stand, by number; none where it is no power strip.
   *
   * @param since nothing before that is looked at, as with a consumer who moved in then
   */
  public List<OutletState> of(Meter meter, Instant since, Instant now) {
    TreeMap<Integer, Outlet> outlets = new TreeMap<>();
    for (Outlet outlet : store.outlets().of(meter.id())) {
      // what an earlier household called it is nobody else's business
      boolean theirs = outlet.since().isBefore(since);
      outlets.put(outlet.number(), theirs ? unnamed(meter.id(), outlet.number()) : outlet);
    }
    Map<ObisCode, Reading> latest = new HashMap<>();
    for (Reading reading : store.readings().momentary(meter.id())) {
      int number = reading.channel().b();
      if (number >= 1 && number <= Outlet.MOST && !reading.at().isBefore(since)) {
        latest.merge(reading.channel(), reading, (a, b) -> a.at().isAfter(b.at()) ? a : b);
        if (reading.channel().equals(switchOf(number))) {
          outlets.computeIfAbsent(number, n -> unnamed(meter.id(), n));
        }
      }
    }
    List<OutletState> states = new ArrayList<>();
    for (Outlet outlet : outlets.values()) {
      states.add(state(meter, outlet, latest, since, now));
    }
    return List.copyOf(states);
  }

  private static Outlet unnamed(MeterId meter, int number) {
    return new Outlet(meter, number, "", "", "", Outlet.USUAL_STANDBY, Instant.EPOCH, "");
  }

  private OutletState state(
      Meter meter, Outlet outlet, Map<ObisCode, Reading> latest, Instant since, Instant now) {
    Optional<Reading> power = Optional.ofNullable(latest.get(powerOf(outlet.number())));
    Instant midnight =
        now.atZone(meter.zone()).toLocalDate().atStartOfDay(meter.zone()).toInstant();
    Instant begin = midnight.isBefore(since) ? since : midnight;
    ObisCode register = registerOf(outlet.number());
    Optional<Reading> end =
        last(meter.id(), register, now.minus(NEAR), now)
            .or(() -> last(meter.id(), register, begin, now));
    Optional<Reading> before =
        begin.equals(since)
            ? Optional.empty()
            : last(meter.id(), register, begin.minus(NEAR), begin);
    Optional<Reading> first = before.or(() -> first(meter.id(), register, begin, now));
    Optional<BigDecimal> today =
        end.filter(e -> !e.at().isBefore(begin))
            .flatMap(e -> first.map(f -> e.value().decimal().subtract(f.value().decimal())))
            .filter(wattHours -> wattHours.signum() >= 0);
    return new OutletState(
        outlet,
        Optional.ofNullable(latest.get(switchOf(outlet.number())))
            .map(r -> r.value().decimal().signum() != 0),
        power.map(r -> r.value().decimal()),
        power.map(Reading::at),
        power
            .filter(r -> !r.at().isBefore(now.minus(STALE)))
            .flatMap(r -> use(meter.id(), outlet, since, now)),
        today,
        before.isPresent(),
        end.map(e -> e.value().decimal()));
  }

  /** Looks at the last hour first, and at a whole day only where that is all the same. */
  private Optional<InUse> use(MeterId meter, Outlet outlet, Instant since, Instant now) {
    BigDecimal standby = BigDecimal.valueOf(outlet.standbyWatts());
    Optional<InUse> near = use(meter, outlet.number(), standby, later(since, now.minus(NEAR)), now);
    return near.filter(n -> !n.longer())
        .or(() -> use(meter, outlet.number(), standby, later(since, now.minus(FAR)), now));
  }

  private Optional<InUse> use(
      MeterId meter, int number, BigDecimal standby, Instant from, Instant now) {
    try (Stream<Reading> readings =
        store.readings().momentary(meter, powerOf(number), from, now.plusNanos(1_000))) {
      return InUse.of(readings.iterator(), standby);
    }
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private Optional<Reading> first(MeterId meter, ObisCode register, Instant from, Instant to) {
    try (Stream<Reading> readings = readings(meter, register, from, to)) {
      return readings.findFirst();
    }
  }

  private Optional<Reading> last(MeterId meter, ObisCode register, Instant from, Instant to) {
    try (Stream<Reading> readings = readings(meter, register, from, to)) {
      return readings.reduce((a, b) -> b);
    }
  }

  private Stream<Reading> readings(MeterId meter, ObisCode register, Instant from, Instant to) {
    Readings all = store.readings();
    return all.registers(meter, register, from, to.plusNanos(1_000));
  }
}
