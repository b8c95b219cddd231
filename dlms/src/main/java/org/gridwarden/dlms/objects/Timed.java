package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.util.Optional;

/**
 * An object that does something at moments of the meter's clock. A {@link Clockwork} plays the
 * moments; an object has no thread of its own. All instants are the meter's clock's.
 */
public interface Timed {
  /**
   * The first moment after another at which something is due, as things stand; empty for none. A
   * moment at which nothing turns out to be due does no harm.
   */
  Optional<Instant> next(Instant after);

  /** The moment has come; the clock shows it. Called once for each moment, in order. */
  void tick(Instant now);

  /**
   * The clock went from one moment to a later one without those between: it was set forward, or
   * there was no power. Both ends are excluded from what was missed but the last.
   */
  default void skipped(Instant from, Instant to) {}

  /** The clock was set back, and moments that were will come again. */
  default void repeated(Instant from, Instant to) {}
}
