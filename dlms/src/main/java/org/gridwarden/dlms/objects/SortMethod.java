package org.gridwarden.dlms.objects;

import java.math.BigDecimal;
import java.util.Comparator;

/** How a profile's buffer is ordered: sort_method (IEC 62056-6-2, clause 4.3.6). */
public enum SortMethod {
  /** Oldest entry first; the oldest is lost when the buffer is full. */
  FIFO(1, false),
  /** Newest entry first; the oldest is lost when the buffer is full. */
  LIFO(2, false),
  LARGEST(3, true),
  SMALLEST(4, true),
  NEAREST_TO_ZERO(5, true),
  FARTHEST_FROM_ZERO(6, true);

  private final int code;
  private final boolean sorted;

  SortMethod(int code, boolean sorted) {
    this.code = code;
    this.sorted = sorted;
  }

  /** As an attribute says it. */
  public int code() {
    return code;
  }

  /** Whether it goes by a value rather than by capture. */
  public boolean isSorted() {
    return sorted;
  }

  static SortMethod of(int code) throws Refusal {
    for (SortMethod method : values()) {
      if (method.code == code) {
        return method;
      }
    }
    throw Refusal.value();
  }

  /** What comes first; only of sorted ones. */
  Comparator<BigDecimal> order() {
    return switch (this) {
      case SMALLEST -> Comparator.naturalOrder();
      case NEAREST_TO_ZERO -> Comparator.comparing(BigDecimal::abs);
      case FARTHEST_FROM_ZERO -> Comparator.comparing(BigDecimal::abs, Comparator.reverseOrder());
      default -> Comparator.reverseOrder();
    };
  }
}
