package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * C39: what a parser may cost on an input of at most 64 KiB. While the fuzzer looks for inputs, its
 * hooks in every branch and comparison cost time and memory themselves: then only a blow-up counts,
 * and what it finds is held to the real bounds as a seed of the ordinary test.
 */
public final class LinkBounds {
  private static final boolean FUZZING = System.getenv("JAZZER_FUZZ") != null;

  public static final int MAX_INPUT = 64 * 1024;
  static final long MAX_ALLOCATED = (FUZZING ? 16 : 1) * (1L << 20);
  static final long MAX_NANOS = (FUZZING ? 100 : 1) * 10_000_000L;

  /** A cold JVM and two busy cores measure themselves: the best of so many runs counts. */
  private static final int RUNS = FUZZING ? 3 : 60;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private LinkBounds() {}

  /**
   * So many times as much while the fuzzer looks, and no more else. Its hooks in regular
   * expressions take 300 MB where the decoder itself takes one.
   */
  public static long whileFuzzing(int times) {
    return FUZZING ? times : 1;
  }

  public static void hold(Runnable parse) {
    hold(MAX_ALLOCATED, MAX_NANOS, parse);
  }

  /** With other bounds than a meter's input has. */
  public static void hold(long maxBytes, long maxNanos, Runnable parse) {
    long bytes = Long.MAX_VALUE;
    long nanos = Long.MAX_VALUE;
    for (int i = 0; i < RUNS && (bytes > maxBytes || nanos > maxNanos); i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      parse.run();
      nanos = Math.min(nanos, System.nanoTime() - start);
      bytes = Math.min(bytes, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(bytes).as("bytes allocated").isLessThanOrEqualTo(maxBytes);
    assertThat(nanos).as("nanoseconds taken").isLessThanOrEqualTo(maxNanos);
  }
}
