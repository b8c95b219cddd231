package org.gridwarden.server;

import java.math.BigDecimal;
import java.security.Principal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.mdm.household.Comparison;
import org.gridwarden.mdm.household.OwnPoint;
import org.gridwarden.mdm.household.OwnUse;
import org.gridwarden.mdm.household.Tip;
import org.gridwarden.mdm.household.Usage;
import org.gridwarden.mdm.household.Used;
import org.gridwarden.mdm.household.WhatIf;
import org.gridwarden.store.Agreement;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What consumers used, what it cost and what it would have: of their own service points alone. */
@RestController
@RequestMapping("/api/v1/own")
class OwnUseApi {
  private final Office office;
  private final OwnPoints points;

  OwnUseApi(Office office) {
    this.office = office;
    this.points = new OwnPoints(office);
  }

  /**
   * A service point of the consumer's.
   *
   * @param since from when on it is theirs
   * @param zone the civil time there; empty where no meter ever stood there
   * @param tariff by which it is supplied today; empty where by none
   */
  record OwnPointView(String servicePoint, String since, String zone, String tariff) {}

  /**
   * What some days used.
   *
   * @param taken in kWh, as a decimal string
   * @param fedIn in kWh
   * @param cost of what is known; null where nothing is, or no tariff holds
   * @param slots how many intervals the days have
   * @param due how many of them are over
   * @param missing how many of these have no value
   * @param estimated how many values the meter did not tell
   * @param held whether some of it is held back from billing
   */
  record UsedView(
      String taken,
      String fedIn,
      @Nullable String cost,
      int slots,
      int due,
      int missing,
      int estimated,
      boolean held) {
    static UsedView of(Used used) {
      return new UsedView(
          used.taken().toPlainString(),
          used.fedIn().toPlainString(),
          text(used.cost()),
          used.slots(),
          used.due(),
          used.missing(),
          used.estimated(),
          used.held());
    }
  }

  /** A civil day. */
  record DayView(String date, UsedView used) {}

  /**
   * A civil month, or the part of it that was asked for.
   *
   * @param to its last day
   */
  record MonthView(String month, String from, String to, UsedView used) {
    static MonthView of(Usage.Month month) {
      return new MonthView(
          month.month().toString(),
          month.from().toString(),
          month.to().minusDays(1).toString(),
          UsedView.of(month.used()));
    }
  }

  /**
   * Use and cost.
   *
   * @param currency null where there is no tariff
   */
  record UsageView(
      String servicePoint,
      String zone,
      String today,
      @Nullable String currency,
      List<DayView> days,
      List<MonthView> months) {}

  /**
   * A month beside similar households, in kWh.
   *
   * @param enough whether there are as many as needed; without, there are no figures
   * @param least how many are needed
   * @param households how many there are at least
   * @param own null where too few whole days are known
   */
  record ComparisonView(
      boolean enough,
      int least,
      @Nullable String month,
      int households,
      @Nullable String own,
      @Nullable String lowerQuartile,
      @Nullable String median,
      @Nullable String upperQuartile) {
    static ComparisonView of(Optional<Comparison.Result> result) {
      return result
          .map(r ->
              new ComparisonView(
                  true,
                  Comparison.LEAST,
                  r.month().toString(),
                  r.households(),
                  text(r.own()),
                  r.lower().toPlainString(),
                  r.median().toPlainString(),
                  r.upper().toPlainString()))
          .orElse(new ComparisonView(false, Comparison.LEAST, null, 0, null, null, null, null));
    }
  }

  /**
   * What would have cost less.
   *
   * @param kind base-load, evening, weekend, weekdays or high-days
   * @param figure what was found: W of base load, % of the evening, kWh of days
   * @param against what it is held against: % of all use, kWh of the evening, kWh of other days
   * @param assumed what was changed: W less, % moved, kWh less a day, kWh of a usual day
   * @param saves over the weeks looked at
   */
  record TipView(
      String kind,
      String figure,
      String against,
      String assumed,
      int fromHour,
      int toHour,
      List<String> days,
      String saves) {
    static TipView of(Tip tip) {
      return new TipView(
          tip.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          tip.figure().toPlainString(),
          tip.against().toPlainString(),
          tip.assumed().toPlainString(),
          tip.fromHour(),
          tip.toHour(),
          tip.days().stream().map(LocalDate::toString).toList(),
          tip.saves().toPlainString());
    }
  }

