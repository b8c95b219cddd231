package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;

/**
 * Something is wrong: one of these however often it is told.
 *
 * @param id its number
 * @param meter where; empty for a storm, which is of many meters
 * @param word what, of the event vocabulary
 * @param severity how bad
 * @param text one sentence
 * @param state how far it is
 * @param count how often it happened, as far as is known
 * @param meters at how many meters
 * @param first when it began, by the meter's clock
 * @param last when it was told of last, by the meter's clock
 * @param raised when the office knew, by the office's clock
 * @param over since when it is over, by the meter's clock
 * @param sources who told it
 * @param acknowledgedBy who took notice; empty where nobody did
 * @param caseId the case it belongs to
 */
public record Alarm(
    long id,
    Optional<MeterId> meter,
    String word,
    Severity severity,
    String text,
    State state,
    long count,
    long meters,
    Instant first,
    Instant last,
    Instant raised,
    Optional<Instant> over,
    Set<Warning.Source> sources,
    String acknowledgedBy,
    Optional<Long> caseId) {
  /** How far it is. */
  public enum State {
    /** Nobody has taken notice. */
    OPEN,
    /** Somebody has; it is not over, or its case is open. */
    ACKNOWLEDGED,
    /** It is over and somebody knows, or its case was closed. */
    CLOSED
  }
}
