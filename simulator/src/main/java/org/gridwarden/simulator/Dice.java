package org.gridwarden.simulator;

/**
 * Chance that can be asked again: the same question gives the same answer, whatever was asked
 * before. A keyed mixing function (the finalizer of SplitMix64), not for secrets.
 *
 * @param seed which dice
 */
record Dice(long seed) {
  /** Other dice for a sub-question. */
  Dice of(long what) {
    return new Dice(mix(seed + 0x9E3779B97F4A7C15L * (what + 1)));
  }

  /** A number from 0 to bound - 1. */
  int below(int bound) {
    return (int) Long.remainderUnsigned(mix(seed), bound);
  }

  /** A number from low to high, both included. */
  int between(int low, int high) {
    return low + below(high - low + 1);
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
