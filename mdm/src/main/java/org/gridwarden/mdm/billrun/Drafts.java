package org.gridwarden.mdm.billrun;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.mdm.billing.IncompleteLoadException;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billrun.Blocked.Reason;
import org.gridwarden.mdm.ledger.DayCharge;
import org.gridwarden.mdm.proof.BillPart;
import org.gridwarden.mdm.proof.DayRecord;
import org.gridwarden.mdm.proof.MeterSignatures;
import org.gridwarden.mdm.proof.MeterTime;
import org.gridwarden.mdm.proof.PointLoad;
import org.gridwarden.mdm.proof.ProofException;
import org.gridwarden.mdm.proof.Reckoner;
import org.gridwarden.mdm.proof.SlotRecord;
import org.gridwarden.mdm.proof.TariffUse;
import org.gridwarden.store.Alarm;
import org.gridwarden.store.Alarms;
import org.gridwarden.store.Holds;
import org.gridwarden.store.MeterTerm;
import org.gridwarden.store.Store;
import org.gridwarden.store.VeeException;
import org.gridwarden.store.VeeExceptions;
import org.gridwarden.store.VirtualMeterBook;

/**
 * Reckons what a customer owes at a service point from what is stored, or says why that cannot be
 * billed. Writes nothing. Not thread-safe.
 */
final class Drafts {
  /** The night after a period validates its last day; late data has come by then. */
  private static final Duration SETTLED = Duration.ofHours(30);

  private static final int NEVER_BILLED =
      Quality.UNAUTHENTICATED | Quality.DOUBTFUL | Quality.CLOCK_INVALID;

  private static final MeterSignatures SIGNATURES = new MeterSignatures(List.of());

  private final Store store;
  private final EvidenceOffice evidence;
  private final TariffShelf tariffs;
  private final InstantSource clock;
  private final Reckoner reckoner = new Reckoner();
  private final VirtualTerms virtuals;

  Drafts(Store store, EvidenceOffice evidence, TariffShelf tariffs, InstantSource clock) {
    this.store = store;
    this.evidence = evidence;
    this.tariffs = tariffs;
    this.clock = clock;
    this.virtuals = new VirtualTerms(store);
  }

  /** The civil time of a service point: its last meter's. */
  ZoneId zone(String point) throws Blocked {
    Optional<VirtualMeterBook.Virtual> virtual = store.virtualMeters().at(point);
    if (virtual.isPresent()) {
      return virtual.get().zone();
    }
    List<MeterTerm> terms = store.meters().history(point);
    if (terms.isEmpty()) {
      throw new Blocked(
          Reason.NO_METER, "no meter ever stood at " + point + ": import or mount one");
    }
    return zone(terms.getLast().meter());
  }

  private ZoneId zone(MeterId meter) throws Blocked {
    return store
        .meters()
        .byId(meter)
        .map(Meter::zone)
        .orElseThrow(() -> new Blocked(Reason.NO_METER, "meter " + meter + " is not known"));
  }

  /**
   * The days of a period on which an account is supplied; empty where there are none.
   *
   * @param supplies the account's at one service point, the first first
   */
  static Optional<Period> supplied(List<Supply> supplies, ZoneId zone, Period period) {
    LocalDate from = LocalDate.MAX;
    LocalDate to = LocalDate.MIN;
    for (Supply supply : supplies) {
      LocalDate begin = later(period.from(), LocalDate.ofInstant(supply.since(), zone));
      LocalDate end =
          supply
              .until()
              .map(u -> earlier(period.to(), LocalDate.ofInstant(u, zone)))
              .orElse(period.to());
      if (begin.isBefore(end)) {
        from = earlier(from, begin);
        to = later(to, end);
      }
    }
    return from.isBefore(to) ? Optional.of(new Period(from, to)) : Optional.empty();
  }

