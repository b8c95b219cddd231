package org.gridwarden.bench.dlms;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a process has used since it began.
 *
 * @param cpu processor time, in nanoseconds
 * @param allocated by all its threads, in bytes
 */
record Usage(long cpu, long allocated) {
  static Usage now() {
    return new Usage(
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime(),
        ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes());
  }

  Usage since(Usage before) {
    return new Usage(cpu - before.cpu, allocated - before.allocated);
  }

  /** As a process tells it to the one that started it. */
  String words() {
    return "cpu=" + cpu + " allocated=" + allocated;
  }
}
