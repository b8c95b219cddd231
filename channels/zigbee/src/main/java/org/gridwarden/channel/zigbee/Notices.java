package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterId;

/**
 * How a person has a coordinator show a text on a meter's display: a file in its folder, which it
 * reads and deletes. One line: meter, minutes, importance, whether it is to be confirmed, text; no
 * text ends what is shown.
 */
public final class Notices {
  private static final Inbox INBOX = new Inbox("notices", ".csv", 1_024);

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
    INBOX.post(folder, line + "\n");
  }

  /** Takes what was posted; what is not right is dropped, and said so. */
  static List<Posted> take(Path folder) {
    return INBOX.take(folder, text -> Optional.of(parse(text.strip())));
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
