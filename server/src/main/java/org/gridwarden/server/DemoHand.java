package org.gridwarden.server;

import java.util.List;

/**
 * A hand at the simulated meters of a demo, to open a casing or hold a magnet to it. A server that
 * is given none has no such routes. Thread-safe.
 */
public interface DemoHand {
  /**
   * What a meter can sense.
   *
   * @param word its name: {@code meter-cover}
   * @param text in words for a person: {@code The meter cover is opened}
   */
  record Sense(String word, String text) {}

  /** All that a meter can sense. */
  List<Sense> senses();

  /** Which of them a meter senses now. */
  List<String> sensed(String serial);

  /**
   * Does something to a meter, or undoes it.
   *
   * @param serial the meter's serial number
   * @param sense a word of {@link #senses}
   * @param on false to undo it
   * @return false where the street has no such meter
   */
  boolean tamper(String serial, String sense, boolean on);
}
