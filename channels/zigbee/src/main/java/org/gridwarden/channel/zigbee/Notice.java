package org.gridwarden.channel.zigbee;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/**
 * A text for a meter's display (cluster 0x0703). Immutable.
 *
 * @param id names it
 * @param control how it is sent, how urgent it is, whether the consumer is to confirm it
 * @param minutes how long it is shown
 * @param text at most {@link #LONGEST} bytes in UTF-8
 */
record Notice(long id, int control, Instant start, int minutes, String text) {
  static final int DISPLAY = 0x00;
  static final int CANCEL = 0x01;
  static final int GET_LAST = 0x00;
  static final int CONFIRM = 0x01;

  /** What fits into one frame under a link key, 73 bytes, beside 16 that are not text. */
  static final int LONGEST = 57;

  /** So long is a text shown at most: 0xFFFF would be for ever. */
  static final int MOST_MINUTES = 0xFFFE;

  private static final int CONFIRMED = 0x80;

  /** How urgent a text is, in the order of its numbers. */
  enum Urgency {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL;

    static Urgency of(String word) {
      try {
        return valueOf(word.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "a message is of low, medium, high or critical importance, not '" + word + "'", e);
      }
    }
  }

  /** The message's control: sent the normal way. */
  static int control(Urgency urgency, boolean confirm) {
    return urgency.ordinal() << 2 | (confirm ? CONFIRMED : 0);
  }

  /**
   * Checks a text.
   *
   * @throws IllegalArgumentException where it is empty, too long, or of more than one line
   */
  static String checked(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (text.isBlank() || bytes > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a message is one line of 1 to " + LONGEST + " bytes; this one has " + bytes);
    }
    return text;
  }

  /** DisplayMessage's payload (07-5356-19, D.5.2.3.1). */
  byte[] bytes() {
    byte[] words = text.getBytes(StandardCharsets.UTF_8);
    return new Zcl.Out()
        .number(4, id)
        .number(1, control)
        .number(4, SmartEnergyTime.seconds(start))
        .number(2, minutes)
        .number(1, words.length)
        .bytes(words, 0, words.length)
        .number(1, 0) // extended control: it is not confirmed yet
        .done();
  }

  /** CancelMessage's payload (D.5.2.3.2). */
  static byte[] cancel(long id) {
    return new Zcl.Out().number(4, id).number(1, 0).done();
  }
}
