package org.gridwarden.exchange.cim;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.gridwarden.exchange.Measure;

/**
 * A reading type's name: eighteen numbers with dots between (IEC 61968-9, annex C), of which these
 * say something of energy over an interval: the measuring period (3rd), accumulation (4th), flow
 * direction (5th), commodity (6th), kind (7th), multiplier (16th) and unit (17th). Immutable.
 */
public final class ReadingTypeCode {
  private static final int FIELDS = 18;
  private static final int PERIOD = 2;
  private static final int ACCUMULATION = 3;
  private static final int FLOW = 4;
  private static final int COMMODITY = 5;
  private static final int KIND = 6;
  private static final int TOU = 11;
  private static final int MULTIPLIER = 15;
  private static final int UNIT = 16;

  private static final int BULK = 1;
  private static final int DELTA = 4;
  private static final int ENERGY = 12;
  private static final int KILO = 3;

  /** Measuring periods and their seconds, by the codes that ESPI's schema lists, too. */
  private static final Map<Integer, Integer> PERIODS =
      Map.of(
          1, 600, 2, 900, 3, 60, 4, 86_400, 5, 1800, 6, 300, 7, 3600, 10, 120, 14, 180, 31, 1200);

  private final int[] fields;

  private ReadingTypeCode(int[] fields) {
    this.fields = fields;
  }

  /** Of its text; empty where it is none. */
  public static Optional<ReadingTypeCode> parse(String text) {
    if (text.length() > 150) {
      return Optional.empty();
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != FIELDS) {
      return Optional.empty();
    }
    int[] fields = new int[FIELDS];
    for (int i = 0; i < FIELDS; i++) {
      if (!parts[i].matches("-?[0-9]{1,5}")) {
        return Optional.empty();
      }
      fields[i] = Integer.parseInt(parts[i]);
    }
    return Optional.of(new ReadingTypeCode(fields));
  }

  /** Energy over an interval, in thousands of its unit. */
  public static Optional<ReadingTypeCode> interval(Measure measure, long seconds) {
    return PERIODS.entrySet().stream()
        .filter(p -> p.getValue() == seconds)
        .findFirst()
        .map(p -> energy(measure, p.getKey(), DELTA, 0));
  }

  /** A register of energy, in thousands of its unit. */
  public static ReadingTypeCode register(Measure measure, int tariff) {
    return energy(measure, 0, BULK, tariff);
  }

  private static ReadingTypeCode energy(Measure measure, int period, int accumulation, int tariff) {
    int[] fields = new int[FIELDS];
    fields[PERIOD] = period;
    fields[ACCUMULATION] = accumulation;
    fields[FLOW] = measure.flow();
    fields[COMMODITY] = 1; // electricity, secondary metered
    fields[KIND] = ENERGY;
    fields[TOU] = tariff;
    fields[MULTIPLIER] = KILO;
    fields[UNIT] = measure.uom();
    return new ReadingTypeCode(fields);
  }

  /** What it measures; empty where that is no energy over an interval. */
  public Optional<Measure> measure() {
    boolean energy =
        fields[KIND] == ENERGY
            && fields[ACCUMULATION] == DELTA
            && (fields[COMMODITY] == 1 || fields[COMMODITY] == 2);
    return energy ? Measure.of(fields[UNIT], fields[FLOW]) : Optional.empty();
  }

  /** How long its interval is, seconds; 0 where it says none. */
  public int seconds() {
    return PERIODS.getOrDefault(fields[PERIOD], 0);
  }

  /** Values are to be multiplied by ten to this power. */
  public int multiplier() {
    return fields[MULTIPLIER];
  }

  /** All periods that can be said, seconds. */
  static List<Integer> periods() {
    return PERIODS.values().stream().sorted().toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReadingTypeCode that && Arrays.equals(fields, that.fields);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields);
  }

  @Override
  public String toString() {
    return Arrays.stream(fields).mapToObj(Integer::toString).collect(Collectors.joining("."));
  }
}
