package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.mdm.billing.Tier.Per;

/**
 * Prices in steps, the cheapest reach first. Immutable.
 *
 * @param tiers at least one; each but the last has a reach greater than the one before it
 * @param per what the reaches are counted in
 */
public record Ladder(List<Tier> tiers, Per per) {
  /**
   * @throws IllegalArgumentException where the steps do not rise, or the last one ends
   */
  public Ladder {
    tiers = List.copyOf(tiers);
    if (tiers.isEmpty()) {
      throw new IllegalArgumentException("a ladder has at least one step");
    }
    BigDecimal reached = BigDecimal.ZERO;
    for (int i = 0; i < tiers.size(); i++) {
      BigDecimal upTo = tiers.get(i).upTo();
      if (i == tiers.size() - 1) {
        if (upTo != null) {
          throw new IllegalArgumentException("the last step has no end");
        }
      } else if (upTo == null || upTo.compareTo(reached) <= 0) {
        throw new IllegalArgumentException("step " + i + " must reach further than the one before");
      } else {
        reached = upTo;
      }
    }
  }

  /** One price for all. */
  public static Ladder flat(BigDecimal rate) {
    return new Ladder(List.of(new Tier(null, rate, null)), Per.MONTH);
  }

  /**
   * A quantity within one step.
   *
   * @param index the step's, from 0
   */
  public record Portion(int index, Tier tier, BigDecimal quantity) {}

  /**
   * Cuts a quantity into what falls into each step, from the first step up; steps that get nothing
   * are left out.
   *
   * @param quantity zero or more
   * @param scale what the reaches are multiplied by: 1, the month's days, its demand
   */
  public List<Portion> cut(BigDecimal quantity, BigDecimal scale) {
    List<Portion> portions = new ArrayList<>();
    BigDecimal from = BigDecimal.ZERO;
    for (int i = 0; i < tiers.size() && quantity.compareTo(from) > 0; i++) {
      BigDecimal upTo = tiers.get(i).upTo();
      BigDecimal end = upTo == null ? quantity : upTo.multiply(scale).min(quantity);
      if (end.compareTo(from) > 0) {
        portions.add(new Portion(i, tiers.get(i), end.subtract(from)));
        from = end;
      }
    }
    return portions;
  }

  /** Whether nothing is ever charged or paid. */
  boolean free() {
    return tiers.stream().allMatch(t -> t.rate().signum() == 0 && t.sell() == null);
  }
}
