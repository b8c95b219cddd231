package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.util.List;
import org.gridwarden.mdm.billing.BillLine.Kind;

/**
 * A month on a bill. Immutable.
 *
 * @param determinants what was measured
 * @param lines what it costs
 * @param billedDemand in kW: the month's peak, or more where earlier peaks raise it
 * @param places digits behind the point of the currency's amounts
 */
public record BilledMonth(
    Determinants determinants, List<BillLine> lines, BigDecimal billedDemand, int places) {
  public BilledMonth {
    lines = List.copyOf(lines);
  }

  /** The sum of the lines of a kind. */
  public BigDecimal sum(Kind kind) {
    return lines.stream()
        .filter(line -> line.kind() == kind)
        .map(BillLine::amount)
        .reduce(BigDecimal.ZERO.setScale(places), BigDecimal::add);
  }

  /** The sum of all lines. */
  public BigDecimal total() {
    return lines.stream()
        .map(BillLine::amount)
        .reduce(BigDecimal.ZERO.setScale(places), BigDecimal::add);
  }
}
