package org.gridwarden.dlms;

/** What a profile status bit can mean; meter profiles map their bits to these. */
public enum StatusFlag {
  /** The meter lost power in the interval. */
  POWER_DOWN,
  /** The clock was set in the interval. */
  CLOCK_ADJUSTED,
  /** The clock may be wrong. */
  CLOCK_INVALID,
  /** The meter doubts the value. */
  DOUBTFUL,
  /** The value is an estimate. */
  ESTIMATED,
  /** There is no value. */
  MISSING
}
