package org.gridwarden.core;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** UUIDs of version 7 (RFC 9562, clause 5.7), which sort by their time. Pure functions. */
public final class Uuid7 {
  private Uuid7() {}

  /**
   * A moment's milliseconds, then bits that are given: random ones, or always the same.
   *
   * @param high of which the lowest 12 bits are taken
   * @param low of which the lowest 62 bits are taken
   */
  public static UUID of(Instant at, long high, long low) {
    return new UUID(
        at.toEpochMilli() << 16 | 0x7000L | (high & 0x0FFFL),
        (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
  }

  /** The same moment and name give the same one. */
  public static UUID named(Instant at, String name) {
    UUID bits = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    return of(at, bits.getMostSignificantBits(), bits.getLeastSignificantBits());
  }
}
