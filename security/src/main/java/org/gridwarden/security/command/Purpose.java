package org.gridwarden.security.command;

import java.nio.charset.StandardCharsets;

/** What a protected payload is: authenticated with it, so that none passes for another. */
public enum Purpose {
  /** An operator's order. */
  ORDER("gridwarden order 1"),
  /** The head-end's seal on a signed order. */
  DISPATCH("gridwarden dispatch 1"),
  /** A meter's receipt. */
  RECEIPT("gridwarden receipt 1"),
  /** A firmware image's description. */
  FIRMWARE("gridwarden firmware 1"),
  /** What stored data was when the office vouched for it. */
  INTEGRITY("gridwarden integrity 1"),
  /** What a last gate says it did for a meter that cannot sign. */
  GATE("gridwarden gate 1"),
  /** Whom a meter obeys. */
  TRUST("gridwarden trust 1"),
  /** What a version of a tariff is. */
  TARIFF("gridwarden tariff 1"),
  /** What a meter measured on a day, as it says itself. */
  METER_DAY("gridwarden meter day 1"),
  /** What an operator says to a group of meters; it switches nothing. */
  GROUP("gridwarden group 1");

  private final String words;

  Purpose(String words) {
    this.words = words;
  }

  byte[] bytes() {
    return words.getBytes(StandardCharsets.US_ASCII);
  }
}
