package org.gridwarden.cosem;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OBIS code: six value groups A to F, each 0 to 255 (IEC 62056-6-1, clause 4). Immutable; held
 * as one 48-bit number so that it is cheap to keep, compare and hash.
 *
 * @param packed the six groups, A in bits 47 to 40 and F in bits 7 to 0
 */
public record ObisCode(long packed) implements Comparable<ObisCode> {
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:(\\d{1,3})-(\\d{1,3}):)?(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:[.*](\\d{1,3}))?"
              + "|(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

  /**
   * @throws IllegalArgumentException where a bit above the 48th is set
   */
  public ObisCode {
    if ((packed >>> 48) != 0) {
      throw new IllegalArgumentException(
          "an OBIS code has 48 bits, not " + Long.toHexString(packed));
    }
  }

  /** From the six groups, each 0 to 255. */
  public static ObisCode of(int a, int b, int c, int d, int e, int f) {
    return new ObisCode(
        group(a) << 40
            | group(b) << 32
            | group(c) << 24
            | group(d) << 16
            | group(e) << 8
            | group(f));
  }

  /**
   * From six bytes at an offset, as they stand in an octet string.
   *
   * @throws IndexOutOfBoundsException where fewer than six bytes are left
   */
  public static ObisCode of(byte[] bytes, int offset) {
    long packed = 0;
    for (int i = 0; i < 6; i++) {
      packed = packed << 8 | bytes[offset + i] & 0xFF;
    }
    return new ObisCode(packed);
  }

  /**
   * Reads {@code 1.0.1.8.0.255}, {@code 1-0:1.8.0*255} or {@code 1-0:1.8.0} (F is 255 where
   * absent).
   *
   * @throws IllegalArgumentException where the text is none of these
   */
  public static ObisCode parse(String text) {
    Matcher m = TEXT.matcher(text.trim());
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an OBIS code; write it as 1.0.1.8.0.255 or 1-0:1.8.0");
    }
    if (m.group(7) != null) {
      return of(num(m, 7), num(m, 8), num(m, 9), num(m, 10), num(m, 11), num(m, 12));
    }
    int f = m.group(6) == null ? 255 : num(m, 6);
    int a = m.group(1) == null ? 1 : num(m, 1);
    int b = m.group(2) == null ? 0 : num(m, 2);
    return of(a, b, num(m, 3), num(m, 4), num(m, 5), f);
  }

  /** Value group A, the medium: 1 is electricity, 0 abstract objects. */
  public int a() {
    return (int) (packed >>> 40) & 0xFF;
  }

  /** Value group B, the channel. */
  public int b() {
    return (int) (packed >>> 32) & 0xFF;
  }

  /** Value group C, the quantity. */
  public int c() {
    return (int) (packed >>> 24) & 0xFF;
  }

  /** Value group D, the processing. */
  public int d() {
    return (int) (packed >>> 16) & 0xFF;
  }

  /** Value group E, the tariff or further classification. */
  public int e() {
    return (int) (packed >>> 8) & 0xFF;
  }

  /** Value group F, the billing period. */
  public int f() {
    return (int) packed & 0xFF;
  }

  /** The six bytes, A first. */
  public byte[] bytes() {
    return new byte[] {(byte) a(), (byte) b(), (byte) c(), (byte) d(), (byte) e(), (byte) f()};
  }

  @Override
  public int compareTo(ObisCode other) {
    return Long.compare(packed, other.packed);
  }

  /** The dotted form with all six groups, {@code 1.0.1.8.0.255}. */
  @Override
  public String toString() {
    return a() + "." + b() + "." + c() + "." + d() + "." + e() + "." + f();
  }

  private static long group(int value) {
    if (value < 0 || value > 255) {
      throw new IllegalArgumentException("an OBIS value group is 0 to 255, not " + value);
    }
    return value;
  }

  private static int num(Matcher m, int group) {
    return Integer.parseInt(m.group(group));
  }
}
