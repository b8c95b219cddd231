package org.gridwarden.mdm.household;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.mdm.billing.BillLine;
import org.gridwarden.mdm.billing.Biller;
import org.gridwarden.mdm.billing.IncompleteLoadException;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Span;
import org.gridwarden.mdm.billrun.Tariffs;

/**
 * What days of one load cost, by the same biller as bills are made by. What is priced by the month
 * is paid by days. Not thread-safe: it keeps a biller for each tariff.
 */
final class Costs {
  private final OwnPoint point;
  private final Load load;
  private final List<TariffTerm> terms;
  private final Map<Tariffs.Version, Biller> billers = new HashMap<>();

  /**
   * @param load without a gap
   */
  Costs(OwnPoint point, Load load, List<TariffTerm> terms) {
    this.point = point;
    this.load = load;
    this.terms = terms;
  }

  /** The currency of all terms; empty where there is none, or they have several. */
  Optional<Currency> currency() {
    return currency(terms);
  }

  static Optional<Currency> currency(List<TariffTerm> terms) {
    List<Currency> all = terms.stream().map(t -> t.tariff().currency()).distinct().toList();
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  /** What the days of a month cost, or of several; empty where a day has no tariff or no price. */
  Optional<BigDecimal> of(LocalDate from, LocalDate to) {
    return cost(from, to, true);
  }

  /** What a day costs by itself, not rounded to coins: that months are. */
  Optional<BigDecimal> ofDay(LocalDate day) {
    return cost(day, day.plusDays(1), false);
  }

  private Optional<BigDecimal> cost(LocalDate from, LocalDate to, boolean coins) {
    if (currency().isEmpty()) {
      return Optional.empty();
    }
    BigDecimal sum = BigDecimal.ZERO;
    LocalDate at = from;
    for (TariffTerm term : terms) {
      LocalDate begin = term.from().isBefore(from) ? from : term.from();
      LocalDate end = term.to().isAfter(to) ? to : term.to();
      if (!begin.isBefore(end)) {
        continue;
      }
      if (!begin.equals(at)) {
        return Optional.empty();
      }
      Instant since = point.start(coins ? term.from() : begin);
      Span span =
          new Span(
              since.isBefore(load.start()) ? load.start() : since,
              point.start(begin),
              point.start(end),
              false);
      try {
        sum =
            billers
                .computeIfAbsent(
                    term.version(), v -> new Biller(term.tariff(), point.zone().getRules()))
                .bill(load, span)
                .months()
                .stream()
                .flatMap(m -> m.lines().stream())
                .filter(line -> coins || line.kind() != BillLine.Kind.ROUNDING)
                .map(BillLine::amount)
                .reduce(sum, BigDecimal::add);
      } catch (IncompleteLoadException e) {
        return Optional.empty(); // no price is known for one of its intervals
      }
      at = end;
    }
    return at.equals(to) ? Optional.of(sum) : Optional.empty();
  }
}
