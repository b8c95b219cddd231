package org.gridwarden.server;

import java.math.BigDecimal;
import java.security.Principal;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.Fault;
import org.gridwarden.mdm.household.BudgetCrossing;
import org.gridwarden.mdm.household.Outlook;
import org.gridwarden.mdm.household.OwnPoint;
import org.gridwarden.store.BudgetBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** How the present month goes, and how much of it a consumer wants to pay at most. */
@RestController
@RequestMapping("/api/v1/own/budget")
class OwnBudgetApi {
  private static final BigDecimal MOST = new BigDecimal("1000000");

  private final Office office;
  private final OwnPoints points;

  OwnBudgetApi(Office office) {
    this.office = office;
    this.points = new OwnPoints(office);
  }

  /** What a month may cost, as a decimal string. */
  record BudgetForm(@Nullable String amount) {}

  /**
   * That a budget was passed.
   *
   * @param kind forecast or sum
   * @param budget what was passed
   * @param reached what it came to
   */
  record AlertView(String at, String month, String kind, String budget, String reached) {
    static AlertView of(BudgetBook.Alert alert) {
      return new AlertView(
          alert.at().toString(),
          alert.month().toString(),
          word(alert.kind()),
          alert.budget().toPlainString(),
          alert.reached().toPlainString());
    }
  }

  /**
   * The present month.
   *
   * @param from its first day that is known
   * @param forecastTaken kWh of the whole month, if it goes on like the four weeks before; null
   *     where too little is known
   * @param forecastCost null where that is, or no tariff holds on all of its days
   * @param budget null where none is set
   * @param passed sum or forecast; null where neither passes the budget
   * @param alerts when it was passed, the latest first
   */
  record BudgetView(
      String month,
      String from,
      @Nullable String currency,
      OwnUseApi.UsedView soFar,
      @Nullable String forecastTaken,
      @Nullable String forecastCost,
      @Nullable String budget,
      @Nullable String passed,
      List<AlertView> alerts) {}

  @GetMapping
  BudgetView budget(@RequestParam String servicePoint, Principal consumer) {
    return view(points.of(consumer, servicePoint), consumer);
  }

  @PutMapping
  BudgetView set(
      @RequestParam String servicePoint, @RequestBody BudgetForm form, Principal consumer) {
    OwnPoint point = points.of(consumer, servicePoint);
    Outlook outlook = points.use().outlook(point);
    Currency currency =
        outlook
            .currency()
            .orElseThrow(() ->
                new FaultException(
                    Fault.Code.CONFLICT,
                    "servicePoint",
                    "no tariff says what energy costs there: ask customer service"));
    BigDecimal amount = amount(Requests.needed("amount", form.amount()), currency);
    if (!office
        .store()
        .budgets()
        .set(consumer.getName(), point.name(), amount, currency.getCurrencyCode())) {
      throw FaultException.notFound("user", "there is no such user");
    }
    return view(point, consumer, outlook);
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@RequestParam String servicePoint, Principal consumer) {
    if (!office
        .store()
        .budgets()
        .remove(consumer.getName(), Requests.needed("servicePoint", servicePoint))) {
      throw FaultException.notFound("servicePoint", "no budget of yours is set there");
    }
  }

  private BudgetView view(OwnPoint point, Principal consumer) {
    return view(point, consumer, points.use().outlook(point));
  }

  private BudgetView view(OwnPoint point, Principal consumer, Outlook outlook) {
    Optional<BudgetBook.Budget> budget =
        office.store().budgets().find(consumer.getName(), point.name());
    Optional<BigDecimal> forecast = outlook.forecast().flatMap(Outlook.Forecast::cost);
    return new BudgetView(
        outlook.month().toString(),
        outlook.from().toString(),
        OwnUseApi.code(outlook.currency()),
        OwnUseApi.UsedView.of(outlook.soFar()),
        OwnUseApi.text(outlook.forecast().map(Outlook.Forecast::taken)),
        OwnUseApi.text(forecast),
        OwnUseApi.text(budget.map(BudgetBook.Budget::amount)),
        budget
            .flatMap(b ->
                BudgetCrossing.of(b.amount(), outlook.soFar().cost(), forecast).keySet().stream()
                    .findFirst())
            .map(OwnBudgetApi::word)
            .orElse(null),
        budget
            .map(b -> office.store().budgets().alerts(b).stream().map(AlertView::of).toList())
            .orElse(List.of()));
  }

  private static BigDecimal amount(String text, Currency currency) {
    int digits = Math.max(0, currency.getDefaultFractionDigits());
    try {
      if (text.length() <= 16 && text.matches("\\d+(\\.\\d+)?")) {
        BigDecimal amount = new BigDecimal(text);
        if (amount.signum() > 0
            && amount.compareTo(MOST) < 0
            && amount.stripTrailingZeros().scale() <= digits) {
          return amount.setScale(digits);
        }
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Requests.wrong(
        "amount", "is above 0 and below " + MOST + ", with " + digits + " digits at most");
  }

  private static String word(BudgetBook.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
