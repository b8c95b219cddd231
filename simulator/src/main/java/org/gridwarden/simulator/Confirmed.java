package org.gridwarden.simulator;

import java.time.Instant;
import java.util.List;
import org.gridwarden.cosem.ObisCode;

/**
 * A push that the head-end has confirmed, as the meter remembers it.
 *
 * @param serial the meter's serial number
 * @param counter the invocation counter it was sent with
 * @param facts what it told
 */
public record Confirmed(String serial, long counter, List<Fact> facts) {
  public Confirmed {
    facts = List.copyOf(facts);
  }

  /** How many values and slots these are. */
  static int readings(List<Fact> facts) {
    int count = 0;
    for (Fact fact : facts) {
      count += fact instanceof Slots slots ? slots.values().size() : 1;
    }
    return count;
  }

  /** One thing that a push told. */
  public sealed interface Fact {}

  /**
   * Slots that follow one another.
   *
   * @param channel what was measured
   * @param start when the first one began
   * @param seconds how long each lasts
   * @param values a value a slot, unscaled (Wh)
   */
  public record Slots(ObisCode channel, Instant start, int seconds, List<Integer> values)
      implements Fact {
    public Slots {
      values = List.copyOf(values);
    }
  }

  /**
   * A register or a momentary value.
   *
   * @param channel what was measured
   * @param at when, by the meter's clock, whole seconds
   * @param raw the integer as sent
   * @param scaler the exponent of ten
   */
  public record Value(ObisCode channel, Instant at, long raw, int scaler) implements Fact {}

  /**
   * An event.
   *
   * @param log the event object's code
   * @param at when, by the meter's clock, whole seconds
   * @param code the event's number
   */
  public record Event(ObisCode log, Instant at, int code) implements Fact {}
}
