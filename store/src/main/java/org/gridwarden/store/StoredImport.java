package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;
import org.gridwarden.core.Actor;

/**
 * A file of readings that somebody took in.
 *
 * @param id its number
 * @param at when it was begun, by the office's clock
 * @param finished empty while it is under way, or was cut off
 * @param by who
 * @param file its name, as it was given
 * @param form what it was, in words
 * @param sha256 of its bytes, hexadecimal digits
 * @param settings how it was to be read, in words
 * @param meters how many it speaks of
 * @param intervals how many it holds
 * @param first the first interval's beginning
 * @param last the last one's end
 * @param messages how many messages were made of it and were new
 * @param duplicates how many were known
 * @param refused how many were not stored
 * @param note why not; empty where all were
 */
public record StoredImport(
    long id,
    Instant at,
    Optional<Instant> finished,
    State state,
    Actor by,
    String file,
    String form,
    String sha256,
    String settings,
    int meters,
    long intervals,
    Instant first,
    Instant last,
    int messages,
    int duplicates,
    int refused,
    String note) {
  /** How far it is. */
  public enum State {
    TAKING,
    DONE,
    FAILED
  }
}
