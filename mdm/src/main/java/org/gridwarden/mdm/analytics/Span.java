package org.gridwarden.mdm.analytics;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which sums over households follow from others by adding and subtracting: linear algebra over the
 * integers modulo a prime. Each part (households that are always told together) has a random
 * vector, a set of parts the sum of theirs. A {@link #weigher} gives each part a random weight so
 * that all sets that were told weigh nothing: then whatever is a combination of them weighs
 * nothing, too, and another set does with a chance of about one in 2^31.
 */
final class Span {
  private static final long PRIME = Integer.MAX_VALUE; // 2^31 - 1

  private final int width;
  private final List<long[]> rows = new ArrayList<>();
  private final List<Integer> leads = new ArrayList<>();

  /**
   * @param sets how many sets will be told at most
   */
  Span(int sets) {
    this.width = sets + 1;
  }

  /** The weight of a part in a way of weighing that finds nothing in what was told. */
  interface Weigher {
    /** 0 to 2^31 - 2. */
    long of(int part);
  }

  /** The vector of no part at all. */
  long[] zero() {
    return new long[width];
  }

  /** Adds a part to a set. */
  void add(long[] set, int part) {
    SplittableRandom random = new SplittableRandom(part);
    for (int i = 0; i < width; i++) {
      set[i] = (set[i] + random.nextLong(PRIME)) % PRIME;
    }
  }

  /** From now on this set's sum is known. */
  void tell(long[] set) {
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
    int lead = 0;
    while (lead < width && rest[lead] == 0) {
      lead++;
    }
    if (lead == width) {
      return; // followed already
    }
    long inverse = power(rest[lead], PRIME - 2);
    for (int i = 0; i < width; i++) {
      rest[i] = rest[i] * inverse % PRIME;
    }
    rows.add(rest);
    leads.add(lead);
  }

  /** Weighs by what was told so far. */
  Weigher weigher() {
    SplittableRandom random = new SplittableRandom(-1);
    long[] by = new long[width];
    for (int i = 0; i < width; i++) {
      by[i] = random.nextLong(PRIME);
    }
    // a row has nothing where the rows before it lead: the last one is made to weigh nothing first
    for (int r = rows.size() - 1; r >= 0; r--) {
      int lead = leads.get(r);
      by[lead] = 0;
      by[lead] = Math.floorMod(-product(rows.get(r), by), PRIME);
    }
    return part -> {
      long[] vector = zero();
      add(vector, part);
      return product(vector, by);
    };
  }

  /** A sum of weights. */
  static long plus(long one, long other) {
    return (one + other) % PRIME;
  }

  private static long product(long[] one, long[] other) {
    long sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum = (sum + one[i] * other[i]) % PRIME;
    }
    return sum;
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
