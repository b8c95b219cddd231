package org.gridwarden.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.security.audit.Checkpoint;
import org.gridwarden.security.audit.ClearText;
import org.gridwarden.security.audit.LogEntry;
import org.gridwarden.security.audit.LogException;
import org.gridwarden.security.audit.LogVerifier;
import org.gridwarden.security.audit.SignedCheckpoint;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An exported audit log: its checkpoints, then its entries, a JSON object a line. */
final class AuditLogFile {
  private final Path path;
  private final PublicKey key;

  AuditLogFile(Path path, PublicKey key) {
    this.path = path;
    this.key = key;
  }

  /**
   * What verifying found.
   *
   * @param entries how many entries there are
   * @param checkpoints how many checkpoints hold
   * @param unsigned how many entries at the end no checkpoint covers
   * @param erased of how many entries who did it, or to what, was erased
   * @param restores the restores from a backup that the office declared
   */
  record Verdict(
      long entries,
      int checkpoints,
      long unsigned,
      long erased,
      List<LogVerifier.Restored> restores) {}

  /**
   * Holds the entries against the file's own checkpoints and those of witnesses.
   *
   * @throws LogException where something was changed, and where
   */
  Verdict verify(List<Checkpoint> witnessed) throws IOException, LogException {
    List<Checkpoint> checkpoints = new ArrayList<>(witnessed);
    try (BufferedReader lines = Files.newBufferedReader(path)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        JsonNode object = parse(line, number);
        if (object.has("checkpoint")) {
          checkpoints.add(
              SignedCheckpoint.open(object.get("checkpoint").asString(), key).checkpoint());
        }
      }
    }
    LogVerifier verifier = new LogVerifier(checkpoints);
    long count = 0;
    long erased = 0;
    try (BufferedReader lines = Files.newBufferedReader(path)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        JsonNode object = parse(line, number);
        if (object.has("checkpoint")) {
          continue;
        }
        if (object.path("leaf").asLong(-1) != count) {
          throw new LogException(
              path
                  + ", line "
                  + number
                  + ": entry "
                  + (count + 1)
                  + " of the log was expected: one was removed, added or moved");
        }
        count++;
        if (object.has("missing")) {
          throw new LogException(
              path + ", line " + number + ": entry " + count + " of the log was deleted");
        }
        LogEntry entry = entry(object, path + ", line " + number);
        verifier.add(entry);
        ClearText clear = clear(object, path + ", line " + number);
        clear.check(entry);
        if (clear.erased(entry)) {
          erased++;
        }
      }
    }
    long unsigned = verifier.end();
    return new Verdict(count, checkpoints.size(), unsigned, erased, verifier.restores());
  }

  /** An entry in the form in which it is exported. */
  static LogEntry entry(JsonNode object, String where) throws LogException {
    try {
      return new LogEntry(
          object.get("id").asLong(),
          Instant.parse(object.get("at").asString()),
          new Actor(
              Actor.Kind.valueOf(object.get("kind").asString()), object.get("who").asString()),
          object.get("action").asString(),
          Base64.getDecoder().decode(object.get("detail").asString()));
    } catch (NullPointerException | IllegalArgumentException | DateTimeParseException e) {
      throw new LogException(where + ": this is no entry of an audit log");
    }
  }

  /** What of an entry is kept in the clear; nothing in an export of before there was any. */
  static ClearText clear(JsonNode object, String where) throws LogException {
    try {
      return new ClearText(part(object.path("clearWho")), part(object.path("clearDetail")));
    } catch (IllegalArgumentException e) {
      throw new LogException(where + ": its clear text is not base64");
    }
  }

  private static Optional<ClearText.Part> part(JsonNode part) {
    return part.isObject()
        ? Optional.of(
            new ClearText.Part(
                Base64.getDecoder().decode(part.path("salt").asString("")),
                Base64.getDecoder().decode(part.path("text").asString(""))))
        : Optional.empty();
  }

  private JsonNode parse(String line, int number) throws LogException {
    try {
      return JsonMapper.shared().readTree(line);
    } catch (JacksonException e) {
      throw new LogException(path + ", line " + number + ": this is no JSON object");
    }
  }
}
