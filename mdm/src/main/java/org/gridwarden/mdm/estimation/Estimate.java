package org.gridwarden.mdm.estimation;

import java.util.Arrays;
import org.gridwarden.mdm.validation.Rule;

/**
 * What stands in for a stretch of slots.
 *
 * @param from the first slot
 * @param to the slot after the last
 * @param cause the rule that made it necessary
 * @param method how it was come by
 * @param registerKwh the sum to which the register scaled it; NaN where no register did
 * @param values one a slot, as the curve's values are
 */
@SuppressWarnings("ArrayRecordComponent") // ownership passes with it, as the curve's does
public record Estimate(
    int from, int to, Rule cause, Method method, double registerKwh, long[] values) {
  /** Whether it was scaled to what a register moved. */
  public boolean scaled() {
    return !Double.isNaN(registerKwh);
  }

  /** Its method in one word for outputs. */
  public String methodId() {
    return scaled() && method != Method.REGISTER
        ? method.id() + "+" + Method.REGISTER.id()
        : method.id();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Estimate that
        && from == that.from
        && to == that.to
        && cause == that.cause
        && method == that.method
        && Double.compare(registerKwh, that.registerKwh) == 0
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * from + to) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return methodId() + " for slots " + from + " to " + to;
  }
}
