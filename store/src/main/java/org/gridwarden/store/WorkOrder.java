package org.gridwarden.store;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;

/**
 * Work in the field.
 *
 * @param id its number
 * @param what what is to be done, where and why
 * @param state how far it is
 * @param assignee who does it; empty while nobody does
 * @param created when, by the office's clock
 * @param createdBy who asked for it
 * @param closed when it was done or cancelled
 * @param closedBy by whom
 */
public record WorkOrder(
    long id,
    What what,
    State state,
    String assignee,
    Instant created,
    String createdBy,
    Optional<Instant> closed,
    String closedBy) {
  /**
   * What is to be done.
   *
   * @param kind a word such as inspect or exchange
   * @param title in a line
   * @param severity how urgent
   * @param meter at which meter, where it is about one
   * @param servicePoint where; may be empty
   * @param cause the event that asked for it, such as case.opened/12; empty: a person
   * @param due until when
   */
  public record What(
      String kind,
      String title,
      Severity severity,
      Optional<MeterId> meter,
      String servicePoint,
      String cause,
      Optional<Instant> due) {
    /**
     * @throws IllegalArgumentException naming what is wrong and how it is meant
     */
    public What {
      if (!kind.matches("[a-z][a-z-]{1,31}")) {
        throw new IllegalArgumentException("kind is a word of small letters such as inspect");
      }
      if (title.isBlank() || title.length() > 200) {
        throw new IllegalArgumentException("title has 1 to 200 characters");
      }
      if (servicePoint.length() > 200 || cause.length() > 200) {
        throw new IllegalArgumentException("servicePoint has at most 200 characters");
      }
    }
  }

  /** How far work is. */
  public enum State {
    /** Nobody is named for it. */
    OPEN,
    /** Somebody is. */
    ASSIGNED,
    /** It was done. */
    DONE,
    /** It is not to be done any more. */
    CANCELLED;

    /** As it is spelled in the database, the API and the console. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing follows. */
    public boolean ended() {
      return this == DONE || this == CANCELLED;
    }
  }
}
