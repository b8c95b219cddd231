package org.gridwarden.channel.zigbee;

import java.time.Instant;

/** Smart Energy's UTCTime: seconds since 2000, in 32 bits. Pure functions. */
final class SmartEnergyTime {
  static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private SmartEnergyTime() {}

  static long seconds(Instant at) {
    return at.getEpochSecond() - EPOCH.getEpochSecond();
  }

  static Instant instant(long seconds) {
    return EPOCH.plusSeconds(seconds);
  }
}
