package org.gridwarden.headend;

import java.time.Duration;

/**
 * How intake batches and how much it holds.
 *
 * @param partitions how many queues and committing threads, 1 to 64; a meter belongs to one
 * @param queuedMessages how many messages are held over all partitions, committing ones included
 * @param queuedBytes how many bytes they may take, by estimate
 * @param perMeter how many messages one meter may have in hand; half the replay window at most, so
 *     that an alarm that overtakes them leaves none below the window
 * @param batchMessages how many messages a commit takes at most
 * @param batchBytes how many bytes a commit takes at most
 * @param linger how long the oldest message waits for company, up to 200 ms
 * @param firstRetry the pause after the first failure of the database; doubles
 * @param lastRetry the longest pause
 * @param grace how long closing waits for what is queued
 */
public record IntakeSettings(
    int partitions,
    int queuedMessages,
    long queuedBytes,
    int perMeter,
    int batchMessages,
    long batchBytes,
    Duration linger,
    Duration firstRetry,
    Duration lastRetry,
    Duration grace) {
  /**
   * @throws IllegalArgumentException naming the setting that makes no sense
   */
  public IntakeSettings {
    within("partitions", partitions, 1, 64);
    within("queuedMessages", queuedMessages, partitions, Integer.MAX_VALUE);
    within("queuedBytes", queuedBytes, 1, Long.MAX_VALUE);
    within("perMeter", perMeter, 1, 512);
    within("batchMessages", batchMessages, 1, 100_000);
    within("batchBytes", batchBytes, 1, Long.MAX_VALUE);
    within("linger (ms)", linger.toMillis(), 0, 200);
    within("firstRetry (ms)", firstRetry.toMillis(), 1, lastRetry.toMillis());
    within("grace (ms)", grace.toMillis(), 0, Long.MAX_VALUE);
  }

  /** Two partitions, 40,000 messages or 128 MiB, commits of 4,000 messages or 16 MiB, 40 ms. */
  public static IntakeSettings defaults() {
    return new IntakeSettings(
        2,
        40_000,
        128L << 20,
        512,
        4_000,
        16L << 20,
        Duration.ofMillis(40),
        Duration.ofMillis(100),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  private static void within(String name, long value, long from, long to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          "intake: '" + name + "' is " + from + " to " + to + ", not " + value);
    }
  }
}
