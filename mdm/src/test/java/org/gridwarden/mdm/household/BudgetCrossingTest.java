package org.gridwarden.mdm.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.store.BudgetBook.Kind;
import org.junit.jupiter.api.Test;

/** S15: when a month passes its budget. */
class BudgetCrossingTest {
  private static final BigDecimal BUDGET = new BigDecimal("80");

  private static Map<Kind, BigDecimal> of(String soFar, String forecast) {
    return BudgetCrossing.of(
        BUDGET,
        Optional.of(soFar).filter(s -> !s.isEmpty()).map(BigDecimal::new),
        Optional.of(forecast).filter(s -> !s.isEmpty()).map(BigDecimal::new));
  }

  @Test
  void justTheBudgetDoesNotPassIt() {
    assertThat(of("80.00", "80.00")).isEmpty();
    assertThat(of("10.00", "79.99")).isEmpty();
  }

  @Test
  void aForecastWarnsUntilTheSumHasPassed() {
    assertThat(of("40.00", "80.01"))
        .containsExactly(Map.entry(Kind.FORECAST, new BigDecimal("80.01")));
    assertThat(of("80.05", "120.00")).containsExactly(Map.entry(Kind.SUM, new BigDecimal("80.05")));
  }

  @Test
  void whatIsNotKnownPassesNothing() {
    assertThat(of("", "")).isEmpty();
    assertThat(of("", "90")).containsOnlyKeys(Kind.FORECAST);
    assertThat(of("90", "")).containsOnlyKeys(Kind.SUM);
  }
}
