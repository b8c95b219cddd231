package org.gridwarden.security.audit;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;

/**
 * What the office says of its log at a moment: how many entries, and the root over them. As text: a
 * line each for the log's name, the size, the root in base64 and the time.
 *
 * @param log which log, one line of text
 * @param size how many entries
 * @param root the tree's root
 * @param at when it was signed
 */
public record Checkpoint(String log, long size, TreeHash root, Instant at) {
  static final String RESTORED = " restored";

  /**
   * @throws IllegalArgumentException where the name is no single line, or the size is negative
   */
  public Checkpoint {
    if (log.isBlank() || log.length() > 200 || log.indexOf('\n') >= 0 || size < 0) {
      throw new IllegalArgumentException("a checkpoint names its log in one line, and its size");
    }
  }

  /** Whether it says that the log went on from here after the office was restored (ADR 21). */
  public boolean restored() {
    return log.endsWith(RESTORED);
  }

  /** What is signed. */
  String text() {
    return log
        + "\n"
        + size
        + "\n"
        + Base64.getEncoder().encodeToString(root.bytes())
        + "\n"
        + at
        + "\n";
  }

  /**
   * From its text.
   *
   * @throws LogException where it is none
   */
  static Checkpoint parse(String text) throws LogException {
    String[] lines = text.split("\n", -1);
    if (lines.length != 5 || !lines[4].isEmpty()) {
      throw new LogException("a checkpoint has four lines");
    }
    try {
      return new Checkpoint(
          lines[0],
          Long.parseLong(lines[1]),
          TreeHash.of(Base64.getDecoder().decode(lines[2])),
          Instant.parse(lines[3]));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new LogException("a checkpoint's size, root or time is not what it should be");
    }
  }
}
