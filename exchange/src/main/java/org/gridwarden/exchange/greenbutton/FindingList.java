package org.gridwarden.exchange.greenbutton;

import java.util.ArrayList;
import java.util.List;

/** Findings, the first of them kept and the others counted. Not thread-safe. */
final class FindingList {
  private final int most;
  private final List<Finding> kept = new ArrayList<>();
  private int untold;

  FindingList(int most) {
    this.most = most;
  }

  void add(Finding finding) {
    if (kept.size() < most) {
      kept.add(finding);
    } else {
      untold++;
    }
  }

  void addAll(List<Finding> findings) {
    findings.forEach(this::add);
  }

  List<Finding> kept() {
    return kept;
  }

  int untold() {
    return untold;
  }
}
