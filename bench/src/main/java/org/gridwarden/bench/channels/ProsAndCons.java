package org.gridwarden.bench.channels;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What speaks for a channel and against it: sentences about its figures beside the others'. */
final class ProsAndCons {
  private static final double CLOSE = 1.1;
  private static final double FAR = 1.5;
  private static final double MANY_MESSAGES = 1_000;

  private final List<Result> results;

  /** What is said against Zigbee's row, which is compared with nothing. */
  static final List<String> OF_A_MODEL =
      List.of(
          "A software model, no measurement: its bytes are frames on the air, and compared with"
              + " nobody's");

  /**
   * @param results of which a model's are left out
   */
  ProsAndCons(List<Result> results) {
    this.results = results.stream().filter(r -> !r.name().equals(ZigbeeModelRow.NAME)).toList();
  }

  /** What a figure means to people, where less of it is better. */
  private record Measure(Figure figure, String what, String unit) {}

  private static final List<Measure> LESS_IS_BETTER =
      List.of(
          new Measure(Figure.WIRE_BYTES, "on the wire a message", "bytes"),
          new Measure(Figure.SETUP_BYTES, "to connect", "bytes"),
          new Measure(Figure.ACKNOWLEDGED_P50, "until a message is known to be stored", "ms"),
          new Measure(Figure.RECEIPT_P50, "from an order to its receipt", "ms"),
          new Measure(Figure.IDLE_BYTES_AN_HOUR, "an hour to stay reachable", "bytes"),
          new Measure(Figure.DAY_ENERGY, "a day for the radio, by its model", "J"),
          new Measure(Figure.OFFICE_MICROS, "of the office's processor a message", "µs"));

  /** What speaks for it. */
  List<String> pros(Result result) {
    List<String> pros = new ArrayList<>();
    if (result.name().equals(ZigbeeModelRow.NAME)) {
      return pros;
    }
    for (Measure m : LESS_IS_BETTER) {
      Optional<Double> its = result.get(m.figure);
      List<Double> all = sorted(m.figure);
      if (its.isPresent() && isRare(all) && its.get() <= all.getFirst() * CLOSE) {
        pros.add(
            String.format(
                Locale.ROOT,
                "%s %s %s %s",
                its.get() <= all.getFirst() ? "Least of all:" : "Close to the least:",
                Plot.number(its.get()),
                m.unit,
                m.what));
      }
    }
    result
        .get(Figure.DELIVERED_PERCENT)
        .filter(v -> v >= 99.95)
        .ifPresent(v -> pros.add("Every message arrived"));
    result
        .get(Figure.OUTAGE_DELIVERED_PERCENT)
        .filter(v -> v >= 99.5)
        .ifPresent(v -> pros.add("What was due during the outage came after it"));
    return pros;
  }

  /** What speaks against it. */
  List<String> cons(Result result, Variant variant) {
    List<String> cons = new ArrayList<>();
    for (Measure m : LESS_IS_BETTER) {
      Optional<Double> its = result.get(m.figure);
      List<Double> all = sorted(m.figure);
      if (its.isEmpty() || all.size() < 2) {
        continue;
      }
      double least = all.getFirst();
      if (its.get() > least * FAR && its.get() > all.get((all.size() - 1) / 2)) {
        cons.add(
            least > 0
                ? String.format(
                    Locale.ROOT,
                    "%s %s %s, %.1f times the least",
                    Plot.number(its.get()),
                    m.unit,
                    m.what,
                    its.get() / least)
                : String.format(Locale.ROOT, "%s %s %s", Plot.number(its.get()), m.unit, m.what));
      }
    }
    result
        .get(Figure.DELIVERED_PERCENT)
        .filter(v -> v < 99.95)
        .ifPresent(v ->
            cons.add(String.format(Locale.ROOT, "%.1f %% of the messages never arrived", 100 - v)));
    result
        .get(Figure.OUTAGE_DELIVERED_PERCENT)
        .filter(v -> v < 99.5)
        .ifPresent(v ->
            cons.add(
                String.format(
                    Locale.ROOT,
                    "%.0f %% of what was due during the outage had not come as long again and a"
                        + " minute later",
                    100 - v)));
    if (!variant.acknowledged()) {
      cons.add("The meter never knows whether a message was stored");
    }
    if (!variant.commanded()) {
      cons.add("No order reaches the meter in this form");
    }
    return cons;
  }

  /** Whether the least is had by one, or by a third of them at most: else it is no merit. */
  private static boolean isRare(List<Double> all) {
    return all.size() > 1
        && all.stream().filter(v -> v <= all.getFirst() * CLOSE).count()
            <= Math.max(1, all.size() / 3);
  }

  /** What there is of a figure; of the processor's time nothing where few messages were counted. */
  private List<Double> sorted(Figure figure) {
    return results.stream()
        .filter(
            r -> figure != Figure.OFFICE_MICROS || r.get(Figure.SENT).orElse(0.0) >= MANY_MESSAGES)
        .flatMap(r -> r.get(figure).stream())
        .sorted()
        .toList();
  }
}
