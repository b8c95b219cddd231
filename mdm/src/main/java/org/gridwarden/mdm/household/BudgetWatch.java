package org.gridwarden.mdm.household;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.store.BudgetBook;
import org.gridwarden.store.Store;

/**
 * Looks each night, after validation, whether months pass their budgets, and notes it once. After a
 * restart a night may be looked at twice; the second time changes nothing. Not thread-safe.
 */
public final class BudgetWatch {
  /** At this hour by the meters' own clock: validation begins an hour earlier. */
  private static final int HOUR = 5;

  private static final int AT_ONCE = 1_000;

  private final Store store;
  private final OwnUse use;
  private final InstantSource clock;
  private final Map<Long, LocalDate> done = new HashMap<>();

  /** Over a store. */
  public BudgetWatch(Store store, OwnUse use, InstantSource clock) {
    this.store = store;
    this.use = use;
    this.clock = clock;
  }

  /**
   * Looks at all budgets whose night has come.
   *
   * @return how many were passed and not noted before
   * @throws IllegalStateException where some could not be looked at, after all others were; they
   *     are tried again the next night
   */
  public int look() {
    int noted = 0;
    int failed = 0;
    String first = "";
    long after = 0;
    List<BudgetBook.Budget> some;
    do {
      some = store.budgets().after(after, AT_ONCE);
      for (BudgetBook.Budget budget : some) {
        after = budget.id();
        try {
          noted += look(budget);
        } catch (RuntimeException e) {
          failed++;
          first = first.isEmpty() ? "budget " + budget.id() + ": " + e.getMessage() : first;
        }
      }
    } while (some.size() == AT_ONCE);
    if (failed > 0) {
      throw new IllegalStateException(
          failed + " budgets could not be looked at; the first was " + first);
    }
    return noted;
  }

  private int look(BudgetBook.Budget budget) {
    Instant since =
        store.customerPoints().of(budget.user()).get(budget.servicePoint()); // is it still theirs?
    Optional<OwnPoint> point =
        since == null ? Optional.empty() : use.point(budget.servicePoint(), since);
    if (point.isEmpty()) {
      return 0;
    }
    ZonedDateTime now = clock.instant().atZone(point.get().zone());
    if (now.getHour() < HOUR || now.toLocalDate().equals(done.get(budget.id()))) {
      return 0;
    }
    done.put(budget.id(), now.toLocalDate());
    return note(budget, use.outlook(point.get()));
  }

  /** Notes what a month passes; how much of it is new. */
  private int note(BudgetBook.Budget budget, Outlook outlook) {
    if (!outlook.currency().map(Currency::getCurrencyCode).equals(Optional.of(budget.currency()))) {
      return 0; // the tariff is in another currency now
    }
    int noted = 0;
    Map<BudgetBook.Kind, BigDecimal> passed =
        BudgetCrossing.of(
            budget.amount(),
            outlook.soFar().cost(),
            outlook.forecast().flatMap(Outlook.Forecast::cost));
    for (Map.Entry<BudgetBook.Kind, BigDecimal> one : passed.entrySet()) {
      noted += store.budgets().note(budget, outlook.month(), one.getKey(), one.getValue()) ? 1 : 0;
    }
    return noted;
  }
}
