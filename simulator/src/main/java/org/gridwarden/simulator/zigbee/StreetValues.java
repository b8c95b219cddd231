package org.gridwarden.simulator.zigbee;

import java.time.Instant;
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
}
