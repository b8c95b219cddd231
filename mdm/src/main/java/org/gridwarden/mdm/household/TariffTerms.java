package org.gridwarden.mdm.household;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billrun.Blocked;
import org.gridwarden.mdm.billrun.TariffShelf;
import org.gridwarden.mdm.billrun.Tariffs;
import org.gridwarden.mdm.proof.TariffForms;
import org.gridwarden.store.Agreement;

/** By which tariff a service point is supplied, day by day, as bills see it. Not thread-safe. */
final class TariffTerms {
  private final OwnPoint point;
  private final List<Agreement> agreements;
  private final TariffShelf shelf;

  TariffTerms(OwnPoint point, List<Agreement> agreements, Tariffs tariffs) {
    this.point = point;
    this.agreements = agreements;
    this.shelf = new TariffShelf(tariffs, new TariffForms());
  }

  /**
   * Which terms there are between two days; days without an agreement or a tariff that can be read
   * are left out.
   *
   * @param to the day after the last
   */
  List<TariffTerm> between(LocalDate from, LocalDate to) {
    List<TariffTerm> terms = new ArrayList<>();
    LocalDate begin = from;
    while (begin.isBefore(to)) {
      Optional<Tariffs.Version> version = on(begin);
      LocalDate end = begin.plusDays(1);
      while (end.isBefore(to) && on(end).equals(version)) {
        end = end.plusDays(1);
      }
      LocalDate first = begin;
      LocalDate beyond = end;
      version.ifPresent(
          v -> read(v).ifPresent(tariff -> terms.add(new TariffTerm(first, beyond, v, tariff))));
      begin = end;
    }
    return terms;
  }

  /** The version that holds on a day. */
  Optional<Tariffs.Version> on(LocalDate day) {
    return agreement(day).flatMap(agreement -> version(agreement.tariff(), day));
  }

  /** The version of any tariff that holds on a day. */
  Optional<Tariffs.Version> version(String tariff, LocalDate day) {
    try {
      return Optional.of(shelf.on(tariff, day));
    } catch (Blocked e) {
      return Optional.empty();
    }
  }

  /** What a version says; empty where it cannot be read. */
  Optional<Tariff> read(Tariffs.Version version) {
    try {
      return Optional.of(shelf.read(version));
    } catch (Blocked e) {
      return Optional.empty();
    }
  }

  /** The agreement of a day. */
  Optional<Agreement> agreement(LocalDate day) {
    return agreements.stream()
        .filter(a -> !LocalDate.ofInstant(a.since(), point.zone()).isAfter(day))
        .filter(
            a -> a.until().map(u -> LocalDate.ofInstant(u, point.zone()).isAfter(day)).orElse(true))
        .findFirst();
  }

  /** From when on readings count for what is billed from a day on: peaks and months before it. */
  LocalDate reach(LocalDate from, LocalDate to) {
    LocalDate reach = from;
    for (TariffTerm term : between(from, to)) {
      Tariff tariff = term.tariff();
      LocalDate before = from;
      if (tariff.lookback().share().stream().anyMatch(s -> s.signum() > 0)) {
        before = YearMonth.from(from).minusMonths(tariff.lookback().months()).atDay(1);
      }
      if (tariff.feedIn() == Tariff.FeedIn.NET_METERING
          || tariff.minimum().perYear().signum() > 0) {
        LocalDate newYear = LocalDate.of(from.getYear(), 1, 1);
        before = newYear.isBefore(before) ? newYear : before;
      }
      reach = before.isBefore(reach) ? before : reach;
    }
    return reach.isBefore(point.firstDay()) ? point.firstDay() : reach;
  }
}
