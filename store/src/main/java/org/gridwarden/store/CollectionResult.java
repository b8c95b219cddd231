package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;
import org.gridwarden.core.MeterId;

/**
 * How a turn went.
 *
 * @param meter which meter
 * @param schedule on which schedule
 * @param tried when it began
 * @param due when the next one is
 * @param fault what went wrong, in a line; empty where it went well
 * @param failures how many turns in a row have failed now
 * @param asked how often the gaps that are left were asked for in vain
 * @param givenUp gaps that end before it are not asked for any more
 * @param missing how many slots are missing that should be there
 * @param expected how many slots should be there
 */
public record CollectionResult(
    MeterId meter,
    CollectionTurn.Schedule schedule,
    Instant tried,
    Instant due,
    String fault,
    int failures,
    int asked,
    Optional<Instant> givenUp,
    int missing,
    int expected) {
  private static final int LONGEST_FAULT = 300;

  public CollectionResult {
    fault = fault.length() > LONGEST_FAULT ? fault.substring(0, LONGEST_FAULT) : fault;
  }
}
