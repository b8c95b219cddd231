package org.gridwarden.bench.dlms;

import java.util.List;

/**
 * What a run, or the mean of several, showed.
 *
 * @param perSecond how many a second
 * @param clientCpu processor time of the client's process for one, in microseconds
 * @param clientAllocated bytes for one in the client's process
 * @param meterCpu as clientCpu, in the meter's process
 * @param meterAllocated as clientAllocated, in the meter's process
 */
record Figures(
    double perSecond,
    double clientCpu,
    double clientAllocated,
    double meterCpu,
    double meterAllocated) {

  static Figures mean(List<Figures> runs) {
    return new Figures(
        runs.stream().mapToDouble(Figures::perSecond).average().orElse(0),
        runs.stream().mapToDouble(Figures::clientCpu).average().orElse(0),
        runs.stream().mapToDouble(Figures::clientAllocated).average().orElse(0),
        runs.stream().mapToDouble(Figures::meterCpu).average().orElse(0),
        runs.stream().mapToDouble(Figures::meterAllocated).average().orElse(0));
  }

  double cpu() {
    return clientCpu + meterCpu;
  }

  double allocated() {
    return clientAllocated + meterAllocated;
  }
}
