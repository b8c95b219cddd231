package org.gridwarden.server;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.gridwarden.store.Holds;

/** The words for slots' qualities, each spelled once an answer. Not thread-safe. */
final class SlotQuality {
  private final List<Holds.Span> held;
  private final Function<List<String>, String> spelling;
  private final Map<Byte, byte[]> free = new HashMap<>();
  private final Map<Byte, byte[]> back = new HashMap<>();

  /**
   * Begins an answer.
   *
   * @param held which spans are held (C20)
   * @param spelling of the words of one quality
   */
  SlotQuality(List<Holds.Span> held, Function<List<String>, String> spelling) {
    this.held = held;
    this.spelling = spelling;
  }

  /** The words of a slot that begins at a second and lasts some. */
  byte[] of(byte quality, long start, long seconds) {
    boolean isHeld =
        !held.isEmpty()
            && ReadingApi.held(
                held, Instant.ofEpochSecond(start), Instant.ofEpochSecond(start + seconds));
    return (isHeld ? back : free)
        .computeIfAbsent(
            quality, q -> SlotOut.bytes(spelling.apply(ReadingApi.quality(q, isHeld))));
  }
}
