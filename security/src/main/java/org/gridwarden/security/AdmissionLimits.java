package org.gridwarden.security;

import java.net.InetAddress;
import java.util.Set;

/**
 * How much room {@link LimitedAdmission} gives.
 *
 * @param total sessions in all, 1 or more
 * @param unauthenticated of these, how many may be unauthenticated, 1 to {@code total}
 * @param perSource how many unauthenticated sessions one source address may hold
 * @param perMeter how many authenticated sessions one meter may hold
 * @param datagramsPerSecond how many datagrams a second one source may send, on the long run
 * @param datagramBurst how many it may send at once
 * @param datagramsInAll how many datagrams a second are looked at from all sources together
 * @param trackedSources for how many sources datagrams are counted; the longest silent is forgotten
 * @param gateways addresses of trusted concentrators: no limit per source, only the ones over all
 */
public record AdmissionLimits(
    int total,
    int unauthenticated,
    int perSource,
    int perMeter,
    int datagramsPerSecond,
    int datagramBurst,
    int datagramsInAll,
    int trackedSources,
    Set<InetAddress> gateways) {
  /**
   * @throws IllegalArgumentException naming the limit that makes no sense
   */
  public AdmissionLimits {
    positive(total, "total");
    positive(unauthenticated, "unauthenticated");
    positive(perSource, "perSource");
    positive(perMeter, "perMeter");
    positive(datagramsPerSecond, "datagramsPerSecond");
    positive(datagramBurst, "datagramBurst");
    positive(datagramsInAll, "datagramsInAll");
    positive(trackedSources, "trackedSources");
    if (unauthenticated > total) {
      throw new IllegalArgumentException("'unauthenticated' cannot be more than 'total' sessions");
    }
    gateways = Set.copyOf(gateways);
  }

  /** Room for 50,000 sessions, 4,096 of them unauthenticated, 512 from one source. */
  public static AdmissionLimits defaults() {
    return new AdmissionLimits(50_000, 4_096, 512, 4, 200, 400, 50_000, 65_536, Set.of());
  }

  /** The same with trusted gateways. */
  public AdmissionLimits withGateways(Set<InetAddress> trusted) {
    return new AdmissionLimits(
        total,
        unauthenticated,
        perSource,
        perMeter,
        datagramsPerSecond,
        datagramBurst,
        datagramsInAll,
        trackedSources,
        trusted);
  }

  private static void positive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException("'" + name + "' is 1 or more, not " + value);
    }
  }
}
