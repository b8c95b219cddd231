package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.gridwarden.core.MeterId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a person has a coordinator show a text on a meter's display: a file in its folder, which it
 * reads and deletes. One line: meter, minutes, importance, whether it is to be confirmed, text; no
 * text ends what is shown.
 */
public final class Notices {
  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
  private static final String INBOX = "notices";
  private static final int LONGEST_FILE = 1_024;

  private Notices() {}

  /** What was posted, checked; no text where what is shown is to end. */
  record Posted(MeterId meter, int minutes, int control, String text) {}

  /**
   * Has a text shown.
   *
   * @param meter on whose display
   * @param lasting a minute to 45 days
   * @param importance low, medium, high or critical
   * @param confirm whether the consumer is asked to confirm it
   * @param text one line of at most 57 bytes
   * @throws IllegalArgumentException saying what of it is wrong
   * @throws IOException where the folder is not there, or not to be written
   */
  public static void show(
      Path folder, String meter, Duration lasting, String importance, boolean confirm, String text)
      throws IOException {
    long minutes = lasting.toMinutes();
    if (minutes < 1 || minutes > Notice.MOST_MINUTES) {
      throw new IllegalArgumentException("a message is shown for a minute to 45 days");
    }
    Notice.Urgency urgency = Notice.Urgency.of(importance);
    post(
        folder,
        new MeterId(meter).value()
            + ","
            + minutes
            + ","
            + urgency
            + ","
            + confirm
            + ","
            + Notice.checked(text));
  }

  /**
   * Ends what a meter's display shows.
   *
   * @throws IOException where the folder is not there, or not to be written
   */
  public static void end(Path folder, String meter) throws IOException {
    post(folder, new MeterId(meter).value() + ",1,LOW,false,");
  }

  private static void post(Path folder, String line) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + " is no folder: has the coordinator ever run?");
    }
    Path inbox = Files.createDirectories(folder.resolve(INBOX));
    Path hidden =
        Files.createTempFile(
            inbox,
            ".",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(hidden, line + "\n");
    Files.move(hidden, inbox.resolve(UUID.randomUUID() + ".csv"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes what was posted; what is not right is dropped, and said so. */
  static List<Posted> take(Path folder) {
    Path inbox = folder.resolve(INBOX);
    if (!Files.isDirectory(inbox)) {
      return List.of();
    }
    List<Posted> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(inbox)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) {
        try {
          if (Files.size(file) > LONGEST_FILE) {
            throw new IllegalArgumentException("it is too long");
          }
          all.add(parse(Files.readString(file).strip()));
        } catch (IOException | IllegalArgumentException e) {
          LOG.warn("{} was not taken: {}", file, e.getMessage());
        } finally {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", inbox, e.getMessage());
    }
    return List.copyOf(all);
  }

  private static Posted parse(String line) {
    String[] words = line.split(",", 5);
    if (words.length != 5) {
      throw new IllegalArgumentException("it is no message");
    }
    return new Posted(
        new MeterId(words[0]),
        Math.clamp(Long.parseLong(words[1]), 1, Notice.MOST_MINUTES),
        Notice.control(Notice.Urgency.of(words[2]), Boolean.parseBoolean(words[3])),
        words[4].isEmpty() ? "" : Notice.checked(words[4]));
  }
}