  /**
   * Reckons.
   *
   * @param supplies the account's at the service point, the first first
   * @param period its days, as {@link #supplied} gives them
   * @throws Blocked where it cannot be billed
   */
  Draft of(String account, String point, List<Supply> supplies, ZoneId zone, Period period)
      throws Blocked {
    Instant end = start(period.to(), zone);
    if (end.plus(SETTLED).isAfter(clock.instant())) {
      throw new Blocked(
          Reason.NOT_OVER,
          "the period ends " + end + ": it can be billed from " + end.plus(SETTLED) + " on");
    }
    List<TariffUse> uses = uses(supplies, zone, period);
    LocalDate measuredFrom =
        uses.stream().map(TariffUse::measuredFrom).reduce(Drafts::earlier).orElseThrow();
    List<MeterTime> times = times(point, zone, start(measuredFrom, zone), end);
    Map<MeterId, List<StoredDays.ChannelDay>> days = days(times);
    List<DayRecord> records =
        days.values().stream().flatMap(List::stream).map(StoredDays.ChannelDay::record).toList();
    billable(times, records);
    List<BillPart> parts = new ArrayList<>();
    Optional<Currency> currency =
        store.ledger().last(account).map(e -> Currency.getInstance(e.currency()));
    Optional<Tariff.Prepayment> prepaid = Optional.empty();
    for (TariffUse use : known(uses, records)) {
      Tariff tariff = tariffs.read(version(use));
      if (currency.isPresent() && !currency.get().equals(tariff.currency())) {
        throw new Blocked(
            Reason.TARIFF,
            "tariff "
                + use.id()
                + " is in "
                + tariff.currency()
                + ", and what the account was billed before in "
                + currency.get()
                + ": an account has one currency");
      }
      currency = Optional.of(tariff.currency());
      prepaid = Optional.ofNullable(tariff.terms().prepayment());
      parts.add(part(tariff, point, records, times, zone, use));
    }
    return new Draft(
        account,
        point,
        zone,
        period.from(),
        period.to(),
        currency.orElseThrow(),
        prepaid,
        parts,
        times,
        days);
  }

  /**
   * What a day costs that is paid beforehand.
   *
   * @param limits how far the balance may go
   */
  record DayCost(BigDecimal amount, Currency currency, Tariff.Prepayment limits) {}

  /**
   * Reckons a day that is paid beforehand, from what is known of it now; its month's bill takes its
   * place. What validation asks people is not waited for.
   *
   * @param supplies the account's at the service point, the first first
   * @return empty where that day's tariff is not paid beforehand
   * @throws Blocked where it cannot be reckoned
   */
  Optional<DayCost> day(String point, List<Supply> supplies, ZoneId zone, LocalDate day)
      throws Blocked {
    Supply supply = supply(supplies, zone, day);
    Tariffs.Version version = tariffs.on(supply.tariff(), day);
    Tariff tariff = tariffs.read(version);
    Tariff.Prepayment limits = tariff.terms().prepayment();
    if (limits == null) {
      return Optional.empty();
    }
    LocalDate next = day.plusDays(1);
    List<MeterTime> times = times(point, zone, start(day, zone), start(next, zone));
    List<DayRecord> records =
        days(times).values().stream()
            .flatMap(List::stream)
            .map(StoredDays.ChannelDay::record)
            .toList();
    for (MeterTime time : times) {
      untouched(time);
    }
    for (DayRecord record : records) {
      doubt(record, times);
      signed(record);
    }
    TariffUse use =
        new TariffUse(
            version.id(),
            version.version(),
            version.sha256(),
            tariff.name(),
            day,
            next,
            day,
            day,
            false);
    try {
      return Optional.of(
          new DayCost(
              DayCharge.of(tariff, load(point, records, times, zone, use), day, zone),
              tariff.currency(),
              limits));
    } catch (IncompleteLoadException | IllegalArgumentException | ArithmeticException e) {
      throw new Blocked(Reason.UNFIT, String.valueOf(e.getMessage()));
    }
  }

