package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a month's bill is reckoned from. Immutable.
 *
 * @param month the civil month
 * @param from when the first interval in it began
 * @param to when the last one ended
 * @param days how many of its civil days were measured; fewer than it has where somebody moved
 * @param taken kWh used, by energy period
 * @param fedIn kWh fed in, by energy period
 * @param periodPeaks the highest demand within each demand period
 * @param peak the highest demand of all
 * @param takenWorth what was used at the prices of its intervals; zero where they have none
 * @param fedInWorth the same of what was fed in
 */
public record Determinants(
    YearMonth month,
    Instant from,
    Instant to,
    int days,
    List<BigDecimal> taken,
    List<BigDecimal> fedIn,
    List<Peak> periodPeaks,
    Peak peak,
    BigDecimal takenWorth,
    BigDecimal fedInWorth) {
  public Determinants {
    taken = List.copyOf(taken);
    fedIn = List.copyOf(fedIn);
    periodPeaks = List.copyOf(periodPeaks);
  }

  /**
   * A demand.
   *
   * @param kilowatts its mean over the window, 0 or more
   * @param until when the window ended; null where there was no demand
   */
  public record Peak(BigDecimal kilowatts, @Nullable Instant until) {}

  /** kWh used in all. */
  public BigDecimal used() {
    return taken.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** kWh fed in in all. */
  public BigDecimal returned() {
    return fedIn.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /**
   * A month of a load.
   *
   * @throws IncompleteLoadException where an interval has no value, or no price where it needs one:
   *     bills are not made of guesses
   */
  static Determinants of(Tariff tariff, Load load, Grid grid, Grid.Month month)
      throws IncompleteLoadException {
    int periods = tariff.energyHours().periods();
    int demandPeriods = tariff.demandHours().periods();
    Adder taken = new Adder(periods);
    Adder fedIn = new Adder(periods);
    Adder takenWorth = new Adder(1);
    Adder fedInWorth = new Adder(1);
    long[] peaks = new long[demandPeriods];
    int[] peakAt = new int[demandPeriods];
    java.util.Arrays.fill(peakAt, -1);
    long[] values = load.values();
    int perWindow = grid.perWindow();
    for (int i = month.from(); i < month.to(); i++) {
      long value = values[i];
      if (value == Load.MISSING) {
        throw new IncompleteLoadException(load.meter(), load.startOf(i));
      }
      (value >= 0 ? taken : fedIn).add(grid.energyPeriod(i), value);
      if (grid.priced() && value != 0) {
        long price = grid.price(i);
        if (price == PriceCurve.MISSING) {
          throw IncompleteLoadException.withoutPrice(load.meter(), load.startOf(i), load.seconds());
        }
        (value >= 0 ? takenWorth : fedInWorth).addProduct(0, value, price);
      }
      if (grid.windowEnds(i) && i + 1 >= perWindow) {
        long sum = value;
        for (int back = 1; back < perWindow; back++) {
          long earlier = values[i - back];
          if (earlier == Load.MISSING) {
            throw new IncompleteLoadException(load.meter(), load.startOf(i - back));
          }
          sum = Math.addExact(sum, earlier);
        }
        int period = grid.demandPeriod(i);
        if (sum > peaks[period]) {
          peaks[period] = sum;
          peakAt[period] = i;
        }
      }
    }
    List<Peak> periodPeaks = new ArrayList<>();
    int highest = 0;
    for (int p = 0; p < demandPeriods; p++) {
      periodPeaks.add(peak(load, peaks[p], peakAt[p], perWindow));
      highest = peaks[p] > peaks[highest] ? p : highest;
    }
    return new Determinants(
        month.month(),
        load.startOf(month.from()),
        load.startOf(month.to()),
        month.days(),
        taken.energies(load, false),
        fedIn.energies(load, true),
        periodPeaks,
        periodPeaks.get(highest),
        worth(tariff, takenWorth.energies(load, false).getFirst()),
        worth(tariff, fedInWorth.energies(load, true).getFirst()));
  }

  private static BigDecimal worth(Tariff tariff, BigDecimal energyTimesPrice) {
    Dynamic dynamic = tariff.terms().dynamic();
    return dynamic == null ? BigDecimal.ZERO : dynamic.curve().worth(energyTimesPrice);
  }

  private static Peak peak(Load load, long sum, int at, int perWindow) {
    return at < 0
        ? new Peak(BigDecimal.ZERO, null)
        : new Peak(load.kilowatts(sum, perWindow), load.startOf(at + 1));
  }

  /** Sums by period, exact however large. */
  private static final class Adder {
    private final long[] sums;
    private final BigInteger[] beyond;

    Adder(int periods) {
      sums = new long[periods];
      beyond = new BigInteger[periods];
      java.util.Arrays.fill(beyond, BigInteger.ZERO);
    }

    void add(int period, long value) {
      long sum = sums[period] + value;
      if (((sums[period] ^ sum) & (value ^ sum)) < 0) {
        beyond[period] = beyond[period].add(BigInteger.valueOf(sums[period]));
        sum = value;
      }
      sums[period] = sum;
    }

    void addProduct(int period, long a, long b) {
      if (Math.multiplyHigh(a, b) == a * b >> 63) {
        add(period, a * b);
      } else {
        beyond[period] = beyond[period].add(BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)));
      }
    }

    List<BigDecimal> energies(Load load, boolean turned) {
      List<BigDecimal> energies = new ArrayList<>();
      for (int p = 0; p < sums.length; p++) {
        BigDecimal energy = load.kilowattHours(beyond[p].add(BigInteger.valueOf(sums[p])));
        energies.add(turned ? energy.negate() : energy);
      }
      return energies;
    }
  }
}
