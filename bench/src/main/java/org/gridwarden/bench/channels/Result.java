package org.gridwarden.bench.channels;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was measured of one variant; what was not is not in it. */
final class Result {
  private final String name;
  private final Map<Figure, Double> figures = new EnumMap<>(Figure.class);
  private double said;
  private double sealed;

  Result(String name) {
    this.name = name;
  }

  /** The variant's name. */
  String name() {
    return name;
  }

  /** What a message says, in bytes on the average. */
  void saying(double bytes) {
    said = bytes;
  }

  /** The same, 0 where no message was sent. */
  double said() {
    return said;
  }

  /** How long a message is once it is sealed, in bytes on the average. */
  void sealing(double bytes) {
    sealed = bytes;
  }

  /** The same, 0 where no message was sent. */
  double sealed() {
    return sealed;
  }

  /** Adds a figure; one that is no number is left out. */
  Result put(Figure figure, double value) {
    if (Double.isFinite(value)) {
      figures.put(figure, value);
    }
    return this;
  }

  /** Adds three shares of what was measured, in milliseconds. */
  void put(Figure half, Figure most, @Nullable Figure nearlyAll, List<Long> nanos) {
    if (nanos.isEmpty()) {
      return;
    }
    put(half, millis(nanos, 0.5));
    put(most, millis(nanos, 0.95));
    if (nearlyAll != null) {
      put(nearlyAll, millis(nanos, 0.99));
    }
  }

  /** The time in milliseconds that a share of them does not exceed. */
  static double millis(List<Long> nanos, double share) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    int at = (int) Math.ceil(sorted.length * share) - 1;
    return sorted[Math.clamp(at, 0, sorted.length - 1)] / 1e6;
  }

  /** A figure; empty where it was not measured. */
  Optional<Double> get(Figure figure) {
    return Optional.ofNullable(figures.get(figure));
  }

  /** A number as files have it. */
  static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** The CSV's first line. */
  static String head() {
    return "variant,"
        + Arrays.stream(Figure.values()).map(Figure::column).collect(Collectors.joining(","));
  }

  /** A line of the CSV. */
  String csv() {
    return name
        + ","
        + Arrays.stream(Figure.values())
            .map(f -> get(f).map(Result::number).orElse(""))
            .collect(Collectors.joining(","));
  }

  /** One JSON object. */
  String json() {
    return "{\"variant\":\""
        + name
        + "\""
        + figures.entrySet().stream()
            .map(e -> ",\"" + e.getKey().column() + "\":" + number(e.getValue()))
            .collect(Collectors.joining())
        + "}";
  }
}
