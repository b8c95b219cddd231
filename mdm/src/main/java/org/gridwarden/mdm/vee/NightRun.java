package org.gridwarden.mdm.vee;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.mdm.estimation.Estimate;
import org.gridwarden.mdm.proof.PointLoad;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Finding;
import org.gridwarden.mdm.validation.Timeline;
import org.gridwarden.store.Companions;
import org.gridwarden.store.Holds;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.Store;
import org.gridwarden.store.VeeException;
import org.gridwarden.store.VeeExceptions;

/**
 * Validation and estimation over what is stored of a meter: each estimate becomes a new version of
 * its slots, and each finding waits for a person in the same transaction. Run again it adds
 * nothing; a slot that came late takes its estimate back and lets only the rest of that gap be
 * estimated anew. What a person set is left alone, and what is held (tampering is looked into) is
 * neither filled nor used. Thread-safe.
 */
public final class NightRun {
  /** So many days before the first serve as history. */
  private static final int HISTORY_DAYS = 35;

  /** A channel that was silent for so many days is not filled any more. */
  private static final int SILENT_DAYS = 14;

  private static final Actor AUTHOR = Actor.system("validation");
  private static final String RAW_AGAIN = "raw";

  private final Store store;
  private final FeederBalance balance;
  private final StoredCurves curves;
  private final StoredContext context;
  private final SlotVersions versions;
  private final VeeExceptions exceptions;
  private final Holds holds;
  private final UnitOfWork work;
  private final RuleBook rules;
  private final InstantSource clock;

  /** Over a store. */
  public NightRun(Store store, RuleBook rules, InstantSource clock) {
    this.store = store;
    this.balance = new FeederBalance(store);
    this.curves = new StoredCurves(store.blocks(), store.slotVersions());
    this.context = new StoredContext(store.readings());
    this.versions = store.slotVersions();
    this.exceptions = store.veeExceptions();
    this.holds = store.holds();
    this.work = store.unitOfWork();
    this.rules = rules;
    this.clock = clock;
  }

  /**
   * What a run did for a meter.
   *
   * @param findings what was found in the days looked at, over all channels
   * @param versions how many versions of slots were added
   * @param opened how many findings people have to look at that they had not to before
   */
  public record Outcome(List<Finding> findings, int versions, int opened) {}

  /**
   * Looks at a meter's days, all channels of energy.
   *
   * @param to the day after the last; days must be over, or their rest is taken for a gap
   * @param meterClass whose rules
   */
  public Outcome run(MeterId meter, String meterClass, ZoneId zone, LocalDate from, LocalDate to) {
    return run(meter, meterClass, zone, from, to, Neighbourhood.of(store, meter));
  }

  /** The same, where it is known which meters are held against each other. */
  Outcome run(
      MeterId meter,
      String meterClass,
      ZoneId zone,
      LocalDate from,
      LocalDate to,
      Neighbourhood around) {
    Vee vee = new Vee(rules.of(around.classOf(meter, meterClass)));
    Optional<Companions.FeederMeter> feeder = Optional.ofNullable(around.feeders().get(meter));
    List<Finding> findings = new ArrayList<>();
    int added = 0;
    int opened = 0;
    LocalDate first = from.minusDays(HISTORY_DAYS);
    int fromDay = HISTORY_DAYS;
    for (Map.Entry<SlotVersions.Channel, Curve> one :
        curves.raw(meter, zone, first, to, rules.holidays()).entrySet()) {
      Curve curve = one.getValue();
      Timeline time = curve.time();
      Instant end = Instant.ofEpochSecond(time.epochSecondOf(time.slots()));
      Map<Integer, SlotVersions.Version> current = new HashMap<>();
      for (SlotVersions.Version version :
          versions.current(meter, one.getKey(), time.startOf(0), end)) {
        if (version.value().isPresent()) {
          current.put(time.slotOf(version.start()), version);
        }
      }
      if (silent(curve)) {
        continue;
      }
      BitSet apart = apart(meter, curve, current);
      MeterResult result =
          vee.run(
              meter.value(),
              curve,
              fromDay,
              time.days(),
              known(meter, one, new Span(zone, first, to), around));
      findings.addAll(
          result.findings().stream().filter(f -> apart.nextClearBit(f.from()) < f.to()).toList());
      List<SlotVersions.Version> fresh =
          fresh(result, current, apart, time.firstSlot(fromDay), clock.instant());
      List<VeeException.What> found = new ArrayList<>(FoundDays.of(result, apart, fromDay));
      if (feeder.isPresent() && measuresAll(one.getKey())) {
        found.addAll(balance.found(feeder.get(), from, to));
        feeder = Optional.empty(); // once, whatever channels it has
      }
      opened +=
          work.call(tx -> {
            versions.append(tx, meter, one.getKey(), fresh);
            return exceptions.keep(
                tx, meter, one.getKey(), from, to, found, AUTHOR, clock.instant());
          });
      added += fresh.size();
    }
    return new Outcome(findings, added, opened);
  }

