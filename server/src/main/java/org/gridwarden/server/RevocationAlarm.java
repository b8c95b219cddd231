package org.gridwarden.server;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.gridwarden.core.Severity;
import org.gridwarden.store.OfficeAlarms;

/**
 * Raises an alarm where it has not been known for an hour what is revoked. The usual cause is that
 * the database is away, and then no row can be written either: it is written as soon as it is back,
 * with the time at which it began. One thread at a time.
 */
final class RevocationAlarm {
  static final String WORD = "office.revocation-unknown";

  private final OfficeAlarms alarms;
  private final BooleanSupplier known;
  private final InstantSource clock;
  private Optional<Instant> since = Optional.empty();

  /**
   * @param known whether there was news within the hour
   */
  RevocationAlarm(OfficeAlarms alarms, BooleanSupplier known, InstantSource clock) {
    this.alarms = alarms;
    this.known = known;
    this.clock = clock;
  }

  /** Looks; throws where the database does not answer, and is to be called again then. */
  void look() {
    Instant now = clock.instant();
    boolean fine = known.getAsBoolean();
    if (fine && since.isEmpty()) {
      return;
    }
    Instant began = since.orElse(now);
    since = Optional.of(began);
    alarms.raise(
        WORD,
        Severity.CRITICAL,
        began,
        now,
        "From "
            + began.truncatedTo(ChronoUnit.SECONDS)
            + " on the office did not know what is revoked: nothing was commanded over TLS");
    if (fine) {
      alarms.over(WORD, now);
      since = Optional.empty();
    }
  }
}
