package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How figures are kept: exact, and where a division does not end to 12 places. */
final class Sums {
  private static final int PLACES = 12;

  private Sums() {}

  /** A quotient to 12 places, halves to even. */
  static BigDecimal divide(BigDecimal a, BigDecimal b) {
    return plain(a.divide(b, PLACES, RoundingMode.HALF_EVEN));
  }

  /** Without zeros behind the point, and without an exponent. */
  static BigDecimal plain(BigDecimal x) {
    BigDecimal bare = x.stripTrailingZeros();
    return bare.scale() < 0 ? bare.setScale(0) : bare;
  }
}
