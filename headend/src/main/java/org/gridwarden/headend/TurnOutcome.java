package org.gridwarden.headend;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Fault;
import org.gridwarden.store.CollectionClock;
import org.gridwarden.store.CollectionTurn.Schedule;

/**
 * How a session went.
 *
 * @param work what was to be done
 * @param began when
 * @param done which schedules' parts were read to their end
 * @param fault what ended it early
 * @param clock how the clock was, where it was read
 */
record TurnOutcome(
    CollectionWork work,
    Instant began,
    Set<Schedule> done,
    Optional<Fault> fault,
    Optional<CollectionClock> clock) {
  TurnOutcome {
    done = Set.copyOf(done);
  }
}
