package org.gridwarden.server;

import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

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

  /**
   * The fitter gives a meter other keys that has erased its own.
   *
   * @param office to whose key they are wrapped
   * @return the shipment that the fitter sends; empty where the street has no such meter
   * @throws IllegalStateException where it has its keys
   */
  default Optional<String> rekey(String serial, PublicKey office) {
    return Optional.empty();
  }
}
