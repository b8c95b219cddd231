package org.gridwarden.mdm.vee;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.gridwarden.mdm.estimation.Estimate;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Finding;
import org.gridwarden.mdm.validation.Rule;

/** What a run over a file found and filled, added up. Not thread-safe. */
public final class Summary {
  private final Map<MeterResult.Mark, Long> marks = new EnumMap<>(MeterResult.Mark.class);
  private final Map<Rule, Long> findings = new EnumMap<>(Rule.class);
  private final Map<String, Long> methods = new TreeMap<>();
  private long meters;
  private long repeated;

  void add(MeterResult result, Curve finished, int repeatedLines) {
    meters++;
    repeated += repeatedLines;
    for (int i = 0; i < finished.values().length; i++) {
      marks.merge(MeterResult.mark(finished, i), 1L, Long::sum);
    }
    for (Finding finding : result.findings()) {
      findings.merge(finding.rule(), 1L, Long::sum);
    }
    for (Estimate estimate : result.estimates()) {
      methods.merge(estimate.methodId(), (long) estimate.values().length, Long::sum);
    }
  }

  /** How many meters. */
  public long meters() {
    return meters;
  }

  /** How many lines said what an earlier one had said. */
  public long repeated() {
    return repeated;
  }

  /** How many intervals there are in all. */
  public long intervals() {
    return marks.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many intervals have a mark. */
  public long of(MeterResult.Mark mark) {
    return marks.getOrDefault(mark, 0L);
  }

  /** How many findings each rule has. */
  public Map<Rule, Long> findings() {
    return new TreeMap<>(findings);
  }

  /** How many intervals each method filled. */
  public Map<String, Long> methods() {
    return new TreeMap<>(methods);
  }
}
