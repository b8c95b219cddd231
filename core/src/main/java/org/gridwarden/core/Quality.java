package org.gridwarden.core;

/**
 * A slot's quality as one byte of flags; 0 is good. What a meter's own profile status bits mean is
 * mapped to these by its profile file. Several flags may stand together, {@link #MISSING} stands
 * alone.
 */
public final class Quality {
  /** Good: measured, complete, authenticated. */
  public static final byte GOOD = 0;

  /** No value is known; the value beside it means nothing and is never shown as zero. */
  public static final byte MISSING = (byte) 0x80;

  /** The meter lost power in this interval. */
  public static final byte POWER_DOWN = 0x01;

  /** The meter's clock was set in this interval, or its length is not the nominal one. */
  public static final byte CLOCK_ADJUSTED = 0x02;

  /** The meter says that its clock may be wrong. */
  public static final byte CLOCK_INVALID = 0x04;

  /** The meter itself doubts the value: overflow, damaged memory, critical error. */
  public static final byte DOUBTFUL = 0x08;

  /** Estimated, by the meter or by the office. */
  public static final byte ESTIMATED = 0x10;

  /** Arrived encrypted but not authenticated: kept, shown, and never billed alone. */
  public static final byte UNAUTHENTICATED = 0x20;

  /** Differenced from a register that rolled over or was otherwise reckoned, not sent as such. */
  public static final byte DERIVED = 0x40;

  private Quality() {}
}
