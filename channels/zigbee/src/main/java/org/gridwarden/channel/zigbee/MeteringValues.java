package org.gridwarden.channel.zigbee;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
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
 * What Smart Energy's attributes mean in core's words. The link key stands behind them with a tag
 * of 32 bits, and ends in the dongle: so they are marked, and never billed alone. Pure functions.
 */
final class MeteringValues {
  static final ObisCode REGISTER = ObisCode.parse("1.0.1.8.0.255");
  static final ObisCode POWER = ObisCode.parse("1.0.1.7.0.255");
  static final ObisCode VOLTAGE = ObisCode.parse("1.0.32.7.0.255");

  private static final byte MARKED = Quality.UNAUTHENTICATED;
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final Duration BELIEVED = Duration.ofDays(1);

  private MeteringValues() {}

  /** What a report of the Metering cluster says; empty where nothing that is kept. */
  static List<Message> metering(Known from, MeterId meter, Attributes report, Instant now) {
    if (from.divisor() <= 0 || from.multiplier() <= 0) {
      return List.of();
    }
    Instant at = time(report.get(Clusters.SNAPSHOT_TIME), now);
    List<Message> messages = new ArrayList<>();
    report
        .get(Clusters.SUMMATION)
        .ifPresent(raw ->
            messages.add(
                new Billing(
                    meter,
                    List.of(
                        new Reading(REGISTER, at, scaled(from, raw, Unit.WATT_HOUR), MARKED)))));
    report
        .get(Clusters.DEMAND)
        .ifPresent(raw ->
            messages.add(
                usage(meter, new Reading(POWER, at, scaled(from, raw, Unit.WATT), MARKED))));
    return List.copyOf(messages);
  }

  /** What a report of the Electrical Measurement cluster says. */
  static List<Message> measurement(Known from, MeterId meter, Attributes report, Instant now) {
    OptionalLong raw = report.get(Clusters.VOLTAGE);
    if (raw.isEmpty() || from.deciVolts() <= 0) {
      return List.of();
    }
    ScaledValue volts = new ScaledValue(raw.getAsLong() * from.deciVolts(), -1, Unit.VOLT);
    return List.of(usage(meter, new Reading(VOLTAGE, now, volts, MARKED)));
  }

  private static Usage usage(MeterId meter, Reading reading) {
    return new Usage(meter, List.of(reading), List.of(), List.of(), List.of());
  }

  /** The meter's own time where it is anywhere near ours. */
  private static Instant time(OptionalLong secondsSince2000, Instant now) {
    if (secondsSince2000.isEmpty()) {
      return now;
    }
    Instant its = EPOCH.plusSeconds(secondsSince2000.getAsLong());
    return Duration.between(its, now).abs().compareTo(BELIEVED) <= 0 ? its : now;
  }

  /**
   * Raw times multiplier over divisor is kilo-something. Where the divisor is a power of ten the
   * value is exact; otherwise it is cut to whole ones.
   */
  static ScaledValue scaled(Known from, long raw, Unit unit) {
    long value = Math.multiplyExact(raw, from.multiplier());
    int scaler = 3;
    int divisor = from.divisor();
    while (divisor % 10 == 0) {
      divisor /= 10;
      scaler--;
    }
    if (divisor != 1) {
      return new ScaledValue(
          Math.floorDiv(Math.multiplyExact(value, 1_000), from.divisor()), 0, unit);
    }
    return new ScaledValue(value, scaler, unit);
  }
}
