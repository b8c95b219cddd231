package org.gridwarden.store.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.security.SecretFiles;

/**
 * Lies in a restored data folder until its first start, which makes the office safe to go on: what
 * it remembers is old.
 *
 * @param epoch the new life's id
 * @param parent the life that was backed up; empty where it had none
 * @param snapshot which snapshot
 * @param taken what was committed before this moment is in it
 * @param restored when it was restored, by the clock of the machine that did
 */
public record RestoredMark(
    UUID epoch, String parent, String snapshot, Instant taken, Instant restored) {
  static final String NAME = "restored";

  /** The mark of a folder; empty where it was not restored, or has been started since. */
  public static Optional<RestoredMark> find(Path data) throws IOException {
    Path file = data.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Map<String, String> fields = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 2).strip());
      }
    }
    try {
      return Optional.of(
          new RestoredMark(
              UUID.fromString(fields.getOrDefault("epoch", "")),
              fields.getOrDefault("parent", ""),
              fields.getOrDefault("snapshot", ""),
              Instant.parse(fields.getOrDefault("taken", "")),
              Instant.parse(fields.getOrDefault("restored", ""))));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(file + " is damaged; restore once more, into another folder", e);
    }
  }

  /** Takes it away: the first start has done its work. */
  public static void clear(Path data) throws IOException {
    Files.deleteIfExists(data.resolve(NAME));
  }

  void write(Path data) throws IOException {
    SecretFiles.write(
        data.resolve(NAME),
        String.join(
                "\n",
                List.of(
                    "# this folder was restored; the first start moves its counters on",
                    "epoch: " + epoch,
                    "parent: " + parent,
                    "snapshot: " + snapshot,
                    "taken: " + taken,
                    "restored: " + restored,
                    ""))
            .getBytes(StandardCharsets.UTF_8));
  }
}
