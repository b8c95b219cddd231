package org.gridwarden.mdm.household;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Currency;
import java.util.Optional;

/**
 * A month as it is and as it will be if it goes on like the four weeks before.
 *
 * @param from the first day of it that is known
 * @param soFar until now
 * @param forecast of the whole month; empty where too little is known
 */
public record Outlook(
    YearMonth month,
    LocalDate from,
    Optional<Currency> currency,
    Used soFar,
    Optional<Forecast> forecast) {
  /**
   * What the month will come to.
   *
   * @param taken in kWh
   * @param cost empty where no tariff holds on all of its days
   */
  public record Forecast(BigDecimal taken, Optional<BigDecimal> cost) {}
}
