package org.gridwarden.core;

import java.time.Duration;
import java.util.List;
import org.gridwarden.cosem.ObisCode;

/**
 * What can be read of a meter, by the objects that a {@link ReadPlan} names.
 *
 * @param billing cumulative registers that a bill stands on
 * @param profiles where it keeps its intervals
 * @param events where it keeps its events
 */
public record Offer(List<ObisCode> billing, List<Profile> profiles, List<ObisCode> events) {
  public Offer {
    billing = List.copyOf(billing);
    profiles = List.copyOf(profiles);
    events = List.copyOf(events);
  }

  /**
   * A load profile.
   *
   * @param object the profile
   * @param channels under which interval channels its slots are stored
   * @param slot a slot's length, whole seconds
   * @param kept how far back the meter keeps it
   */
  public record Profile(ObisCode object, List<ObisCode> channels, Duration slot, Duration kept) {
    public Profile {
      channels = List.copyOf(channels);
    }
  }
}
