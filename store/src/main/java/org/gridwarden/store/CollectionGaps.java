package org.gridwarden.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;

/**
 * What should be stored of a meter's profile, and what is missing of it.
 *
 * @param asked what was asked
 * @param expected how many slots should be there
 * @param missing the ranges that are missing, oldest first; they do not touch
 */
public record CollectionGaps(Question asked, int expected, List<Range> missing) {
  /**
   * What should be there.
   *
   * @param meter whose
   * @param channels in which channels; a slot is there when it is there in all of them
   * @param slot a slot's length
   * @param from the first slot's start
   * @param to the last slot's end
   */
  public record Question(
      MeterId meter, List<ObisCode> channels, Duration slot, Instant from, Instant to) {
    public Question {
      channels = List.copyOf(channels);
      if (!slot.isPositive() || channels.isEmpty()) {
        throw new IllegalArgumentException("a question about slots names channels and a length");
      }
    }

    int slots() {
      return Math.toIntExact(
          Math.max(0, Duration.between(from, to).toSeconds() / slot.toSeconds()));
    }

    int indexOf(Instant start) {
      long off = start.getEpochSecond() - from.getEpochSecond();
      long step = slot.toSeconds();
      return off < 0 || off % step != 0 || off / step >= slots() ? -1 : (int) (off / step);
    }
  }

  /** From a slot's start to another slot's end. */
  public record Range(Instant from, Instant to) {}

  public CollectionGaps {
    missing = List.copyOf(missing);
  }

  /** How many slots are missing. */
  public int missingSlots() {
    long seconds = 0;
    for (Range range : missing) {
      seconds += Duration.between(range.from(), range.to()).toSeconds();
    }
    return Math.toIntExact(seconds / asked.slot().toSeconds());
  }

  static CollectionGaps of(Question question, BitSet there) {
    int slots = question.slots();
    List<Range> missing = new ArrayList<>();
    for (int at = there.nextClearBit(0); at < slots; ) {
      int next = there.nextSetBit(at);
      int end = next < 0 ? slots : Math.min(next, slots);
      missing.add(new Range(start(question, at), start(question, end)));
      at = there.nextClearBit(end);
    }
    return new CollectionGaps(question, slots, missing);
  }

  private static Instant start(Question question, int index) {
    return question.from().plusSeconds(index * question.slot().toSeconds());
  }
}
