package org.gridwarden.channel.zigbee;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each device was heard last, of those that proved themselves; tells on what they say.
 * Thread-safe.
 */
final class Presence implements Coordinator.Listener {
  /** So many reports may be missing before a device is called silent. */
  private static final int MISSED = 3;

  private static final Duration SPARE = Duration.ofMinutes(1);

  private final Roster roster;
  private final Coordinator.Listener next;
  private final boolean linkKeys;
  private final InstantSource clock;
  private final Map<Eui64, Instant> heard = new ConcurrentHashMap<>();
  private volatile Instant since;

  /**
   * @param next who takes what is told
   * @param linkKeys whether the driver tells what came under a link key
   */
  Presence(Roster roster, Coordinator.Listener next, boolean linkKeys, InstantSource clock) {
    this.roster = roster;
    this.next = next;
    this.linkKeys = linkKeys;
    this.clock = clock;
    this.since = clock.instant();
  }

  /** The line is open again: silence is counted anew. */
  void begin() {
    since = clock.instant();
  }

  /** When a device was heard last; empty where it was not since this started. */
  Optional<Instant> last(Eui64 device) {
    return Optional.ofNullable(heard.get(device));
  }

  /**
   * Whether a device that should report has been missing for long. Never where the driver does not
   * tell link keys: there nothing is reported by clusters.
   */
  boolean silent(Known device, Duration report) {
    if (!linkKeys || !device.inside() || !device.reports()) {
      return false;
    }
    Instant from = last(device.eui64()).filter(at -> at.isAfter(since)).orElse(since);
    return clock.instant().isAfter(from.plus(report.multipliedBy(MISSED)).plus(SPARE));
  }

  @Override
  public void frame(Incoming frame) {
    if (frame.profile() != 0
        && (linkKeys ? frame.secured() : frame.cluster() == Clusters.TUNNELING)) {
      roster.at(frame.from()).ifPresent(k -> heard.put(k.eui64(), clock.instant()));
    }
    next.frame(frame);
  }

  @Override
  public void knocked(Eui64 device) {
    next.knocked(device);
  }

  @Override
  public void left(Eui64 device) {
    next.left(device);
  }

  /** It is known no longer. */
  void forget(Eui64 device) {
    heard.remove(device);
  }
}
