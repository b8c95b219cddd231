package org.gridwarden.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;

/** UUIDs of version 7 (RFC 9562, clause 5.7), which sort by their time. Pure functions. */
public final class Uuid7 {
  private static final boolean MD5 = hasMd5();

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

  /**
   * The same name gives the same one: of version 3 (RFC 9562, 5.3), by MD5, which protects nothing
   * here; where the Java runtime has no MD5, as in the FIPS distribution, of version 8, by SHA-256.
   */
  public static UUID nameOnly(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (MD5) {
      return UUID.nameUUIDFromBytes(bytes);
    }
    try {
      ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
      return new UUID(
          hash.getLong() & ~0xF000L | 0x8000L,
          hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }

  private static boolean hasMd5() {
    try {
      MessageDigest.getInstance("MD5");
      return true;
    } catch (NoSuchAlgorithmException e) {
      return false;
    }
  }

  /** The same moment and name give the same one. */
  public static UUID named(Instant at, String name) {
    UUID bits = nameOnly(name);
    return of(at, bits.getMostSignificantBits(), bits.getLeastSignificantBits());
  }
}