  /** Days by a zone. */
  private record Span(ZoneId zone, LocalDate from, LocalDate to) {}

  private static boolean measuresAll(SlotVersions.Channel channel) {
    return PointLoad.bills(channel.obis()) && channel.obis().c() == 1;
  }

  private Context known(
      MeterId meter, Map.Entry<SlotVersions.Channel, Curve> one, Span span, Neighbourhood around) {
    Context known = context.of(meter, one.getKey(), one.getValue());
    Optional<Curve> sibling =
        around.of(meter, Companions.Kind.SIBLING).flatMap(other -> same(other, one.getKey(), span));
    Optional<Curve> check =
        around.of(meter, Companions.Kind.CHECK).flatMap(other -> same(other, one.getKey(), span));
    return sibling.isEmpty() && check.isEmpty()
        ? known
        : known.withCurves(sibling, check, Optional.empty(), Optional.empty());
  }

  /** What another meter measured of the same, on the same timeline. */
  private Optional<Curve> same(MeterId other, SlotVersions.Channel channel, Span span) {
    return curves
        .raw(other, span.zone(), span.from(), span.to(), rules.holidays())
        .entrySet()
        .stream()
        .filter(its ->
            its.getKey().obis().equals(channel.obis())
                && its.getKey().slot().equals(channel.slot()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Whether nothing has come for so long that the channel, or the meter, is no more. */
  private static boolean silent(Curve curve) {
    int slots = curve.values().length;
    return curve.missing(Math.max(0, slots - SILENT_DAYS * curve.time().slotsADay()), slots)
        == Math.min(slots, SILENT_DAYS * curve.time().slotsADay());
  }

  /** Puts what a person set into the curve, takes out what is held; both are left as they are. */
  private BitSet apart(MeterId meter, Curve curve, Map<Integer, SlotVersions.Version> current) {
    BitSet apart = new BitSet();
    // what lies before a meter's first value is no gap: it was not there yet
    int first = 0;
    while (first < curve.values().length && curve.missing(first)) {
      first++;
    }
    apart.set(0, first);
    current.forEach((slot, version) -> {
      if (version.byPerson()) {
        curve.values()[slot] = version.value().getAsLong();
        curve.quality()[slot] = version.quality();
        apart.set(slot);
      }
    });
    Timeline time = curve.time();
    Instant end = Instant.ofEpochSecond(time.epochSecondOf(time.slots()));
    for (Holds.Span span : holds.held(meter, time.startOf(0), end)) {
      int last = time.slotOf(span.to().isAfter(end) ? end : span.to());
      for (int i = Math.max(0, time.slotOf(span.from())); i < last; i++) {
        curve.quality()[i] = Quality.MISSING;
        apart.set(i);
      }
    }
    return apart;
  }

  private static List<SlotVersions.Version> fresh(
      MeterResult result,
      Map<Integer, SlotVersions.Version> current,
      BitSet apart,
      int from,
      Instant now) {
    List<SlotVersions.Version> fresh = new ArrayList<>();
    Timeline time = result.raw().time();
    BitSet filled = new BitSet();
    for (Estimate estimate : result.estimates()) {
      filled.set(estimate.from(), estimate.to());
      if (stands(estimate, current, apart)) {
        continue;
      }
      for (int i = estimate.from(); i < estimate.to(); i++) {
        long value = estimate.values()[i - estimate.from()];
        SlotVersions.Version known = current.get(i);
        boolean same =
            known != null
                && known.value().getAsLong() == value
                && known.method().equals(estimate.methodId());
        if (!apart.get(i) && !same) {
          fresh.add(
              new SlotVersions.Version(
                  time.startOf(i),
                  0,
                  OptionalLong.of(value),
                  Quality.ESTIMATED,
                  estimate.cause().id(),
                  estimate.methodId(),
                  AUTHOR,
                  "",
                  now));
        }
      }
    }
    current.forEach((slot, version) -> {
      if (slot >= from && !filled.get(slot) && !apart.get(slot)) {
        fresh.add(
            new SlotVersions.Version(
                time.startOf(slot),
                0,
                OptionalLong.empty(),
                Quality.GOOD,
                "",
                RAW_AGAIN,
                AUTHOR,
                "",
                now));
      }
    });
    return fresh;
  }

  /**
   * Whether a gap was filled before, from end to end and no further: then its estimate stands, even
   * where a day that served as its model has changed since.
   */
  private static boolean stands(
      Estimate estimate, Map<Integer, SlotVersions.Version> current, BitSet apart) {
    for (int i = estimate.from(); i < estimate.to(); i++) {
      SlotVersions.Version version = current.get(i);
      if (version == null || !version.cause().equals(estimate.cause().id()) || apart.get(i)) {
        return false;
      }
    }
    return !estimated(current, estimate.from() - 1) && !estimated(current, estimate.to());
  }

  private static boolean estimated(Map<Integer, SlotVersions.Version> current, int slot) {
    SlotVersions.Version version = current.get(slot);
    return version != null && !version.byPerson();
  }
}
