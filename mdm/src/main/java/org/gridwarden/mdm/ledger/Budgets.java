package org.gridwarden.mdm.ledger;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Tx;
import org.gridwarden.mdm.DeskFault;
import org.gridwarden.mdm.billing.BudgetPlan;
import org.gridwarden.store.PlanBook;
import org.gridwarden.store.Store;

/**
 * Budget billing: while a plan runs, each bill is entered as ever, carried to the plan, and the
 * month's instalment asked for in its place; with the bill of its last month what is left is
 * settled. So the sum of all is what the bills say, whatever was corrected meanwhile. Thread-safe.
 */
public final class Budgets {
  private static final String BUDGET = Ledger.Kind.INSTALMENT.contra();

  private final Store store;
  private final Ledger ledger;
  private final InstantSource clock;

  public Budgets(Store store, Ledger ledger, InstantSource clock) {
    this.store = store;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * Agrees upon a plan.
   *
   * @param first the month of the first instalment; this one or a later one
   * @throws DeskFault where the account is not supplied there, or a figure is out of its range
   */
  public PlanBook.Plan agree(
      String account, String servicePoint, YearMonth first, BudgetPlan plan, Actor by) {
    if (first.isBefore(YearMonth.now(clock()))) {
      throw new DeskFault(
          Fault.Code.MALFORMED, "first", "a plan begins with this month or a later one");
    }
    boolean supplied =
        store.agreements().of(account).stream()
            .filter(a -> a.servicePoint().equals(servicePoint))
            .anyMatch(a -> a.until().map(u -> u.isAfter(clock.instant())).orElse(true));
    if (!supplied) {
      throw new DeskFault(
          Fault.Code.MALFORMED,
          "servicePoint",
          "account " + account + " is not supplied at " + servicePoint);
    }
    Optional<String> other =
        store
            .ledger()
            .last(account)
            .map(e -> e.currency())
            .filter(c -> !c.equals(plan.currency().getCurrencyCode()));
    if (other.isPresent()) {
      throw new DeskFault(
          Fault.Code.MALFORMED, "currency", "the account is in " + other.get() + ", and has one");
    }
    return store
        .plans()
        .agree(
            account,
            servicePoint,
            first,
            plan.instalments(),
            plan.foreseen(),
            plan.currency().getCurrencyCode(),
            by);
  }

  private java.time.Clock clock() {
    return java.time.Clock.fixed(clock.instant(), ZoneOffset.UTC);
  }

  /**
   * Ends a plan before its time, and settles what is left.
   *
   * @throws DeskFault where there is none, or it has ended
   */
  public void end(long id, Actor by) {
    PlanBook.Plan plan =
        store
            .plans()
            .find(id)
            .filter(p -> p.ended().isEmpty())
            .orElseThrow(() ->
                new DeskFault(
                    Fault.Code.CONFLICT, "plan", "there is no plan " + id + " that is running"));
    var unused =
        store
            .unitOfWork()
            .call(tx -> {
              for (PlanBook.Plan held :
                  store.plans().hold(tx, plan.account(), plan.servicePoint())) {
                if (held.id() == id && held.ended().isEmpty()) {
                  settle(tx, held, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC), by);
                }
              }
              return id;
            });
  }

  /** A bill was entered: a plan that runs takes it over, and asks for its instalment. */
  public void billed(Tx tx, Ledger.Closing bill, Actor by) {
    YearMonth month = YearMonth.from(bill.from());
    Optional<PlanBook.Plan> running =
        store.plans().hold(tx, bill.account(), bill.servicePoint()).stream()
            .filter(p -> p.ended().isEmpty() && p.covers(month))
            .filter(p -> p.currency().equals(bill.currency().getCurrencyCode()))
            .findFirst();
    if (running.isEmpty()) {
      return;
    }
    PlanBook.Plan plan = running.get();
    LocalDate day = bill.to().minusDays(1);
    enter(tx, plan, day, Ledger.Kind.CARRIED, bill.total(), carries(plan, bill.bill()), by);
    int turn = (int) plan.first().until(month, ChronoUnit.MONTHS);
    BigDecimal asked =
        new BudgetPlan(bill.currency(), plan.foreseen(), plan.instalments()).amounts().get(turn);
    enter(
        tx,
        plan,
        day,
        Ledger.Kind.INSTALMENT,
        asked.negate(),
        prefix(plan) + "instalment " + (turn + 1) + " of " + plan.instalments(),
        by);
    if (month.equals(plan.last())) {
      settle(tx, plan, day, by);
    }
  }

  /**
   * A bill was taken back: a plan that took it over and still runs gives it back.
   *
   * @param credit the number of what took it back
   */
  public void credited(Tx tx, Ledger.Closing bill, String credit, Actor by) {
    for (PlanBook.Plan plan : store.plans().hold(tx, bill.account(), bill.servicePoint())) {
      if (plan.ended().isEmpty()
          && store.ledger().has(tx, bill.account(), carries(plan, bill.bill()))) {
        enter(
            tx,
            plan,
            bill.to().minusDays(1),
            Ledger.Kind.CARRIED,
            bill.total().negate(),
            prefix(plan) + "gives back by " + credit,
            by);
      }
    }
  }

  /** What was carried and not asked for, or asked for and not carried, is owed or paid back. */
  private void settle(Tx tx, PlanBook.Plan plan, LocalDate day, Actor by) {
    BigDecimal left = store.ledger().sum(tx, plan.account(), BUDGET, prefix(plan));
    enter(tx, plan, day, Ledger.Kind.SETTLEMENT, left.negate(), prefix(plan) + "settlement", by);
    store.plans().end(tx, plan, by);
  }

  private void enter(
      Tx tx,
      PlanBook.Plan plan,
      LocalDate day,
      Ledger.Kind kind,
      BigDecimal amount,
      String reference,
      Actor by) {
    if (amount.signum() != 0) {
      var _ =
          ledger.enter(
              tx,
              new Ledger.Entry(
                  plan.account(),
                  day,
                  kind,
                  amount,
                  Currency.getInstance(plan.currency()),
                  reference,
                  ""),
              null,
              by);
    }
  }

  private static String prefix(PlanBook.Plan plan) {
    return "plan " + plan.id() + " ";
  }

  private static String carries(PlanBook.Plan plan, String bill) {
    return prefix(plan) + "carries " + bill;
  }
}
