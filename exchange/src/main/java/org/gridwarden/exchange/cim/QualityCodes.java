package org.gridwarden.exchange.cim;

import java.util.List;
import org.gridwarden.core.Quality;

/**
 * Between the house's quality flags and reading quality types: system, category and index with dots
 * between (IEC 61968-9, annex D). Pure functions.
 */
final class QualityCodes {
  private static final String METER_VALID = "1.0.0";
  private static final String MDM_VALID = "3.0.0";
  private static final String POWER_DOWN = "1.2.32";
  private static final String ESTIMATED = "3.8.0";
  private static final String QUESTIONABLE = "3.10.0";
  private static final String DERIVED = "3.11.0";

  private QualityCodes() {}

  /** The flags of codes; one that is not known says nothing. */
  static byte flags(List<String> codes) {
    int flags = Quality.GOOD;
    for (String code : codes) {
      String[] parts = code.split("\\.", -1);
      if (parts.length == 3) {
        flags |=
            switch (parts[1]) {
              case "2" -> parts[2].equals("32") ? Quality.POWER_DOWN : Quality.GOOD;
              case "6", "10" -> Quality.DOUBTFUL;
              case "7", "8", "12" -> Quality.ESTIMATED;
              case "11" -> Quality.DERIVED;
              default -> Quality.GOOD;
            };
      }
    }
    return (byte) flags;
  }

  /**
   * The code of flags.
   *
   * @param looked whether validation has looked at the value
   */
  static String code(byte flags, boolean looked) {
    int doubts =
        Quality.DOUBTFUL | Quality.UNAUTHENTICATED | Quality.CLOCK_INVALID | Quality.CLOCK_ADJUSTED;
    if ((flags & doubts) != 0) {
      return QUESTIONABLE;
    }
    if ((flags & Quality.ESTIMATED) != 0) {
      return ESTIMATED;
    }
    if ((flags & Quality.DERIVED) != 0) {
      return DERIVED;
    }
    if ((flags & Quality.POWER_DOWN) != 0) {
      return POWER_DOWN;
    }
    return looked ? MDM_VALID : METER_VALID;
  }
}
