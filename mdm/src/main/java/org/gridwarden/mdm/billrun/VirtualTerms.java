package org.gridwarden.mdm.billrun;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.proof.MeterTime;
import org.gridwarden.mdm.virtual.Formula;
import org.gridwarden.mdm.virtual.FormulaException;
import org.gridwarden.store.Store;
import org.gridwarden.store.VirtualMeterBook;

/**
 * Of which meters that were put up a virtual one is made, each with its factor: those that are
 * virtual themselves are made of others in turn. Thread-safe.
 */
final class VirtualTerms {
  private static final int DEEPEST = 16;
  private static final int MOST = 1_000;
  private static final int MOST_DIGITS = 9;

  private final Store store;

  VirtualTerms(Store store) {
    this.store = store;
  }

  /**
   * The meters and their factors over a time.
   *
   * @throws Blocked where a meter is not known, days by another zone, or formulas go in a circle
   */
  List<MeterTime> times(VirtualMeterBook.Virtual virtual, ZoneId zone, Instant from, Instant to)
      throws Blocked {
    Map<String, BigDecimal> factors = new LinkedHashMap<>();
    expand(virtual, BigDecimal.ONE, factors, new LinkedHashSet<>());
    List<MeterTime> times = new ArrayList<>();
    for (Map.Entry<String, BigDecimal> one : factors.entrySet()) {
      BigDecimal factor = one.getValue().stripTrailingZeros();
      if (factor.signum() == 0) {
        continue; // added and taken off again
      }
      factor = factor.scale() < 0 ? factor.setScale(0) : factor;
      if (factor.scale() > MOST_DIGITS || factor.precision() - factor.scale() > MOST_DIGITS) {
        throw unfit(
            virtual,
            one.getKey()
                + " would be multiplied by "
                + factor.toPlainString()
                + ": too many digits");
      }
      ZoneId its =
          store
              .meters()
              .byId(new MeterId(one.getKey()))
              .map(Meter::zone)
              .orElseThrow(() -> unfit(virtual, "meter " + one.getKey() + " is not known"));
      if (!its.getRules().equals(zone.getRules())) {
        throw unfit(virtual, "days of meter " + one.getKey() + " are by " + its + ", not " + zone);
      }
      times.add(new MeterTime(one.getKey(), from, to, Optional.of(factor)));
    }
    if (times.isEmpty()) {
      throw unfit(virtual, "nothing is left of its formula");
    }
    return times;
  }

  private void expand(
      VirtualMeterBook.Virtual virtual,
      BigDecimal factor,
      Map<String, BigDecimal> factors,
      Set<String> way)
      throws Blocked {
    if (!way.add(virtual.id()) || way.size() > DEEPEST) {
      throw unfit(virtual, "it is made of itself, or too deep: " + way);
    }
    Formula formula;
    try {
      formula = Formula.parse(virtual.formula());
    } catch (FormulaException e) {
      throw unfit(virtual, String.valueOf(e.getMessage()));
    }
    for (Formula.Term term : formula.terms()) {
      BigDecimal its = factor.multiply(term.factor());
      Optional<VirtualMeterBook.Virtual> inner = store.virtualMeters().find(term.meter());
      if (inner.isPresent()) {
        expand(inner.get(), its, factors, way);
      } else {
        factors.merge(term.meter(), its, BigDecimal::add);
      }
      if (factors.size() > MOST) {
        throw unfit(virtual, "it is made of more than " + MOST + " meters");
      }
    }
    way.remove(virtual.id());
  }

  private static Blocked unfit(VirtualMeterBook.Virtual virtual, String why) {
    return new Blocked(Blocked.Reason.UNFIT, "virtual meter " + virtual.id() + ": " + why);
  }
}
