// SPDX-License-Identifier: GPL-3.0-only

import java.lang.management.ManagementFactory;

/** What this process has used since it began. */
final class Usage {
  private Usage() {}

  static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getTotalThreadAllocatedBytes();
  }

  /** usage cpu=nanoseconds allocated=bytes. */
  static String line() {
    return "usage cpu=" + cpu() + " allocated=" + allocated();
  }
}
