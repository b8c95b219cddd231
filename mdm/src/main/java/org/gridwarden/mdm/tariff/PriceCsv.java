package org.gridwarden.mdm.tariff;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.gridwarden.mdm.billing.PriceCurve;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.mdm.loadfile.BoundedLines;
import org.gridwarden.mdm.loadfile.LoadFileException;

/**
 * Files of prices: CSV with the header {@code start,per_kwh} or {@code start,per_mwh}, a line for
 * each step in the order of time, the start in ISO 8601 with its offset. Steps are equally long,
 * and none is left out. Pure functions.
 */
public final class PriceCsv {
  /** A longer file is not read: ten years of quarter-hours are half of it. */
  public static final int LONGEST = 16 << 20;

  /** Digits behind the point of a price of a kWh. */
  static final int DECIMALS = 9;

  private static final int MOST_STEPS = 1_000_000;
  private static final Pattern PRICE = Pattern.compile("-?[0-9]{1,7}(\\.[0-9]{1,9})?");

  private PriceCsv() {}

  /**
   * The prices that a file holds.
   *
   * @param name what errors call it
   * @throws TariffException where a line is not what it should be, with its number and the remedy
   */
  public static PriceCurve parse(String name, byte[] bytes) throws TariffException {
    if (bytes.length > LONGEST) {
      throw new TariffException(name, "is longer than " + (LONGEST >> 20) + " MiB");
    }
    try (BoundedLines lines =
        new BoundedLines(new StringReader(new String(bytes, StandardCharsets.UTF_8)))) {
      return parse(name, lines);
    } catch (LoadFileException e) {
      throw new TariffException(name, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text in memory has none
    }
  }

  private static PriceCurve parse(String name, BoundedLines lines)
      throws TariffException, LoadFileException, IOException {
    String header = lines.next();
    boolean mega = "start,per_mwh".equals(header);
    if (!mega && !"start,per_kwh".equals(header)) {
      throw new TariffException(
          name + " line 1", "the header start,per_kwh or start,per_mwh is expected");
    }
    long[] starts = new long[128];
    long[] prices = new long[128];
    int size = 0;
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (line.isBlank()) {
        continue;
      }
      String where = name + " line " + lines.number();
      String[] parts = line.split(",", -1);
      if (parts.length != 2) {
        throw new TariffException(where, "a start and a price are expected, a comma between");
      }
      if (size == MOST_STEPS) {
        throw new TariffException(where, "more than " + MOST_STEPS + " prices; write two files");
      }
      if (size == starts.length) {
        starts = Arrays.copyOf(starts, size * 2);
        prices = Arrays.copyOf(prices, size * 2);
      }
      starts[size] = start(where, parts[0].strip());
      prices[size] = price(where, parts[1].strip(), mega);
      if (size > 1 && starts[size] - starts[size - 1] != starts[1] - starts[0]) {
        throw new TariffException(
            where,
            "it starts "
                + (starts[size] - starts[size - 1])
                + " s after the one before, and the others "
                + (starts[1] - starts[0])
                + " s: a price is missing, there twice or out of order");
      }
      size++;
    }
    if (size < 2) {
      throw new TariffException(name, "two prices at least are expected: they tell the step");
    }
    long step = starts[1] - starts[0];
    if (step < 1 || step > 86_400) {
      throw new TariffException(
          name, "its prices are " + step + " s apart: 1 s to a day is expected, in order of time");
    }
    return new PriceCurve(
        Instant.ofEpochSecond(starts[0]), (int) step, Arrays.copyOf(prices, size), DECIMALS);
  }

  private static long start(String where, String text) throws TariffException {
    try {
      OffsetDateTime at = OffsetDateTime.parse(text);
      if (at.getYear() >= 1900 && at.getYear() <= 9999 && at.getNano() == 0) {
        return at.toEpochSecond();
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw new TariffException(
        where, "no date, time and offset of whole seconds, as in 2026-03-29T01:45:00+01:00");
  }

  private static long price(String where, String text, boolean mega) throws TariffException {
    if (!PRICE.matcher(text).matches()) {
      throw new TariffException(
          where, "no price of at most 7 digits before the point and 9 behind it");
    }
    try {
      BigDecimal price = new BigDecimal(text);
      return (mega ? price.movePointLeft(3) : price).movePointRight(DECIMALS).longValueExact();
    } catch (ArithmeticException e) {
      throw new TariffException(where, "a price of a MWh has at most 6 digits behind the point");
    }
  }

  /**
   * One curve of several files; between two of them prices may be missing.
   *
   * @throws TariffException where their steps differ, or two of them overlap
   */
  static PriceCurve join(String where, List<PriceCurve> curves) throws TariffException {
    List<PriceCurve> sorted =
        curves.stream().sorted(Comparator.comparing(PriceCurve::start)).toList();
    PriceCurve first = sorted.getFirst();
    long begin = first.start().getEpochSecond();
    long count = (sorted.getLast().end().getEpochSecond() - begin) / first.seconds();
    if (count > 4L * MOST_STEPS) {
      throw new TariffException(where, "its files span more than " + 4 * MOST_STEPS + " prices");
    }
    long[] prices = new long[(int) count];
    Arrays.fill(prices, PriceCurve.MISSING);
    Instant reached = first.start();
    for (PriceCurve curve : sorted) {
      long off = curve.start().getEpochSecond() - begin;
      if (curve.seconds() != first.seconds() || off % first.seconds() != 0) {
        throw new TariffException(
            where, "its files have steps of different length, or that do not fit together");
      }
      if (curve.start().isBefore(reached)) {
        throw new TariffException(
            where, "two of its files have a price for " + curve.start() + ": leave one out");
      }
      System.arraycopy(
          curve.prices(), 0, prices, (int) (off / first.seconds()), curve.prices().length);
      reached = curve.end();
    }
    return new PriceCurve(first.start(), first.seconds(), prices, DECIMALS);
  }
}
