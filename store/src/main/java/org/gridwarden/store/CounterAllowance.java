package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * How fast counters under one key are given out at most: {@link #PER_SECOND} on average, and what
 * {@link #BURST} saves up. So after a restore it is known how many the lost time can have taken, at
 * most. Far above what a meter's line carries.
 */
final class CounterAllowance {
  /** Counters a second. */
  static final long PER_SECOND = 100;

  /** So much of the allowance is saved up, at most. */
  static final Duration BURST = Duration.ofMinutes(10);

  /** Invocation counters have 32 bits, unsigned: this one is the first that there is none of. */
  static final long END = 1L << 32;

  private static final byte[] SEAL = "seal/".getBytes(StandardCharsets.US_ASCII);

  private CounterAllowance() {}

  /** How far a counter goes ahead that was backed up then: twice what can have been used. */
  static long jump(Instant taken, Instant now) {
    Duration lost = Duration.between(taken, now).plus(BURST);
    return Math.multiplyExact(2 * PER_SECOND, lost.plusSeconds(1).toSeconds());
  }

  /** How long a block takes up the allowance. */
  static Duration cost(int block) {
    return Duration.ofSeconds(1).multipliedBy(block).dividedBy(PER_SECOND);
  }

  /** Whether a key's counters have 64 bits: those that seal commands. */
  static boolean wide(byte[] keyId) {
    return keyId.length >= SEAL.length
        && Arrays.equals(SEAL, 0, SEAL.length, keyId, 0, SEAL.length);
  }
}
