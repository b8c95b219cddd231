// SPDX-License-Identifier: GPL-2.0-only

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Measures one thing on one thread: nanoseconds and allocated bytes for one, after it has warmed
 * up.
 */
final class Micro {
  interface Step {
    Object once() throws Exception;
  }

  private static volatile Object sink;
  private final long nanos;

  Micro(Options options) {
    nanos = options.number("millis", 1000) * 1_000_000L;
  }

  /** Prints: row NAME ns=… alloc=… */
  void row(String name, Step step) throws Exception {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    double[] ns = new double[5];
    double allocated = 0;
    for (int i = -3; i < ns.length; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      long begin = System.nanoTime();
      long count = 0;
      long took;
      do {
        for (int n = 0; n < 50; n++) {
          sink = step.once();
        }
        count += 50;
        took = System.nanoTime() - begin;
      } while (took < nanos);
      if (i >= 0) {
        ns[i] = (double) took / count;
        allocated = (double) (threads.getCurrentThreadAllocatedBytes() - before) / count;
      }
    }
    Arrays.sort(ns);
    System.out.println("row " + name + " ns=" + ns[ns.length / 2] + " alloc=" + allocated);
  }
}
