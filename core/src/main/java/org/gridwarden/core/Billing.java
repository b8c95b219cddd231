package org.gridwarden.core;

import java.util.List;

/**
 * Cumulative registers at one moment: what a bill stands on.
 *
 * @param meter whose they are
 * @param registers the readings, each with its own time
 */
public record Billing(MeterId meter, List<Reading> registers) implements Message {
  public Billing {
    registers = List.copyOf(registers);
  }

  @Override
  public Category category() {
    return Category.NON_OPERATION;
  }
}
