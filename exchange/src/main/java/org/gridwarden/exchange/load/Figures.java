package org.gridwarden.exchange.load;

import java.math.BigDecimal;
import java.util.Optional;
import org.gridwarden.mdm.loadfile.LoadCsv;

/** Numbers as files write them. Pure functions. */
final class Figures {
  private static final BigDecimal MOST = new BigDecimal("9000000000");
  private static final int LONGEST = 40;

  private Figures() {}

  /**
   * A decimal in units of 10^-decimals; empty where it is none, or cannot be held exactly.
   *
   * @param comma whether a comma is the decimal sign
   */
  static Optional<Long> units(String text, boolean comma, int decimals) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      BigDecimal value = new BigDecimal(comma ? text.replace(',', '.') : text);
      // an exponent without end is no value
      if (value.signum() != 0 && Math.abs((long) value.precision() - value.scale()) > 12
          || value.abs().compareTo(MOST) > 0) {
        return Optional.empty();
      }
      return Optional.of(value.movePointRight(decimals).longValueExact());
    } catch (NumberFormatException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** What is said of a text that is no number. */
  static String notOne(String text) {
    return "has the value '"
        + LoadCsv.shown(text)
        + "'; write a number with at most "
        + LoadCsv.DECIMALS
        + " decimals, or nothing for a gap";
  }
}
