package org.gridwarden.core;

/**
 * How a part of the system is.
 *
 * @param state fine, worth attention, or down
 * @param detail one line for a person
 */
public record Health(State state, String detail) {
  /** The lamp's three states. */
  public enum State {
    UP,
    ATTENTION,
    DOWN
  }
}
