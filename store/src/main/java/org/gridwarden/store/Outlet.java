package org.gridwarden.store;

import java.time.Instant;
import org.gridwarden.core.MeterId;

/**
 * What people say of an outlet of a power strip.
 *
 * @param number 1 to 64: value group B of the OBIS codes of what it measures
 * @param name how it is called, at most 64 characters; empty where nobody said
 * @param place where it is, likewise
 * @param appliance what is plugged in, likewise
 * @param standbyWatts up to so many watts it is not in use, 0 to 5,000
 * @param since when it was said
 * @param saidBy by whom
 */
public record Outlet(
    MeterId meter,
    int number,
    String name,
    String place,
    String appliance,
    int standbyWatts,
    Instant since,
    String saidBy) {
  /** The outlets that a strip can have. */
  public static final int MOST = 64;

  /** The longest name, place or appliance. */
  public static final int LONGEST = 64;

  /** What a threshold is where nobody said one, in watts. */
  public static final int USUAL_STANDBY = 5;

  /** The greatest threshold, in watts. */
  public static final int MOST_STANDBY = 5_000;
}
