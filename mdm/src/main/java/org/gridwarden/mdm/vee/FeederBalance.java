package org.gridwarden.mdm.vee;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.DeskFault;
import org.gridwarden.mdm.proof.PointLoad;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Timeline;
import org.gridwarden.store.Companions;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.Store;
import org.gridwarden.store.VeeException;

/**
 * What a feeder supplied beside what its meters measured, day by day: the difference is losses, a
 * wrong meter, or energy that somebody takes past one. Only days are judged of which all is known,
 * measured or estimated. Thread-safe.
 */
public final class FeederBalance {
  /** So a finding is called. */
  public static final String RULE = "feeder-loss";

  /** So many days at once. */
  public static final int MOST_DAYS = 62;

  /** A milli-watt-hour is what sums are kept in: scalers from -3 on are exact. */
  private static final int SCALE = 3;

  private final Store store;
  private final StoredCurves curves;

  /** Over a store. */
  public FeederBalance(Store store) {
    this.store = store;
    this.curves = new StoredCurves(store.blocks(), store.slotVersions());
  }

  /**
   * A day.
   *
   * @param supplied what the feeder's meter measured, in Wh, taken less fed back; empty where it is
   *     not known
   * @param delivered what the others measured together, those that are known
   * @param meters how many there are
   * @param unknown of how many the day is not known whole
   */
  public record Day(
      LocalDate date, OptionalLong supplied, long delivered, int meters, int unknown) {
    /** Whether it can be judged. */
    public boolean known() {
      return supplied.isPresent() && supplied.getAsLong() > 0 && unknown == 0 && meters > 0;
    }

    /** What is lost, per cent of what was supplied; below zero where more was delivered. */
    public double lossPercent() {
      return known()
          ? 100.0 * (supplied.getAsLong() - delivered) / supplied.getAsLong()
          : Double.NaN;
    }
  }

  /**
   * A feeder's days.
   *
   * @param to the day after the last
   * @throws DeskFault where no meter measures that feeder, or the days are too many
   */
  public List<Day> days(String feeder, LocalDate from, LocalDate to) {
    Companions.FeederMeter measured =
        store.companions().feeders().stream()
            .filter(f -> f.feeder().equals(feeder))
            .findFirst()
            .orElseThrow(() ->
                new DeskFault(
                    Fault.Code.UNKNOWN_METER,
                    "feeder",
                    "no meter measures all of " + feeder + ": say which one does"));
    if (!from.isBefore(to) || from.plusDays(MOST_DAYS).isBefore(to)) {
      throw new DeskFault(
          Fault.Code.MALFORMED, "lastDay", "is 1 to " + MOST_DAYS + " days from the first");
    }
    return days(measured, from, to);
  }

  private List<Day> days(Companions.FeederMeter feeder, LocalDate from, LocalDate to) {
    ZoneId zone = store.meters().byId(feeder.meter()).map(Meter::zone).orElseThrow();
    int count = (int) (to.toEpochDay() - from.toEpochDay());
    long[] supplied = energy(feeder.meter(), zone, from, to);
    List<MeterId> others = store.companions().on(feeder.feeder());
    long[] delivered = new long[count];
    int[] unknown = new int[count];
    for (MeterId other : others) {
      long[] its = energy(other, zone, from, to);
      for (int d = 0; d < count; d++) {
        if (its[d] == UNKNOWN) {
          unknown[d]++;
        } else {
          delivered[d] += its[d];
        }
      }
    }
    List<Day> days = new ArrayList<>();
    for (int d = 0; d < count; d++) {
      days.add(
          new Day(
              from.plusDays(d),
              supplied[d] == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(supplied[d] / 1_000),
              delivered[d] / 1_000,
              others.size(),
              unknown[d]));
    }
    return days;
  }

  private static final long UNKNOWN = Long.MIN_VALUE;

  /** A meter's energy by day, taken less fed in; {@link #UNKNOWN} where a slot is missing. */
  private long[] energy(MeterId meter, ZoneId zone, LocalDate from, LocalDate to) {
    int count = (int) (to.toEpochDay() - from.toEpochDay());
    long[] taken = new long[count];
    long[] back = new long[count];
    java.util.Arrays.fill(taken, UNKNOWN);
    for (Map.Entry<SlotVersions.Channel, Curve> one :
        curves.finished(meter, zone, from, to).entrySet()) {
      if (PointLoad.bills(one.getKey().obis()) && one.getKey().scaler() >= -SCALE) {
        boolean in = one.getKey().obis().c() == 1;
        add(one.getValue(), in ? taken : back, in);
      }
    }
    for (int d = 0; d < count; d++) {
      taken[d] = taken[d] == UNKNOWN ? UNKNOWN : taken[d] - back[d];
    }
    return taken;
  }

  /** Adds whole days; of two channels that measure the same the first that is whole counts. */
  private static void add(Curve curve, long[] sums, boolean in) {
    Timeline time = curve.time();
    long factor = BigDecimal.TEN.pow(SCALE + curve.scaler()).longValueExact();
    for (int d = 0; d < sums.length; d++) {
      if (in ? sums[d] != UNKNOWN : sums[d] != 0) {
        continue;
      }
      int first = time.firstSlot(d);
      int last = time.firstSlot(d + 1);
      if (curve.missing(first, last) > 0) {
        continue;
      }
      long sum = 0;
      for (int i = first; i < last; i++) {
        sum += curve.values()[i] * factor;
      }
      sums[d] = sum;
    }
  }

  /** What is found in a feeder's days, as people get to see it. */
  List<VeeException.What> found(Companions.FeederMeter feeder, LocalDate from, LocalDate to) {
    ZoneId zone = store.meters().byId(feeder.meter()).map(Meter::zone).orElseThrow();
    double most = feeder.mostLoss().doubleValue();
    List<VeeException.What> found = new ArrayList<>();
    for (Day day : days(feeder, from, to)) {
      if (day.known() && Math.abs(day.lossPercent()) > most) {
        found.add(
            new VeeException.What(
                day.date(),
                day.date().atStartOfDay(zone).toInstant(),
                day.date().plusDays(1).atStartOfDay(zone).toInstant(),
                1,
                RULE,
                day.lossPercent(),
                Math.copySign(most, day.lossPercent()),
                "%",
                false,
                ""));
      }
    }
    return found;
  }
}