  private Tariffs.Version version(TariffUse use) throws Blocked {
    return tariffs.on(use.id(), use.from());
  }

  /** Which version of which tariff holds from when to when; a change is one from midnight on. */
  private List<TariffUse> uses(List<Supply> supplies, ZoneId zone, Period period) throws Blocked {
    List<TariffUse> uses = new ArrayList<>();
    LocalDate begin = period.from();
    while (begin.isBefore(period.to())) {
      Supply supply = supply(supplies, zone, begin);
      Tariffs.Version version = tariffs.on(supply.tariff(), begin);
      LocalDate end = begin.plusDays(1);
      while (end.isBefore(period.to())
          && supply(supplies, zone, end).tariff().equals(supply.tariff())
          && tariffs.on(supply.tariff(), end).equals(version)) {
        end = end.plusDays(1);
      }
      uses.add(use(supplies, zone, version, begin, end));
      begin = end;
    }
    return uses;
  }

  private static Supply supply(List<Supply> supplies, ZoneId zone, LocalDate day) throws Blocked {
    for (Supply supply : supplies) {
      boolean begun = !LocalDate.ofInstant(supply.since(), zone).isAfter(day);
      boolean over =
          supply.until().map(u -> !LocalDate.ofInstant(u, zone).isAfter(day)).orElse(false);
      if (begun && !over) {
        return supply;
      }
    }
    throw new Blocked(
        Reason.AGREEMENT,
        "the agreements leave " + day + " out: bill what is before and after it apart");
  }

  private TariffUse use(
      List<Supply> supplies, ZoneId zone, Tariffs.Version version, LocalDate from, LocalDate to)
      throws Blocked {
    Tariff tariff = tariffs.read(version);
    LocalDate since = from;
    while (holds(supplies, zone, version, since.minusDays(1))
        && since.isAfter(from.minusYears(1))) {
      since = since.minusDays(1);
    }
    return new TariffUse(
        version.id(),
        version.version(),
        version.sha256(),
        tariff.name(),
        from,
        to,
        measuredFrom(tariff, LocalDate.ofInstant(supplies.getFirst().since(), zone), since, from),
        since,
        !holds(supplies, zone, version, to));
  }

  /** From when on readings count: peaks that are looked back at, months that carry something on. */
  private static LocalDate measuredFrom(
      Tariff tariff, LocalDate movedIn, LocalDate since, LocalDate from) {
    LocalDate measured = from;
    if (tariff.lookback().share().stream().anyMatch(s -> s.signum() > 0)) {
      LocalDate peaks = YearMonth.from(from).minusMonths(tariff.lookback().months()).atDay(1);
      measured = earlier(measured, later(movedIn, peaks));
    }
    if (tariff.feedIn() == Tariff.FeedIn.NET_METERING || tariff.minimum().perYear().signum() > 0) {
      measured = earlier(measured, later(since, LocalDate.of(from.getYear(), 1, 1)));
    }
    return measured;
  }

  /** Whether a version of a tariff is the one by which the account is supplied on a day. */
  private boolean holds(
      List<Supply> supplies, ZoneId zone, Tariffs.Version version, LocalDate day) {
    try {
      return supply(supplies, zone, day).tariff().equals(version.id())
          && tariffs.on(version.id(), day).equals(version);
    } catch (Blocked e) {
      return false;
    }
  }

  /**
   * The same without earlier days of which nothing is stored: the office was not there yet. A first
   * day that is known in part is none of them.
   */
  private static List<TariffUse> known(List<TariffUse> uses, List<DayRecord> records) {
    LocalDate first =
        records.stream()
            .map(d -> d.slots().getFirst().missing() ? d.date().plusDays(1) : d.date())
            .reduce(Drafts::earlier)
            .orElse(LocalDate.MIN);
    return uses.stream()
        .map(u ->
            u.measuredFrom().isBefore(first)
                ? new TariffUse(
                    u.id(),
                    u.version(),
                    u.sha256(),
                    u.name(),
                    u.from(),
                    u.to(),
                    earlier(first, u.from()),
                    u.since(),
                    u.ends())
                : u)
        .toList();
  }

