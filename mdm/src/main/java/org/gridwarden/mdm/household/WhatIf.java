package org.gridwarden.mdm.household;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.gridwarden.mdm.billing.BilledMonth;
import org.gridwarden.mdm.billing.Biller;
import org.gridwarden.mdm.billing.IncompleteLoadException;
import org.gridwarden.mdm.billing.Span;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billrun.Tariffs;

/**
 * What the months that were would have cost under each tariff, had it held all the time. Gaps cost
 * nothing under any of them.
 *
 * @param from the first day
 * @param to the day after the last
 * @param months what was measured in each
 * @param options the present one first, then the cheapest first
 */
public record WhatIf(LocalDate from, LocalDate to, List<Usage.Month> months, List<Option> options) {
  public WhatIf {
    months = List.copyOf(months);
    options = List.copyOf(options);
  }

  /**
   * A tariff.
   *
   * @param name what bills call it
   * @param present whether the service point is supplied by it
   * @param months what each month would have cost; empty where the whole has no cost
   * @param total empty where it cannot be reckoned
   * @param problem why; empty for most
   */
  public record Option(
      String tariff,
      int version,
      String name,
      boolean present,
      Currency currency,
      List<Cost> months,
      Optional<BigDecimal> total,
      String problem) {
    public Option {
      months = List.copyOf(months);
    }
  }

  /** A month's cost. */
  public record Cost(YearMonth month, BigDecimal cost) {}

  /** A tariff to be tried. */
  record Candidate(Tariffs.Version version, Tariff tariff, boolean present) {}

  /** One tariff over what was measured. */
  static Option option(Measured measured, Candidate candidate, LocalDate from, LocalDate to) {
    OwnPoint point = measured.point();
    Tariff tariff = candidate.tariff();
    List<Cost> costs = new ArrayList<>();
    Optional<BigDecimal> total = Optional.empty();
    String problem = "";
    try {
      Span span = new Span(point.start(from), point.start(from), point.start(to), true);
      for (BilledMonth month :
          new Biller(tariff, point.zone().getRules()).bill(measured.knownOnly(), span).months()) {
        costs.add(new Cost(month.determinants().month(), month.total()));
      }
      total = costs.stream().map(Cost::cost).reduce(BigDecimal::add);
    } catch (IncompleteLoadException | IllegalArgumentException | ArithmeticException e) {
      costs.clear();
      problem = String.valueOf(e.getMessage());
    }
    return new Option(
        candidate.version().id(),
        candidate.version().version(),
        tariff.name(),
        candidate.present(),
        tariff.currency(),
        costs,
        total,
        problem);
  }
}
