package org.gridwarden.message;

/** Which way a message goes: each has keys of its own, so that none can be sent back. */
public enum Direction {
  /** From a meter to the office. */
  UP(0),
  /** From the office to a meter. */
  DOWN(1);

  private final int number;

  Direction(int number) {
    this.number = number;
  }

  /** How it is authenticated. */
  int number() {
    return number;
  }
}
