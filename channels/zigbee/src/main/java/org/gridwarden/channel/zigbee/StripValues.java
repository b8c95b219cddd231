package org.gridwarden.channel.zigbee;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.gridwarden.channel.zigbee.Strips.Outlet;
import org.gridwarden.channel.zigbee.Strips.Ratio;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;

/**
 * What an outlet's attributes mean in core's words: the strip is the meter, and value group B of
 * the OBIS code, the channel, is the outlet. The link key ends in the dongle, so all of it is
 * marked. Pure functions.
 */
final class StripValues {
  static final int POWER = 0x050B;
  static final int CURRENT = 0x0508;
  static final int CURRENT_MULTIPLIER = 0x0602;
  static final int CURRENT_DIVISOR = 0x0603;
  static final int POWER_MULTIPLIER = 0x0604;
  static final int POWER_DIVISOR = 0x0605;

  private StripValues() {}

  /** What a report of one of an outlet's clusters says; nothing where it is of another one. */
  static List<Message> of(
      Outlet outlet, MeterId meter, int cluster, Attributes report, Instant now) {
    int channel = outlet.number();
    List<Reading> values = new ArrayList<>();
    switch (cluster) {
      case StripSetup.ON_OFF ->
          report
              .get(0)
              .ifPresent(on ->
                  values.add(
                      new Reading(
                          ObisCode.of(0, channel, 96, 3, 10, 255),
                          now,
                          new ScaledValue(on == 0 ? 0 : 1, 0, Unit.COUNT),
                          Quality.UNAUTHENTICATED)));
      case Clusters.MEASUREMENT -> {
        add(values, channel, 1, report.get(POWER), outlet.power(), Unit.WATT, now);
        add(values, channel, 31, report.get(CURRENT), outlet.current(), Unit.AMPERE, now);
        add(values, channel, 32, report.get(Clusters.VOLTAGE), outlet.voltage(), Unit.VOLT, now);
      }
      case Clusters.METERING -> {
        OptionalLong raw = report.get(Clusters.SUMMATION);
        if (raw.isPresent() && outlet.energy().told()) {
          Reading register =
              new Reading(
                  ObisCode.of(1, channel, 1, 8, 0, 255),
                  now,
                  scaled(raw.getAsLong(), outlet.energy(), 3, Unit.WATT_HOUR),
                  Quality.UNAUTHENTICATED);
          return List.of(new Billing(meter, List.of(register)));
        }
      }
      default -> {
        // not asked for
      }
    }
    return values.isEmpty()
        ? List.of()
        : List.of(new Usage(meter, values, List.of(), List.of(), List.of()));
  }

  private static void add(
      List<Reading> to,
      int channel,
      int quantity,
      OptionalLong raw,
      Ratio ratio,
      Unit unit,
      Instant now) {
    if (raw.isPresent() && ratio.told()) {
      to.add(
          new Reading(
              ObisCode.of(1, channel, quantity, 7, 0, 255),
              now,
              scaled(raw.getAsLong(), ratio, 0, unit),
              Quality.UNAUTHENTICATED));
    }
  }

  /**
   * Exact where the divisor is a power of ten; otherwise cut to thousandths.
   *
   * @param scaler of the unit in which the ratio counts
   */
  private static ScaledValue scaled(long raw, Ratio ratio, int scaler, Unit unit) {
    long value = Math.multiplyExact(raw, ratio.by());
    int over = ratio.over();
    int places = 0;
    while (over % 10 == 0) {
      over /= 10;
      places++;
    }
    return over == 1
        ? new ScaledValue(value, scaler - places, unit)
        : new ScaledValue(
            Math.floorDiv(Math.multiplyExact(value, 1_000), ratio.over()), scaler - 3, unit);
  }
}
