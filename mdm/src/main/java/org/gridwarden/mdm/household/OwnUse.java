package org.gridwarden.mdm.household;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billrun.StoredTariffs;
import org.gridwarden.mdm.billrun.Tariffs;
import org.gridwarden.store.Agreement;
import org.gridwarden.store.Store;
import org.gridwarden.store.TariffBook;

/**
 * A consumer's own use and what it costs, by the agreement and tariff of the service point. Whether
 * the point is theirs is for the caller to know. Thread-safe.
 */
public final class OwnUse {
  /** The longest time that is looked at at once, in days: a year and the month around it. */
  public static final int MOST_DAYS = 400;

  /** How far back habits, and what tips are found in, reach. */
  private static final int WEEKS = 4;

  private static final int LEAST_COMPARED = 10;
  private static final int MOST_TARIFFS = 50;

  private final Store store;
  private final Tariffs tariffs;
  private final Meterings meterings;
  private final Comparison comparison;
  private final InstantSource clock;

  /** Over a store. */
  public OwnUse(Store store, InstantSource clock) {
    this.store = store;
    this.tariffs = new StoredTariffs(store.tariffs());
    this.meterings = new Meterings(store);
    this.comparison = new Comparison(store.similarHouseholds());
    this.clock = clock;
  }

  /** A service point; empty where no meter ever stood there. */
  public Optional<OwnPoint> point(String name, Instant since) {
    return meterings.zone(name).map(zone -> new OwnPoint(name, since, zone));
  }

  /** The civil day that it is there. */
  public LocalDate today(OwnPoint point) {
    return LocalDate.ofInstant(clock.instant(), point.zone());
  }

  /** The agreement by which a service point is supplied today. */
  public Optional<Agreement> agreement(OwnPoint point) {
    return terms(point).agreement(today(point));
  }

  private TariffTerms terms(OwnPoint point) {
    return new TariffTerms(point, store.agreements().at(point.name()), tariffs);
  }

  /**
   * Use and cost of some days and of the months that they lie in; days of before the point was
   * theirs are left out.
   *
   * @param first the first day
   * @param last the last day
   * @throws IllegalArgumentException where these are out of order or more than {@link #MOST_DAYS}
   */
  public Usage usage(OwnPoint point, LocalDate first, LocalDate last) {
    LocalDate to = last.plusDays(1);
    if (!first.isBefore(to) || first.plusDays(MOST_DAYS).isBefore(to)) {
      throw new IllegalArgumentException("it is 1 to " + MOST_DAYS + " days");
    }
    LocalDate from = later(first, point.firstDay());
    if (!from.isBefore(to)) {
      return new Usage(Optional.empty(), List.of(), List.of());
    }
    TariffTerms tariff = terms(point);
    LocalDate reach = tariff.reach(from, to);
    Measured measured = meterings.read(point, reach, to);
    Costs costs = new Costs(point, measured.knownOnly(), tariff.between(reach, to));
    Instant now = clock.instant();
    List<Usage.Day> days = new ArrayList<>();
    List<Usage.Month> months = new ArrayList<>();
    for (LocalDate day = from; day.isBefore(to); day = day.plusDays(1)) {
      Used used = measured.used(day, day.plusDays(1), now);
      days.add(new Usage.Day(day, used.any() ? used.costing(costs.ofDay(day)) : used));
    }
    LocalDate at = from;
    while (at.isBefore(to)) {
      LocalDate end = earlier(YearMonth.from(at).plusMonths(1).atDay(1), to);
      months.add(month(measured, costs, at, end, now));
      at = end;
    }
    return new Usage(costs.currency(), days, months);
  }

  /** A month's part; its cost from the first day on of which something is known. */
  private static Usage.Month month(
      Measured measured, Costs costs, LocalDate from, LocalDate to, Instant now) {
    Used used = measured.used(from, to, now);
    LocalDate known = measured.firstKnown(from);
    return new Usage.Month(
        YearMonth.from(from),
        from,
        to,
        used.any() && known.isBefore(to) ? used.costing(costs.of(known, to)) : used);
  }

  /** The present month, until now and as it will be. */
  public Outlook outlook(OwnPoint point) {
    Instant now = clock.instant();
    LocalDate today = today(point);
    YearMonth month = YearMonth.from(today);
    LocalDate end = month.plusMonths(1).atDay(1);
    LocalDate from = later(month.atDay(1), point.firstDay());
    TariffTerms tariff = terms(point);
    LocalDate reach =
        later(earlier(tariff.reach(from, end), today.minusWeeks(WEEKS)), point.firstDay());
    Measured measured = meterings.read(point, reach, end);
    List<TariffTerm> all = tariff.between(reach, end);
    Costs soFar = new Costs(point, measured.knownOnly(), all);
    // on a month's first day what is known is of the weeks before
    LocalDate known = later(measured.firstKnown(reach), from);
    Used used = measured.used(from, today.plusDays(1), now);
    if (used.any()) {
      used = used.costing(soFar.of(known, today.plusDays(1)));
    }
    return new Outlook(
        month, known, soFar.currency(), used, forecast(measured, all, known, end, now));
  }

