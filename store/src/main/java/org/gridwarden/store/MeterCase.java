package org.gridwarden.store;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.EventId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;

/**
 * What is looked into at a meter; one that is open at a time.
 *
 * @param id its number
 * @param meter at which
 * @param severity of the worst that was noticed
 * @param opened when, by the office's clock
 * @param closed when; empty while it is open
 * @param verdict what a person found
 * @param closedBy who; empty while it is open
 */
public record MeterCase(
    long id,
    MeterId meter,
    Severity severity,
    Instant opened,
    Optional<Instant> closed,
    Optional<Verdict> verdict,
    String closedBy) {
  /** What a person found. */
  public enum Verdict {
    THEFT,
    FAULT,
    FALSE_ALARM,
    MAINTENANCE;

    /** As the API and the database spell it: {@code false-alarm}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What happened in a case. */
  public enum What {
    OPENED,
    ALARM,
    QUARANTINED,
    KEYS_REVOKED,
    NOTE,
    CLOSED,
    RELEASED;

    /** As the API and the database spell it: {@code keys-revoked}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static What of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /**
   * A line of its story.
   *
   * @param at when, by the office's clock
   * @param what kind
   * @param who did it
   * @param note in words
   */
  public record Step(long id, Instant at, What what, Actor who, String note) {}

  /**
   * A raw message that told one of its alarms.
   *
   * @param word what it told
   * @param event the event's identity
   * @param at when that happened, by the meter's clock
   * @param source how the office came to know
   * @param place where the message's bytes are
   */
  public record Proof(
      String word, EventId event, Instant at, Warning.Source source, RawPlace place) {}
}
