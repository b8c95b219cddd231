package org.gridwarden.dlms;

/** What a pushed value is for; meter profiles say it by OBIS code. */
public enum Role {
  /** The quantity of one interval. */
  INTERVAL,
  /** A register that only counts up; neighbours are differenced. */
  CUMULATIVE,
  /** A value of the instant: power, voltage, current. */
  MOMENTARY,
  /** The meter's clock. */
  CLOCK,
  /** Status bits, of a profile row or of the meter. */
  STATUS,
  /** An event's code. */
  EVENT,
  /** The meter's serial number. */
  SERIAL,
  /** Another name or version: type, firmware, logical device name. */
  IDENTITY,
  /** None of these, or not known. */
  OTHER
}
