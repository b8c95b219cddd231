package org.gridwarden.core;

import java.time.Instant;
import java.util.List;
import org.gridwarden.cosem.ObisCode;

/**
 * What to read from a meter.
 *
 * @param channels which objects
 * @param from the earliest interval, inclusive
 * @param to the latest interval, exclusive
 */
public record ReadPlan(List<ObisCode> channels, Instant from, Instant to) {
  public ReadPlan {
    channels = List.copyOf(channels);
  }
}
