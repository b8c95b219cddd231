package org.gridwarden.exchange.load;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.gridwarden.store.StoredImport;

/**
 * What became of a file.
 *
 * @param form what it is, in words
 * @param sha256 of its bytes, hexadecimal digits
 * @param stored its import; empty in a dry run
 * @param again whether it was taken in before, so that nothing happened
 * @param notes what a person should know of it
 */
public record ImportResult(
    String form,
    String sha256,
    int meters,
    long intervals,
    Instant first,
    Instant last,
    Optional<StoredImport> stored,
    boolean again,
    List<String> notes) {
  public ImportResult {
    notes = List.copyOf(notes);
  }
}
