package org.gridwarden.store;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.MeterId;

/**
 * What a rule of validation found in a day of a meter's curve, and what became of it.
 *
 * @param id its number; 0 while it is not stored
 * @param meter which
 * @param channel which of its curves
 * @param what what was found
 * @param state how far it is
 * @param found when it was found first, by the office's clock
 * @param settled when it was settled; empty while it is open
 * @param settledBy by whom
 * @param reason why
 */
public record VeeException(
    long id,
    MeterId meter,
    SlotVersions.Channel channel,
    What what,
    State state,
    Instant found,
    Optional<Instant> settled,
    String settledBy,
    String reason) {
  /**
   * What was found.
   *
   * @param day the civil day, by the meter's zone
   * @param since the first slot's beginning
   * @param until the last one's end
   * @param slots how many of them it concerns
   * @param rule the rule's name
   * @param measured the figure measured
   * @param permitted the figure that the rule permits
   * @param unit of both
   * @param estimated whether other values stand in; otherwise the value stays and is doubtful
   * @param method how these were come by; empty where none stands in
   */
  public record What(
      LocalDate day,
      Instant since,
      Instant until,
      int slots,
      String rule,
      double measured,
      double permitted,
      String unit,
      boolean estimated,
      String method) {
    /** A tenth: a history that grew by a night moves every figure a little. */
    private static final double ALIKE = 0.1;

    /** Whether a person who settled the one need not look at the other. */
    boolean alike(What other) {
      return since.equals(other.since)
          && until.equals(other.until)
          && slots == other.slots
          && estimated == other.estimated
          && Math.abs(measured - other.measured)
              <= ALIKE * Math.max(Math.abs(measured), Math.abs(other.measured));
    }
  }

  /** How far it is. */
  public enum State {
    /** Nobody has looked. */
    OPEN,
    /** A person let it stand: the values, or what stands in for them. */
    ACCEPTED,
    /** A person set other values. */
    EDITED,
    /** It is found no more: what was missing came. */
    GONE;

    /** As it is spelled in the database, the API and the console. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
