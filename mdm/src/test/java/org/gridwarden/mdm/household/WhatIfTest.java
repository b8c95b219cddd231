package org.gridwarden.mdm.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.YearMonth;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billrun.Tariffs;
import org.junit.jupiter.api.Test;

/** S15: what the same readings cost under another tariff, by hand. */
class WhatIfTest {
  private static final LocalDate FROM = LocalDate.of(2026, 3, 16);
  private static final LocalDate TO = LocalDate.of(2026, 5, 1);

  private static WhatIf.Option option(Tariff tariff, boolean gap) {
    Measured measured =
        Laid.hours(
            FROM,
            TO,
            at ->
                gap && at.getMonthValue() == 4 && at.getDayOfMonth() == 2
                    ? Load.MISSING
                    : at.getHour() < 12 ? 500 : 1_000);
    return WhatIf.option(
        measured,
        new WhatIf.Candidate(new Tariffs.Version("laid", 3, FROM, "00"), tariff, true),
        FROM,
        TO);
  }

  @Test
  void eachMonthAndTheirSum() {
    WhatIf.Option option =
        option(Laid.tariff("energy: {price: 0.25}\nfixed: {per-month: 31}"), false);
    // March: 16 days of 18 kWh, without the hour that the clock skips at night (0.5 kWh), is 287.5;
    // x 0.25 = 71.875, up to 71.88; 16 of 31 days of 31 = 16.00
    // April: 30 x 18 = 540 kWh; 135.00 and 31.00
    assertThat(option.months())
        .containsExactly(
            new WhatIf.Cost(YearMonth.of(2026, 3), new java.math.BigDecimal("87.88")),
            new WhatIf.Cost(YearMonth.of(2026, 4), new java.math.BigDecimal("166.00")));
    assertThat(option.total().orElseThrow()).isEqualByComparingTo("253.88");
    assertThat(option.problem()).isEmpty();
    assertThat(option.version()).isEqualTo(3);
    assertThat(option.currency().getCurrencyCode()).isEqualTo("CHF");
  }

  @Test
  void aGapCostsNothingUnderAnyTariff() {
    WhatIf.Option option = option(Laid.tariff("energy: {price: 1}"), true);
    assertThat(option.total().orElseThrow()).isEqualByComparingTo("809.50"); // 287.5 + 29 x 18
  }
}
