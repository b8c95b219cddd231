package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A step of a ladder of prices.
 *
 * @param upTo how far the step reaches from zero, in kWh or kW a month (times what {@link Per}
 *     says); null for the last one
 * @param rate the price of one kWh or kW within the step, in units of the currency
 * @param sell what the office pays for a kWh that is fed in; null where it pays nothing
 */
public record Tier(@Nullable BigDecimal upTo, BigDecimal rate, @Nullable BigDecimal sell) {
  /** What a step's reach is counted in. */
  public enum Per {
    /** As it stands, a month. */
    MONTH,
    /** As it stands, a day: times the days of the month. */
    DAY,
    /** A kW of the month's billed demand: hours of use. */
    KILOWATT,
    /** A kW of the month's billed demand, a day. */
    KILOWATT_DAY
  }
}
