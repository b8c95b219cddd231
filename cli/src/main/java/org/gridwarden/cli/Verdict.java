package org.gridwarden.cli;

/**
 * What the judge found.
 *
 * @param acknowledged readings in confirmed pushes: slots, registers and momentary values
 * @param missing of these, not in the database, or there with another value
 * @param doubled readings that the database gives twice
 * @param example one that is missing or doubled; empty where none is
 */
record Verdict(long acknowledged, long missing, long doubled, String example) {
  /** Nothing judged yet. */
  static final Verdict NONE = new Verdict(0, 0, 0, "");

  boolean good() {
    return missing == 0 && doubled == 0;
  }

  Verdict and(Verdict other) {
    return new Verdict(
        acknowledged + other.acknowledged,
        missing + other.missing,
        doubled + other.doubled,
        example.isEmpty() ? other.example : example);
  }
}
