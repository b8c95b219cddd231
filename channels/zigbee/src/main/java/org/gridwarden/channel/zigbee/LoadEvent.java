package org.gridwarden.channel.zigbee;

import java.time.Instant;
import java.util.Optional;
import org.gridwarden.core.Action;

/**
 * A load-control event (cluster 0x0701): asks what can be switched in a household to shed load, so
 * that it stays below the limit that its meter was ordered. Immutable.
 *
 * @param id names it; a greater one takes the place of the one before
 * @param minutes 1 to 1,440
 * @param criticality {@link #VOLUNTARY} or {@link #EMERGENCY}
 */
record LoadEvent(long id, Instant start, int minutes, int criticality) {
  static final int EVENT = 0x00;
  static final int CANCEL = 0x01;
  static final int CANCEL_ALL = 0x02;

  /** Level 1: a consumer may opt out. */
  static final int VOLUNTARY = 2;

  /** Nobody may opt out. */
  static final int EMERGENCY = 7;

  /** Longer than a day no event lasts. */
  static final int LONGEST = 1_440;

  /** All that consumes, heating to vehicles, but no generation (bits 0 to 10). */
  private static final int CONSUMERS = 0x07FF;

  private static final int EVERY_GROUP = 0;
  private static final int RANDOM_START = 0b01;
  private static final int RANDOM_END = 0b10;
  private static final int NONE_8 = 0xFF;
  private static final int NONE_SIGNED_8 = 0x80;
  private static final int NONE_SIGNED_16 = 0x8000;

  /**
   * The event behind an order; empty where the limit is shorter than an event can be.
   *
   * @param id for the event
   */
  static Optional<LoadEvent> of(Action.LimitLoad ordered, long id, Instant now) {
    long minutes = Math.min(ordered.lasting().toMinutes(), LONGEST);
    return minutes < 1
        ? Optional.empty()
        : Optional.of(
            new LoadEvent(id, now, (int) minutes, ordered.watts() == 0 ? EMERGENCY : VOLUNTARY));
  }

  /**
   * LoadControlEvent's payload (07-5356-19, D.2.2.3.1). Offsets, set points, load adjustment and
   * duty cycle are left to the device. Both ends are spread by chance, so that no feeder sees a
   * step; only an emergency begins at once.
   */
  byte[] bytes() {
    return new Zcl.Out()
        .number(4, id)
        .number(2, CONSUMERS)
        .number(1, EVERY_GROUP)
        .number(4, SmartEnergyTime.seconds(start))
        .number(2, minutes)
        .number(1, criticality)
        .number(1, NONE_8) // cooling offset
        .number(1, NONE_8) // heating offset
        .number(2, NONE_SIGNED_16) // cooling set point
        .number(2, NONE_SIGNED_16) // heating set point
        .number(1, NONE_SIGNED_8) // average load adjustment
        .number(1, NONE_8) // duty cycle
        .number(1, criticality == EMERGENCY ? RANDOM_END : RANDOM_START | RANDOM_END)
        .done();
  }

  /** CancelLoadControlEvent's payload (D.2.2.3.2): now, spread by chance. */
  static byte[] cancel(long id) {
    return new Zcl.Out()
        .number(4, id)
        .number(2, CONSUMERS)
        .number(1, EVERY_GROUP)
        .number(1, 1)
        .number(4, 0)
        .done();
  }

  /** CancelAllLoadControlEvents' payload (D.2.2.3.3): spread by chance. */
  static byte[] cancelAll() {
    return new byte[] {1};
  }
}
