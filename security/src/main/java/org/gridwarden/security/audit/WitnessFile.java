package org.gridwarden.security.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of signed checkpoints, one behind the other, each forced to the disk: on another machine,
 * or a medium that is only ever appended to, it finds a log whose end was cut off. Thread-safe.
 */
public final class WitnessFile {
  private static final long LONGEST = 1L << 30;

  private final Path path;

  public WitnessFile(Path path) {
    this.path = path;
  }

  /** Adds a checkpoint. */
  public synchronized void add(SignedCheckpoint signed) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      ByteBuffer left = ByteBuffer.wrap((signed.text() + "\n").getBytes(StandardCharsets.UTF_8));
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  /**
   * The checkpoints of a file, their signatures checked. One that a power cut left half-written at
   * the end is read over.
   *
   * @throws LogException where one is not by this key; the message names the line
   */
  public static List<Checkpoint> read(Path path, PublicKey key) throws IOException, LogException {
    if (Files.size(path) > LONGEST) {
      throw new LogException(path + " is longer than 1 GiB");
    }
    List<Checkpoint> checkpoints = new ArrayList<>();
    List<String> lines = Files.readAllLines(path);
    for (int at = 0; at < lines.size(); at += 7) {
      int end = Math.min(at + 6, lines.size());
      try {
        String text = String.join("\n", lines.subList(at, end)) + "\n";
        checkpoints.add(SignedCheckpoint.open(text, key).checkpoint());
      } catch (LogException e) {
        if (end == lines.size() && end - at < 6) {
          break;
        }
        throw new LogException(path + ", line " + (at + 1) + ": " + e.getMessage());
      }
    }
    return checkpoints;
  }
}
