package org.gridwarden.mdm.analytics;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which sums over households follow from others by adding and subtracting: linear algebra over the
 * integers modulo a prime. Each part (households that are always told together) gets a random
 * vector, a set of parts the sum of theirs. A set whose vector is a combination of told ones can be
 * reckoned from them; that two sets that are independent look dependent has a chance of about one
 * in 2^31.
 */
final class Span {
  private static final long PRIME = Integer.MAX_VALUE; // 2^31 - 1

  private final int width;
  private final List<long[]> rows = new ArrayList<>();
  private final List<Integer> leads = new ArrayList<>();

  /**
   * @param sets how many sets will be added at most
   */
  Span(int sets) {
    this.width = sets + 1;
  }

  /** The vector of a part, by its number. */
  long[] part(int number) {
    SplittableRandom random = new SplittableRandom(number);
    long[] vector = new long[width];
    for (int i = 0; i < width; i++) {
      vector[i] = random.nextLong(PRIME);
    }
    return vector;
  }

  /** The vector of no part at all. */
  long[] zero() {
    return new long[width];
  }

  /** Adds one vector to another. */
  static void add(long[] to, long[] other) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (to[i] + other[i]) % PRIME;
    }
  }

  /** From now on this set's sum is known. */
  void tell(long[] set) {
    long[] rest = reduce(set);
    int lead = lead(rest);
    if (lead < 0) {
      return; // followed already
    }
    long inverse = power(rest[lead], PRIME - 2);
    for (int i = 0; i < width; i++) {
      rest[i] = rest[i] * inverse % PRIME;
    }
    rows.add(rest);
    leads.add(lead);
  }

  /** Whether a set's sum follows from those that were told. */
  boolean follows(long[] set) {
    return lead(reduce(set)) < 0;
  }

  private long[] reduce(long[] set) {
    long[] rest = set.clone();
    for (int r = 0; r < rows.size(); r++) {
      long factor = rest[leads.get(r)];
      if (factor != 0) {
        long[] row = rows.get(r);
        for (int i = 0; i < width; i++) {
          rest[i] = Math.floorMod(rest[i] - factor * row[i] % PRIME, PRIME);
        }
      }
    }
    return rest;
  }

  private static int lead(long[] vector) {
    for (int i = 0; i < vector.length; i++) {
      if (vector[i] != 0) {
        return i;
      }
    }
    return -1;
  }

  private static long power(long base, long exponent) {
    long result = 1;
    long square = base % PRIME;
    for (long e = exponent; e > 0; e >>= 1) {
      if ((e & 1) == 1) {
        result = result * square % PRIME;
      }
      square = square * square % PRIME;
    }
    return result;
  }
}
