package org.gridwarden.core;

import java.util.List;

/**
 * Cumulative registers at one moment, and what the meter signed of its days: what a bill stands on.
 *
 * @param meter whose they are
 * @param registers the readings, each with its own time
 * @param days signed by the meter itself; most send none
 */
public record Billing(MeterId meter, List<Reading> registers, List<SignedDay> days)
    implements Message {
  public Billing {
    registers = List.copyOf(registers);
    days = List.copyOf(days);
  }

  /** Registers alone. */
  public Billing(MeterId meter, List<Reading> registers) {
    this(meter, registers, List.of());
  }

  @Override
  public Category category() {
    return Category.NON_OPERATION;
  }
}
