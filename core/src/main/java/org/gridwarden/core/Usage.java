package org.gridwarden.core;

import java.util.List;

/**
 * How electricity was used: momentary values, single interval slots, whole or partial days of
 * slots, and cumulative captures that become slots by difference with their neighbours.
 *
 * @param meter whose it is
 * @param momentary voltage, current, power and the like at an instant
 * @param slots single slots, as live pushes carry them
 * @param blocks days of slots, as profile pushes and reads carry them
 * @param captures cumulative registers at the ends of intervals, in the order they were captured
 */
public record Usage(
    MeterId meter,
    List<Reading> momentary,
    List<Slot> slots,
    List<IntervalBlock> blocks,
    List<Capture> captures)
    implements Message {
  public Usage {
    momentary = List.copyOf(momentary);
    slots = List.copyOf(slots);
    blocks = List.copyOf(blocks);
    captures = List.copyOf(captures);
  }

  @Override
  public Category category() {
    return Category.NON_OPERATION;
  }
}
