package org.gridwarden.core;

import java.time.Instant;

/**
 * Something happened at a meter, or about it, that somebody should know.
 *
 * @param meter at which
 * @param id its identity; the same event told twice has the same
 * @param at when it happened, by the meter's clock
 * @param code what happened, a word of the event vocabulary: {@code tamper.magnet}, {@code
 *     clock.skew}
 * @param severity how bad it is
 * @param text one sentence for a person
 * @param source how the office came to know
 */
public record Warning(
    MeterId meter,
    EventId id,
    Instant at,
    String code,
    Severity severity,
    String text,
    Source source)
    implements Message {
  /** How the office came to know. The same happening may be told in several ways. */
  public enum Source {
    /** The meter said so when it happened. */
    PUSHED,
    /** A bit of its alarm register or status: since when is not said. */
    REGISTER,
    /** Its own event log, which was read. */
    LOGGED,
    /** The office noticed it itself. */
    OFFICE
  }

  /** A warning that the meter pushed. */
  public Warning(
      MeterId meter, EventId id, Instant at, String code, Severity severity, String text) {
    this(meter, id, at, code, severity, text, Source.PUSHED);
  }

  @Override
  public Category category() {
    return Category.ASYNCHRONOUS_EVENT;
  }
}
