package org.gridwarden.core;

/** One of the five message classes that pass between a meter and the office. */
public sealed interface Message permits Control, Request, Billing, Usage, Warning {
  /** The meter that it concerns. */
  MeterId meter();

  /** Its category, which rights, priority and rates follow. */
  Category category();
}
