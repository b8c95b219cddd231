package org.gridwarden.bench.channels;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.gridwarden.simulator.zigbee.net.TunnelLoad;

/**
 * Zigbee beside the channels that are measured: no radio is at hand, so it is the software model of
 * {@code simulator.zigbee} under the same load, and named so. It has a radio of its own (250
 * kbit/s, one cell, one hop) and of the link takes the loss alone; its office takes no time.
 */
final class ZigbeeModelRow {
  static final String NAME = "zigbee (model)";

  private static final String CHANNEL = "zigbee";
  private static final String ALL = "all";
  private static final int MOST_METERS = 1_000;

  private ZigbeeModelRow() {}

  private static List<String> words(String channels) {
    return Arrays.stream(channels.toLowerCase(Locale.ROOT).split(",", -1))
        .map(String::trim)
        .toList();
  }

  /** Whether it was asked for. */
  static boolean isIn(String channels) {
    return words(channels).contains(CHANNEL) || words(channels).contains(ALL);
  }

  /**
   * The channels that are measured.
   *
   * @throws IllegalArgumentException where there would be none: the model takes the messages'
   *     length from them
   */
  static String without(String channels) {
    String others =
        words(channels).stream().filter(w -> !w.equals(CHANNEL)).collect(Collectors.joining(","));
    if (others.isEmpty()) {
      throw new IllegalArgumentException(
          "zigbee is a model, which takes the messages' length from a channel that is measured:"
              + " name one beside it, --channels mqtt-qos1,zigbee");
    }
    return others;
  }

  /**
   * The model's row.
   *
   * @param measured the other channels' results
   * @return empty where it was not asked for, or none of them sent secured messages
   */
  static Optional<Result> of(Settings settings, List<Result> measured) {
    Optional<Result> like =
        measured.stream().filter(r -> !r.name().equals(Variant.DLMS) && r.sealed() > 0).findFirst();
    if (!settings.zigbee() || like.isEmpty()) {
      return Optional.empty();
    }
    double said = like.get().said();
    int sealed = (int) Math.round(like.get().sealed());
    int meters = Math.min(settings.meters(), MOST_METERS);
    TunnelLoad.Measured cost =
        TunnelLoad.measure(
            meters,
            Math.max(1, (int) settings.every().toSeconds()),
            sealed,
            settings.link().loss(),
            (int) settings.lasting().toSeconds(),
            settings.seed());
    Result row =
        new Result(NAME)
            .put(Figure.METERS, meters)
            .put(Figure.MESSAGES, cost.sent())
            .put(Figure.PAYLOAD_BYTES, said)
            .put(Figure.SECURITY_BYTES, sealed - said)
            .put(Figure.PROTOCOL_BYTES, cost.bytesEach() - sealed)
            .put(Figure.WIRE_BYTES, cost.bytesEach())
            .put(Figure.PACKETS, cost.framesEach())
            .put(Figure.SENT, cost.sent())
            .put(Figure.DELIVERED, cost.up().size())
            .put(Figure.DELIVERED_PERCENT, cost.up().size() * 100.0 / cost.sent());
    row.put(Figure.UP_P50, Figure.UP_P95, Figure.UP_P99, cost.up());
    row.put(
        Figure.ACKNOWLEDGED_P50,
        Figure.ACKNOWLEDGED_P95,
        Figure.ACKNOWLEDGED_P99,
        cost.acknowledged());
    return Optional.of(row);
  }
}
