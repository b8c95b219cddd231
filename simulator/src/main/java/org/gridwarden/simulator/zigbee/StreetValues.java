package org.gridwarden.simulator.zigbee;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.gridwarden.core.Action;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.zigbee.meter.MeterValues;
import org.gridwarden.simulator.zigbee.meter.OtaClient;

/**
 * What the meters of a street measure, for their clusters.
 *
 * @param number from 1, in the street's order
 */
public record StreetValues(MessageStreet street, int number)
    implements MeterValues, OtaClient.Store {
  private static final long NOMINAL = 2_300;
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Duration KEPT = Duration.ofDays(2);

  @Override
  public Instant now() {
    return street.clock(number).instant();
  }

  @Override
  public long wattHours() {
    return street.wattHours(number);
  }

  @Override
  public long watts() {
    return street.watts(number);
  }

  @Override
  public long running() {
    FirmwareVersion runs = street.firmware(number);
    return (long) runs.major() << 22 | runs.minor() << 12 | runs.patch();
  }

  @Override
  public boolean take(byte[] image) {
    return street.carry(number, image);
  }

  @Override
  public long deciVolts() {
    return NOMINAL;
  }

  @Override
  public void shed(boolean off) {
    street.shed(number, off);
  }

  @Override
  public int supply() {
    return switch (street.breaker(number)) {
      case DISCONNECTED -> OFF;
      case READY_FOR_RECONNECTION -> ARMED;
      case CONNECTED -> ON;
    };
  }

  @Override
  public void supply(int wanted) {
    street.act(
        number,
        switch (wanted) {
          case OFF -> new Action.Disconnect();
          case ARMED -> new Action.Arm();
          default -> new Action.Connect();
        });
  }

  @Override
  public OptionalLong quarter(Instant begin) {
    Instant now = now();
    return begin.plus(QUARTER).isAfter(now) || begin.isBefore(now.minus(KEPT))
        ? OptionalLong.empty()
        : OptionalLong.of(street.wattHours(number, begin));
  }
}
