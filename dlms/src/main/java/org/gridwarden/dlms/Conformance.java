package org.gridwarden.dlms;

import java.util.ArrayList;
import java.util.List;

/**
 * What services an association may use: the conformance block (IEC 62056-5-3, clause 9.4.6.1).
 *
 * @param bits 24 bits; the standard's bit 0 is the highest
 */
public record Conformance(int bits) {
  /** A service or ability, in the order of the standard's bits. */
  public enum Service {
    RESERVED_0,
    GENERAL_PROTECTION,
    GENERAL_BLOCK_TRANSFER,
    READ,
    WRITE,
    UNCONFIRMED_WRITE,
    DELTA_VALUE_ENCODING,
    RESERVED_7,
    ATTRIBUTE_0_WITH_SET,
    PRIORITY_MANAGEMENT,
    ATTRIBUTE_0_WITH_GET,
    BLOCK_TRANSFER_WITH_GET,
    BLOCK_TRANSFER_WITH_SET,
    BLOCK_TRANSFER_WITH_ACTION,
    MULTIPLE_REFERENCES,
    INFORMATION_REPORT,
    DATA_NOTIFICATION,
    ACCESS,
    PARAMETERIZED_ACCESS,
    GET,
    SET,
    SELECTIVE_ACCESS,
    EVENT_NOTIFICATION,
    ACTION;

    int bit() {
      return 1 << 23 - ordinal();
    }
  }

  /**
   * @throws IllegalArgumentException outside 24 bits
   */
  public Conformance {
    Ranges.check(bits, 0, 0xFF_FFFF, "conformance");
  }

  public static Conformance of(Service... services) {
    int bits = 0;
    for (Service service : services) {
      bits |= service.bit();
    }
    return new Conformance(bits);
  }

  public boolean has(Service service) {
    return (bits & service.bit()) != 0;
  }

  /** What both sides can. */
  public Conformance and(Conformance other) {
    return new Conformance(bits & other.bits);
  }

  @Override
  public String toString() {
    List<String> names = new ArrayList<>();
    for (Service service : Service.values()) {
      if (has(service)) {
        names.add(service.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
      }
    }
    return names.toString();
  }
}
