package org.gridwarden.simulator.zigbee.meter;

import java.time.Instant;
import java.util.OptionalLong;

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

  /**
   * What can be switched off for a while in the household is switched off, or on again. Nothing
   * where there is no such thing.
   */
  default void shed(boolean off) {}

  /** How its supply stands: off. */
  int OFF = 0;

  /** Off, and its consumer may switch it on. */
  int ARMED = 1;

  int ON = 2;

  /** How its supply stands. */
  default int supply() {
    return ON;
  }

  /** Switches the supply: {@link #OFF}, {@link #ARMED} or {@link #ON}. */
  default void supply(int wanted) {}

  /**
   * The energy of the quarter-hour that began then, in watt-hours; empty where it is not kept (any
   * more), or not over.
   */
  default OptionalLong quarter(Instant begin) {
    return OptionalLong.empty();
  }
}
