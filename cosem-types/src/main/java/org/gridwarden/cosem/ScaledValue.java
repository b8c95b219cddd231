package org.gridwarden.cosem;

import java.math.BigDecimal;

/**
 * A quantity as a meter states it: {@code raw * 10^scaler} in a unit (IEC 62056-6-2,
 * scal_unit_type). Never a float.
 *
 * @param raw the integer as sent
 * @param scaler the exponent of ten, -128 to 127
 * @param unit what is counted
 */
public record ScaledValue(long raw, int scaler, Unit unit) {
  /**
   * @throws IllegalArgumentException where the scaler does not fit an int8
   */
  public ScaledValue {
    if (scaler < -128 || scaler > 127) {
      throw new IllegalArgumentException("a scaler is -128 to 127, not " + scaler);
    }
  }

  /** The exact decimal value after scaling. */
  public BigDecimal decimal() {
    return BigDecimal.valueOf(raw).scaleByPowerOfTen(scaler);
  }

  /** The exact decimal value in plain notation, without its unit. */
  public String plain() {
    return decimal().toPlainString();
  }

  @Override
  public String toString() {
    return unit.symbol().isEmpty() ? plain() : plain() + " " + unit.symbol();
  }
}
