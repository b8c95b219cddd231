package org.gridwarden.channel.zigbee;

import com.zsmartsystems.zigbee.IeeeAddress;
import java.util.Locale;

/**
 * The address that a maker gave a device.
 *
 * @param value as a number
 */
record Eui64(long value) implements Comparable<Eui64> {
  /**
   * Reads 16 hexadecimal digits, colons or hyphens between them or not.
   *
   * @throws IllegalArgumentException where it is none
   */
  static Eui64 parse(String text) {
    String digits = text.strip().replaceAll("[:-]", "");
    if (!digits.matches("[0-9A-Fa-f]{16}")) {
      throw new IllegalArgumentException("an address has 16 hexadecimal digits, as on its label");
    }
    return new Eui64(Long.parseUnsignedLong(digits, 16));
  }

  static Eui64 of(IeeeAddress address) {
    long value = 0;
    int[] bytes = address.getValue();
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | bytes[i] & 0xFF;
    }
    return new Eui64(value);
  }

  IeeeAddress address() {
    return new IeeeAddress(toString());
  }

  @Override
  public int compareTo(Eui64 other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%016X", value);
  }
}
