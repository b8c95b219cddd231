package org.gridwarden.exchange.greenbutton;

import java.util.List;
import java.util.OptionalInt;
import org.gridwarden.core.Quality;

/** Between the house's quality flags and the schema's QualityOfReading. Pure functions. */
public final class Qualities {
  static final int EDITED = 7;
  static final int LIKE_DAY = 8;
  static final int LINEAR = 9;
  static final int QUESTIONABLE = 10;
  static final int DERIVED = 11;

  /** Not looked at. */
  public static final int RAW = 14;

  static final int OTHER = 16;

  /** Looked at, and completed where need be. */
  public static final int VALIDATED = 17;

  private Qualities() {}

  /** The flags of a reading's codes. */
  public static byte flags(List<Integer> codes) {
    int flags = Quality.GOOD;
    for (int code : codes) {
      flags |=
          switch (code) {
            case EDITED, LIKE_DAY, LINEAR, 12, 15 -> Quality.ESTIMATED;
            case QUESTIONABLE, 13 -> Quality.DOUBTFUL;
            case DERIVED -> Quality.DERIVED;
            default -> Quality.GOOD; // valid, raw, validated, verified, fit for billing, other
          };
    }
    return (byte) flags;
  }

  /** The code of flags that are not all good; empty where they are. */
  public static OptionalInt code(byte flags) {
    if (flags == Quality.GOOD) {
      return OptionalInt.empty();
    }
    int doubts =
        Quality.DOUBTFUL | Quality.UNAUTHENTICATED | Quality.CLOCK_INVALID | Quality.CLOCK_ADJUSTED;
    if ((flags & doubts) != 0) {
      return OptionalInt.of(QUESTIONABLE);
    }
    if ((flags & Quality.ESTIMATED) != 0) {
      return OptionalInt.of(LIKE_DAY);
    }
    return OptionalInt.of((flags & Quality.DERIVED) != 0 ? DERIVED : OTHER);
  }
}
