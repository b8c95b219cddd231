package org.gridwarden.simulator.zigbee.meter;

import java.time.Instant;

/** What a meter measures now. Thread-safe and quick. */
public interface MeterValues {
  /** Its clock. */
  Instant now();

  /** Its register of energy taken, in watt-hours. */
  long wattHours();

  /** The power taken, in watts. */
  long watts();

  /** The voltage, in tenths of a volt. */
  long deciVolts();
}
