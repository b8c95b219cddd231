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
 */
public record Warning(
    MeterId meter, EventId id, Instant at, String code, Severity severity, String text)
    implements Message {
  @Override
  public Category category() {
    return Category.ASYNCHRONOUS_EVENT;
  }
}