  private List<MeterTime> times(String point, ZoneId zone, Instant from, Instant to)
      throws Blocked {
    Optional<VirtualMeterBook.Virtual> virtual = store.virtualMeters().at(point);
    if (virtual.isPresent()) {
      return virtuals.times(virtual.get(), zone, from, to);
    }
    List<MeterTime> times = new ArrayList<>();
    for (MeterTerm term : store.meters().history(point)) {
      Instant begin = term.since().isBefore(from) ? from : term.since();
      Instant end = term.until().filter(u -> u.isBefore(to)).orElse(to);
      if (begin.isBefore(end)) {
        times.add(new MeterTime(term.meter().value(), begin, end));
      }
    }
    if (times.isEmpty()) {
      throw new Blocked(
          Reason.NO_METER,
          "no meter stood at "
              + point
              + " from "
              + from
              + " to "
              + to
              + ": mount one, or end the"
              + " agreement");
    }
    return times;
  }

  private Map<MeterId, List<StoredDays.ChannelDay>> days(List<MeterTime> times) throws Blocked {
    Map<MeterId, List<StoredDays.ChannelDay>> days = new LinkedHashMap<>();
    for (MeterTime time : times) {
      MeterId meter = new MeterId(time.meter());
      if (days.containsKey(meter)) {
        continue;
      }
      ZoneId zone = zone(meter);
      Instant first = time.from();
      Instant last = time.to();
      for (MeterTime other : times) {
        if (other.meter().equals(time.meter())) {
          first = other.from().isBefore(first) ? other.from() : first;
          last = other.to().isAfter(last) ? other.to() : last;
        }
      }
      days.put(
          meter,
          evidence.read(
              meter,
              zone,
              LocalDate.ofInstant(first, zone),
              LocalDate.ofInstant(last.minusSeconds(1), zone).plusDays(1)));
    }
    return days;
  }

  /** Whether nothing of it is held, doubted, or was changed behind the office's back. */
  private void billable(List<MeterTime> times, List<DayRecord> records) throws Blocked {
    for (MeterTime time : times) {
      untouched(time);
      judged(time);
    }
    for (DayRecord day : records) {
      doubt(day, times);
      signed(day);
    }
  }

  /** Whether nothing of it is held, and no alarm says that it was changed. */
  private void untouched(MeterTime time) throws Blocked {
    MeterId meter = new MeterId(time.meter());
    List<Holds.Span> held = store.holds().held(meter, time.from(), time.to());
    if (!held.isEmpty()) {
      throw new Blocked(
          Reason.HELD,
          "meter "
              + meter
              + " is held from "
              + held.getFirst().from()
              + (held.getLast().to().equals(Instant.MAX) ? " on" : " to " + held.getLast().to())
              + " after tamper: look into its case, and release what is right");
    }
    if (store
            .alarms()
            .page(
                new Alarms.Query(
                    EnumSet.complementOf(EnumSet.of(Alarm.State.CLOSED)),
                    EnumSet.noneOf(org.gridwarden.core.Severity.class),
                    Optional.of(meter),
                    "integrity.changed"),
                0,
                1)
            .total()
        > 0) {
      throw new Blocked(
          Reason.INTEGRITY,
          "meter "
              + meter
              + " has an alarm that stored values were changed: look into it before they are"
              + " billed");
    }
  }