  /**
   * Tips.
   *
   * @param to the last day looked at
   */
  record TipsView(String from, String to, @Nullable String currency, List<TipView> items) {}

  /** What a month would have cost. */
  record MonthCost(String month, String cost) {}

  /**
   * A tariff over one's own months.
   *
   * @param present whether it is the one of today
   * @param total null where it cannot be reckoned; problem says why
   */
  record OptionView(
      String tariff,
      int version,
      String name,
      boolean present,
      String currency,
      @Nullable String total,
      List<MonthCost> months,
      String problem) {
    static OptionView of(WhatIf.Option option) {
      return new OptionView(
          option.tariff(),
          option.version(),
          option.name(),
          option.present(),
          option.currency().getCurrencyCode(),
          text(option.total()),
          option.months().stream()
              .map(m -> new MonthCost(m.month().toString(), m.cost().toPlainString()))
              .toList(),
          option.problem());
    }
  }

  /**
   * One's own months under each tariff.
   *
   * @param to the last day
   */
  record WhatIfView(String from, String to, List<MonthView> months, List<OptionView> options) {}

  @GetMapping("/points")
  ReadingApi.Items<OwnPointView> points(Principal consumer) {
    List<OwnPointView> all = new ArrayList<>();
    for (Map.Entry<String, Instant> one :
        office.store().customerPoints().of(consumer.getName()).entrySet()) {
      Optional<OwnPoint> point = points.use().point(one.getKey(), one.getValue());
      all.add(
          new OwnPointView(
              one.getKey(),
              one.getValue().toString(),
              point.map(p -> p.zone().getId()).orElse(""),
              point.flatMap(points.use()::agreement).map(Agreement::tariff).orElse("")));
    }
    return new ReadingApi.Items<>(all);
  }

  @GetMapping("/usage")
  UsageView usage(
      @RequestParam String servicePoint,
      @RequestParam @Nullable String firstDay,
      @RequestParam @Nullable String lastDay,
      Principal consumer) {
    OwnPoint point = points.of(consumer, servicePoint);
    LocalDate today = points.use().today(point);
    LocalDate last = OwnPoints.day("lastDay", lastDay, today);
    LocalDate first = OwnPoints.day("firstDay", firstDay, last.withDayOfMonth(1));
    if (first.isAfter(last) || !first.plusDays(OwnUse.MOST_DAYS).isAfter(last)) {
      throw Requests.wrong(
          "firstDay", "is lastDay or up to " + OwnUse.MOST_DAYS + " days before it");
    }
    Usage usage = points.use().usage(point, first, last);
    return new UsageView(
        point.name(),
        point.zone().getId(),
        today.toString(),
        code(usage.currency()),
        usage.days().stream()
            .map(d -> new DayView(d.date().toString(), UsedView.of(d.used())))
            .toList(),
        usage.months().stream().map(MonthView::of).toList());
  }

  @GetMapping("/comparison")
  ComparisonView comparison(@RequestParam String servicePoint, Principal consumer) {
    return ComparisonView.of(points.use().comparison(points.of(consumer, servicePoint)));
  }

  @GetMapping("/tips")
  TipsView tips(@RequestParam String servicePoint, Principal consumer) {
    OwnUse.Found found = points.use().tips(points.of(consumer, servicePoint));
    return new TipsView(
        found.from().toString(),
        found.to().minusDays(1).toString(),
        code(found.currency()),
        found.tips().stream().map(TipView::of).toList());
  }

  @GetMapping("/what-if")
  WhatIfView whatIf(@RequestParam String servicePoint, Principal consumer) {
    WhatIf whatIf = points.use().whatIf(points.of(consumer, servicePoint));
    return new WhatIfView(
        whatIf.from().toString(),
        whatIf.to().minusDays(1).toString(),
        whatIf.months().stream().map(MonthView::of).toList(),
        whatIf.options().stream().map(OptionView::of).toList());
  }

  static @Nullable String text(Optional<BigDecimal> amount) {
    return amount.map(BigDecimal::toPlainString).orElse(null);
  }

  static @Nullable String code(Optional<Currency> currency) {
    return currency.map(Currency::getCurrencyCode).orElse(null);
  }
}
