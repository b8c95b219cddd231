package org.gridwarden.mdm.billing;

import java.math.BigDecimal;

/**
 * A line of a bill: quantity times price, rounded.
 *
 * @param kind what it is for
 * @param text what it says
 * @param quantity how many units; exact
 * @param unit kWh, kW, day, month; empty for what has none
 * @param price of one unit; exact, or a mean to 12 places where each interval has its own
 * @param amount what it costs in the currency's minor unit, as the tariff rounds
 */
public record BillLine(
    Kind kind, String text, BigDecimal quantity, String unit, BigDecimal price, BigDecimal amount) {
  /** What a line is for. */
  public enum Kind {
    ENERGY,
    /** Paid to the consumer: the amount is below zero. */
    FEED_IN,
    DEMAND,
    FIXED,
    /** What is missing to the least that is paid. */
    MINIMUM,
    TAX,
    /** What makes the total one that can be paid in coins. */
    ROUNDING
  }
}
