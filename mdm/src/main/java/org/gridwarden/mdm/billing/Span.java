package org.gridwarden.mdm.billing;

import java.time.Instant;

/**
 * What of a load is billed. Each instant begins a civil day: a change counts from midnight on.
 *
 * @param since when the tariff began to hold for whoever is billed: what is carried on within a
 *     year, and the year's minimum, count from then; readings before it count where the tariff
 *     looks back only
 * @param from when what is billed now begins
 * @param to when it ends
 * @param ends whether the tariff ends with it, or whoever is billed leaves: what is left over is
 *     paid then, and the year's minimum owed for the part of the year that there was
 */
public record Span(Instant since, Instant from, Instant to, boolean ends) {
  /**
   * @throws IllegalArgumentException where it is out of order or empty
   */
  public Span {
    if (from.isBefore(since) || !from.isBefore(to)) {
      throw new IllegalArgumentException(
          "what is billed begins after the tariff did, and ends later: not " + from + " to " + to);
    }
  }
}
