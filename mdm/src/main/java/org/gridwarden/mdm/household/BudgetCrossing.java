package org.gridwarden.mdm.household;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.store.BudgetBook.Kind;

/** Whether a month passes its budget: more than it, not just it. Pure functions. */
public final class BudgetCrossing {
  private BudgetCrossing() {}

  /**
   * What passed it, and what it came to. A sum that passed it leaves the forecast nothing to warn
   * of.
   *
   * @param amount the budget
   */
  public static Map<Kind, BigDecimal> of(
      BigDecimal amount, Optional<BigDecimal> soFar, Optional<BigDecimal> forecast) {
    Map<Kind, BigDecimal> passed = new EnumMap<>(Kind.class);
    if (soFar.filter(sum -> sum.compareTo(amount) > 0).isPresent()) {
      passed.put(Kind.SUM, soFar.get());
    } else if (forecast.filter(sum -> sum.compareTo(amount) > 0).isPresent()) {
      passed.put(Kind.FORECAST, forecast.get());
    }
    return passed;
  }
}
