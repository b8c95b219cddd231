package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;
import org.gridwarden.core.MeterId;

/**
 * Where a meter stands on a schedule.
 *
 * @param meter which meter
 * @param schedule which schedule
 * @param due when its turn is
 * @param failures how many turns in a row failed
 * @param asked how often the gaps that are left were asked for in vain
 * @param succeeded when a turn last went well
 * @param givenUp gaps that end before it are not asked for any more
 * @param corrected when its clock was last corrected
 */
public record CollectionTurn(
    MeterId meter,
    Schedule schedule,
    Instant due,
    int failures,
    int asked,
    Optional<Instant> succeeded,
    Optional<Instant> givenUp,
    Optional<Instant> corrected) {
  /** What is collected by one rhythm; its ordinal is stored. */
  public enum Schedule {
    /** Registers that a bill stands on. */
    BILLING,
    /** Profiles, event logs and the clock. */
    PROFILES
  }
}