  private static Optional<Outlook.Forecast> forecast(
      Measured measured, List<TariffTerm> terms, LocalDate from, LocalDate end, Instant now) {
    if (!from.isBefore(end)) {
      return Optional.empty();
    }
    return Habits.filled(measured.load(), measured.point().zone(), now)
        .map(values -> {
          BigDecimal taken = BigDecimal.ZERO;
          for (int i = measured.index(from); i < measured.index(end); i++) {
            taken = taken.add(measured.energy(Math.max(0, values[i])));
          }
          Costs costs = new Costs(measured.point(), measured.with(values), terms);
          return new Outlook.Forecast(taken, costs.of(from, end));
        });
  }

  /**
   * What is found in the last four weeks that are over.
   *
   * @param from the first day
   * @param to the day after the last
   */
  public record Found(LocalDate from, LocalDate to, Optional<Currency> currency, List<Tip> tips) {}

  /** What would have cost less. */
  public Found tips(OwnPoint point) {
    LocalDate to = today(point);
    LocalDate from = later(to.minusWeeks(WEEKS), point.firstDay());
    if (!from.isBefore(to)) {
      return new Found(to, to, Optional.empty(), List.of());
    }
    List<TariffTerm> terms = terms(point).between(from, to);
    Measured measured = meterings.read(point, from, to);
    return new Found(from, to, Costs.currency(terms), Tips.of(measured, terms, from, to));
  }

  /** What the last twelve whole months, or as much as there is, would have cost. */
  public WhatIf whatIf(OwnPoint point) {
    LocalDate today = today(point);
    LocalDate thisMonth = today.withDayOfMonth(1);
    LocalDate begin = later(thisMonth.minusMonths(12), point.firstDay());
    if (!begin.isBefore(today)) {
      return new WhatIf(today, today, List.of(), List.of());
    }
    Measured measured = meterings.read(point, begin, today);
    LocalDate from = measured.firstKnown(begin);
    LocalDate to = from.isBefore(thisMonth) ? thisMonth : today;
    if (!from.isBefore(to)) {
      return new WhatIf(today, today, List.of(), List.of());
    }
    Instant now = clock.instant();
    Costs none = new Costs(point, measured.knownOnly(), List.of());
    List<Usage.Month> months = new ArrayList<>();
    LocalDate at = from;
    while (at.isBefore(to)) {
      LocalDate end = earlier(YearMonth.from(at).plusMonths(1).atDay(1), to);
      months.add(month(measured, none, at, end, now));
      at = end;
    }
    List<WhatIf.Option> options =
        candidates(point, today).stream()
            .map(candidate -> WhatIf.option(measured, candidate, from, to))
            .sorted(
                Comparator.comparing((WhatIf.Option o) -> !o.present())
                    .thenComparing(o -> o.total().isEmpty())
                    .thenComparing(o -> o.total().orElse(BigDecimal.ZERO))
                    .thenComparing(WhatIf.Option::tariff))
            .toList();
    return new WhatIf(from, to, months, options);
  }

  /** Each tariff's version that holds today, in the present one's currency. */
  private List<WhatIf.Candidate> candidates(OwnPoint point, LocalDate today) {
    TariffTerms terms = terms(point);
    Optional<Tariffs.Version> present = terms.on(today);
    Optional<Currency> currency = present.flatMap(terms::read).map(Tariff::currency);
    List<WhatIf.Candidate> candidates = new ArrayList<>();
    List<String> ids =
        store.tariffs().all().stream().map(TariffBook.Listed::id).distinct().sorted().toList();
    for (String id : ids) {
      Optional<Tariffs.Version> version = terms.version(id, today);
      boolean mine = version.equals(present);
      if (version.isEmpty() || !mine && candidates.size() >= MOST_TARIFFS) {
        continue;
      }
      terms
          .read(version.get())
          .filter(t -> currency.map(t.currency()::equals).orElse(true))
          .ifPresent(t -> candidates.add(new WhatIf.Candidate(version.get(), t, mine)));
    }
    return candidates;
  }

  /** The last whole month beside similar households; empty where these are too few. */
  public Optional<Comparison.Result> comparison(OwnPoint point) {
    LocalDate today = today(point);
    YearMonth month = YearMonth.from(today).minusMonths(1);
    Optional<String> tariff = agreement(point).map(Agreement::tariff);
    if (tariff.isEmpty()) {
      return Optional.empty();
    }
    return comparison.of(
        tariff.get(), point.zone(), month, today.toEpochDay(), daily(point, month));
  }

  /** What a whole day of a month used in the mean; empty where too few are known. */
  private Optional<BigDecimal> daily(OwnPoint point, YearMonth month) {
    LocalDate from = later(month.atDay(1), point.firstDay());
    LocalDate to = month.plusMonths(1).atDay(1);
    if (!from.isBefore(to)) {
      return Optional.empty();
    }
    Measured measured = meterings.read(point, from, to);
    BigDecimal sum = BigDecimal.ZERO;
    int days = 0;
    for (LocalDate day = from; day.isBefore(to); day = day.plusDays(1)) {
      Used used = measured.used(day, day.plusDays(1), clock.instant());
      if (used.whole()) {
        sum = sum.add(used.taken());
        days++;
      }
    }
    return days < LEAST_COMPARED
        ? Optional.empty()
        : Optional.of(sum.divide(BigDecimal.valueOf(days), 6, RoundingMode.HALF_UP));
  }

  private static LocalDate earlier(LocalDate a, LocalDate b) {
    return a.isBefore(b) ? a : b;
  }

  private static LocalDate later(LocalDate a, LocalDate b) {
    return a.isAfter(b) ? a : b;
  }
}
