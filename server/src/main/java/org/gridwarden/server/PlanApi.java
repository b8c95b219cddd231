package org.gridwarden.server;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Currency;
import java.util.List;
import org.gridwarden.mdm.billing.BudgetPlan;
import org.gridwarden.mdm.ledger.Budgets;
import org.gridwarden.mdm.ledger.Ledger;
import org.gridwarden.store.PlanBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Budget plans: a year's cost in equal instalments. */
@RestController
@RequestMapping("/api/v1/budget-plans")
class PlanApi {
  private final Office office;
  private final Budgets budgets;

  PlanApi(Office office) {
    this.office = office;
    this.budgets =
        new Budgets(
            office.store(),
            new Ledger(office.store().unitOfWork(), office.store().ledger()),
            office.clock());
  }

  /**
   * A plan.
   *
   * @param first the month of its first instalment
   * @param foreseen what the time is thought to cost, a decimal string
   * @param amounts its instalments in order, decimal strings
   * @param ended when it was settled; null while it runs
   */
  record PlanView(
      long id,
      String account,
      String servicePoint,
      String first,
      int instalments,
      String foreseen,
      String currency,
      List<String> amounts,
      String agreed,
      String agreedBy,
      @Nullable String ended) {
    static PlanView of(PlanBook.Plan plan) {
      return new PlanView(
          plan.id(),
          plan.account(),
          plan.servicePoint(),
          plan.first().toString(),
          plan.instalments(),
          plan.foreseen().toPlainString(),
          plan.currency(),
          new BudgetPlan(Currency.getInstance(plan.currency()), plan.foreseen(), plan.instalments())
              .amounts().stream().map(BigDecimal::toPlainString).toList(),
          plan.agreed().toString(),
          plan.agreedBy(),
          plan.ended().map(Instant::toString).orElse(null));
    }
  }

  /**
   * A plan to be agreed upon.
   *
   * @param first the month of its first instalment, such as 2027-01
   * @param foreseen what the time is thought to cost, a decimal string
   * @param instalments 1 to 12, one a month
   */
  record NewPlan(
      @Nullable String account,
      @Nullable String servicePoint,
      @Nullable String first,
      @Nullable String foreseen,
      @Nullable Integer instalments,
      @Nullable String currency) {}

  @GetMapping
  ReadingApi.Items<PlanView> list(@RequestParam(defaultValue = "") String account) {
    return new ReadingApi.Items<>(
        office.store().plans().of(account).stream().map(PlanView::of).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  PlanView agree(@RequestBody NewPlan plan) {
    String account = Requests.needed("account", plan.account());
    String point = Requests.needed("servicePoint", plan.servicePoint());
    YearMonth first;
    try {
      first = YearMonth.parse(Requests.needed("first", plan.first()));
    } catch (DateTimeException e) {
      throw Requests.wrong("first", "is a month such as 2027-01");
    }
    BudgetPlan budget;
    try {
      budget =
          new BudgetPlan(
              currency(Requests.needed("currency", plan.currency())),
              amount(Requests.needed("foreseen", plan.foreseen())),
              plan.instalments() == null ? 12 : plan.instalments());
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("foreseen", String.valueOf(e.getMessage()));
    }
    return PlanView.of(budgets.agree(account, point, first, budget, Audit.actor()));
  }

  @PostMapping("/{id}/end")
  PlanView end(@PathVariable long id) {
    if (office.store().plans().find(id).isEmpty()) {
      throw FaultException.notFound("id", "there is no such plan");
    }
    budgets.end(id, Audit.actor());
    return PlanView.of(office.store().plans().find(id).orElseThrow());
  }

  private static Currency currency(String code) {
    try {
      return Currency.getInstance(code);
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("currency", "is a code of ISO 4217 such as CHF");
    }
  }

  private static BigDecimal amount(String text) {
    if (!text.matches("[0-9]{1,11}(\\.[0-9]{1,6})?")) {
      throw Requests.wrong("foreseen", "is a decimal string such as 1440.00");
    }
    return new BigDecimal(text);
  }
}
