package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.util.List;

/**
 * A meter's bill over one or more months. Immutable.
 *
 * @param meter whose
 * @param tariff by which
 * @param months in order of time, at least one
 */
public record Bill(String meter, Tariff tariff, List<BilledMonth> months) {
  public Bill {
    months = List.copyOf(months);
  }

  /** What is to be paid: the sum of all lines as they were rounded. */
  public BigDecimal total() {
    return months.stream().map(BilledMonth::total).reduce(BigDecimal::add).orElseThrow();
  }
}
