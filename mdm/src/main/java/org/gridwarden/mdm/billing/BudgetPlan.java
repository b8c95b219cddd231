package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;

/**
 * Budget billing: a year's cost, as it is foreseen, in equal instalments, and what is owed or paid
 * back once it is known. Immutable.
 *
 * @param currency of all amounts
 * @param foreseen what the year is thought to cost, zero or more, in the currency's smallest unit
 *     at most
 * @param instalments 1 to 12
 */
public record BudgetPlan(Currency currency, BigDecimal foreseen, int instalments) {
  /**
   * @throws IllegalArgumentException outside the ranges
   */
  public BudgetPlan {
    if (foreseen.signum() < 0
        || foreseen.stripTrailingZeros().scale() > digits(currency)
        || instalments < 1
        || instalments > 12) {
      throw new IllegalArgumentException(
          "a budget plan is of an amount of zero or more, as it can be paid, in 1 to 12"
              + " instalments");
    }
  }

  /** What is asked for, in order: equal ones, and the last makes up for their rounding. */
  public List<BigDecimal> amounts() {
    BigDecimal each =
        foreseen.divide(BigDecimal.valueOf(instalments), digits(currency), RoundingMode.HALF_UP);
    List<BigDecimal> amounts = new ArrayList<>(Collections.nCopies(instalments - 1, each));
    BigDecimal asked = each.multiply(BigDecimal.valueOf(instalments - 1L));
    amounts.add(foreseen.subtract(asked).setScale(digits(currency), RoundingMode.UNNECESSARY));
    return amounts;
  }

  /**
   * What is left to pay at the year's end; below zero: what is paid back.
   *
   * @param bills of the year, as it was
   * @param asked how many instalments were asked for
   * @throws IllegalArgumentException where a bill is in another currency, or more were asked for
   *     than there are
   */
  public BigDecimal trueUp(List<Bill> bills, int asked) {
    BigDecimal cost = BigDecimal.ZERO.setScale(digits(currency));
    for (Bill bill : bills) {
      if (!bill.tariff().currency().equals(currency)) {
        throw new IllegalArgumentException(
            "a bill in " + bill.tariff().currency() + " against a plan in " + currency);
      }
      cost = cost.add(bill.total());
    }
    if (asked < 0 || asked > instalments) {
      throw new IllegalArgumentException("the plan has " + instalments + " instalments");
    }
    return amounts().subList(0, asked).stream().reduce(cost, BigDecimal::subtract);
  }

  private static int digits(Currency currency) {
    return Math.max(0, currency.getDefaultFractionDigits());
  }
}
