package org.gridwarden.mdm.analytics;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** By what households are grouped. Each is coarse by itself; two are never crossed. */
public enum Dimension {
  /** All of them, as one group. */
  ALL,
  TARIFF,
  /** The time zone. */
  ZONE,
  FEEDER,
  /** The region of the postal code. */
  AREA;

  /** As people write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** By its word. */
  public static Optional<Dimension> of(String word) {
    return Arrays.stream(values()).filter(d -> d.word().equals(word)).findFirst();
  }
}
