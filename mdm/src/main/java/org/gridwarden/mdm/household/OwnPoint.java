package org.gridwarden.mdm.household;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * A service point as its consumer sees it. Nothing of before it was theirs is looked at.
 *
 * @param name as shipments name it
 * @param since from when on it is theirs
 * @param zone the civil time there
 */
public record OwnPoint(String name, Instant since, ZoneId zone) {
  /** The civil day on which it became theirs. */
  public LocalDate firstDay() {
    return LocalDate.ofInstant(since, zone);
  }

  /** When a civil day begins there. */
  Instant start(LocalDate day) {
    return day.atStartOfDay(zone).toInstant();
  }
}
