package org.gridwarden.simulator.zigbee.strip;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;

/** An outlet of a power strip, and what is plugged into it. On the model's thread only. */
public final class Outlet {
  private static final long MOST_STEPS = 3_600;
  private static final long MILLIWATT_SECONDS = 360_000; // a tenth of a watt-hour

  private final Appliance appliance;
  private final InstantSource clock;
  private final ZoneId zone;
  private boolean on = true;
  private Instant used = Instant.EPOCH;
  private Instant settled;
  private long milliwattSeconds;

  /**
   * @param zone whose civil time its people live by
   * @param tenthWattHours what its register stands at
   */
  public Outlet(Appliance appliance, InstantSource clock, ZoneId zone, long tenthWattHours) {
    this.appliance = appliance;
    this.clock = clock;
    this.zone = zone;
    this.settled = clock.instant();
    this.milliwattSeconds = Math.multiplyExact(tenthWattHours, MILLIWATT_SECONDS);
  }

  /** What is plugged in. */
  public Appliance appliance() {
    return appliance;
  }

  /** Whether it is switched on. */
  public boolean on() {
    return on;
  }

  /** Switches it. */
  public void turn(boolean now) {
    settle();
    on = now;
  }

  /** Somebody sets the appliance to work. */
  public void use() {
    settle();
    used = clock.instant();
  }

  /** The power taken now, in thousandths of a watt. */
  public long milliwatts() {
    return milliwatts(clock.instant());
  }

  private long milliwatts(Instant at) {
    return on ? appliance.milliwatts(at, zone, used) : 0;
  }

  /** Its register of energy taken, in tenths of a watt-hour. */
  public long tenthWattHours() {
    settle();
    return milliwattSeconds / MILLIWATT_SECONDS;
  }

  /** Adds up what was taken meanwhile, in steps of a second, or longer after a long time. */
  private void settle() {
    Instant now = clock.instant();
    long seconds = Duration.between(settled, now).toSeconds();
    long step = Math.max(1, seconds / MOST_STEPS);
    for (; seconds >= step; seconds -= step) {
      milliwattSeconds += milliwatts(settled) * step;
      settled = settled.plusSeconds(step);
    }
  }
}