  /** Whether validation left nothing of it to a person. */
  private void judged(MeterTime time) throws Blocked {
    MeterId meter = new MeterId(time.meter());
    ZoneId zone = zone(meter);
    VeeExceptions.Query open =
        new VeeExceptions.Query(
            EnumSet.of(VeeException.State.OPEN),
            Set.of(),
            Optional.of(false),
            Optional.of(meter),
            LocalDate.ofInstant(time.from(), zone),
            LocalDate.ofInstant(time.to().minusSeconds(1), zone),
            false);
    VeeExceptions.Page page = store.veeExceptions().page(open, 0, 1);
    if (page.total() > 0) {
      VeeException.What what = page.items().getFirst().what();
      throw new Blocked(
          Reason.EXCEPTION,
          "meter "
              + meter
              + ", "
              + what.day()
              + ": rule "
              + what.rule()
              + " asks a person ("
              + page.total()
              + " in all): accept the values, or edit them");
    }
  }

  /** Whether the meter signed nothing else than is stored, where it signs. */
  private static void signed(DayRecord day) throws Blocked {
    try {
      var unused = SIGNATURES.of(day);
    } catch (ProofException e) {
      throw new Blocked(
          Reason.INTEGRITY,
          e.getMessage()
              + ": find out what was changed; where the meter is wrong, edit the slots and say"
              + " why");
    }
  }

  private static void doubt(DayRecord day, List<MeterTime> times) throws Blocked {
    for (int i = 0; i < day.slots().size(); i++) {
      SlotRecord slot = day.slots().get(i);
      if (slot.missing() || slot.version() > 0 || (slot.quality() & NEVER_BILLED) == 0) {
        continue;
      }
      Instant start = day.startOf(i);
      Instant end = start.plusSeconds(day.seconds());
      if (times.stream()
          .anyMatch(t ->
              t.meter().equals(day.meter()) && start.isBefore(t.to()) && end.isAfter(t.from()))) {
        boolean open = (slot.quality() & Quality.UNAUTHENTICATED) != 0;
        throw new Blocked(
            open ? Reason.UNAUTHENTICATED : Reason.DOUBTFUL,
            "meter "
                + day.meter()
                + ", slot "
                + start
                + (open
                    ? " came in a message that was not authenticated: have it read again, or edit"
                        + " it"
                    : " is doubted by the meter itself: estimate or edit it"));
      }
    }
  }

  private BillPart part(
      Tariff tariff,
      String point,
      List<DayRecord> records,
      List<MeterTime> times,
      ZoneId zone,
      TariffUse use)
      throws Blocked {
    try {
      return reckoner.part(tariff, load(point, records, times, zone, use), zone, use);
    } catch (IncompleteLoadException | IllegalArgumentException | ArithmeticException e) {
      throw new Blocked(Reason.UNFIT, String.valueOf(e.getMessage()));
    }
  }

  /** The load of a use, without a gap. */
  private static Load load(
      String point, List<DayRecord> records, List<MeterTime> times, ZoneId zone, TariffUse use)
      throws Blocked {
    PointLoad.Merged merged;
    try {
      merged = Reckoner.load(point, records, times, zone, use);
    } catch (PointLoad.UnfitException e) {
      throw new Blocked(Reason.UNFIT, String.valueOf(e.getMessage()));
    }
    if (!merged.gaps().isEmpty()) {
      String meter = merged.gapMeters().getFirst();
      boolean nobody = meter.isEmpty();
      throw new Blocked(
          nobody ? Reason.NO_METER : Reason.MISSING,
          (nobody ? "no meter stood at " + point : "meter " + meter + " has no value")
              + " from "
              + merged.gaps().getFirst()
              + " ("
              + merged.gaps().size()
              + (merged.gaps().size() == 1 ? " slot" : " slots")
              + " in all): "
              + (nobody
                  ? "say when meters were mounted"
                  : "they are estimated by night; where they are too many, a person edits them"));
    }
    return merged.load();
  }

  private static Instant start(LocalDate day, ZoneId zone) {
    return day.atStartOfDay(zone).toInstant();
  }

  private static LocalDate earlier(LocalDate a, LocalDate b) {
    return a.isBefore(b) ? a : b;
  }

  private static LocalDate later(LocalDate a, LocalDate b) {
    return a.isAfter(b) ? a : b;
  }
}
