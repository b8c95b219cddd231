package org.gridwarden.dlms;

import java.math.BigDecimal;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.dlms.CosemDateTime.DeviationSign;

/**
 * One value of a push, as its layout reads it. Immutable.
 *
 * @param obis which object; {@link #NO_OBIS} where unknown
 * @param attribute which of its attributes; 2, the value, unless the push says otherwise
 * @param raw the value as sent
 * @param scaling scaler and unit; {@link Scaling#NONE} where neither meter nor layout names them
 * @param role what it is for
 * @param at the clock of its profile row, or the push's own; {@link CosemDateTime#UNSPECIFIED}
 *     where there is none
 * @param status the status of its profile row, or the push's own, unsigned; -1 where there is none
 * @param row which profile row it stands in, from 0; -1 where in none
 */
public record PushValue(
    ObisCode obis,
    int attribute,
    DlmsData raw,
    Scaling scaling,
    Role role,
    CosemDateTime at,
    long status,
    int row) {
  /** The null-object 0.0.0.0.0.0 that stands for an unknown OBIS code. */
  public static final ObisCode NO_OBIS = new ObisCode(0);

  /** Whether the OBIS code is known. */
  public boolean hasObis() {
    return obis.packed() != 0;
  }

  /** The exact number after scaling; empty where the value is no whole number. */
  public Optional<BigDecimal> decimal() {
    return raw instanceof DlmsData.Whole whole
        ? Optional.of(whole.decimal().scaleByPowerOfTen(scaling.scaler()))
        : Optional.empty();
  }

  /**
   * The quantity; empty where the value is no whole number or does not fit 63 bits. The unit is
   * {@link org.gridwarden.cosem.Unit#OTHER} where the scaling is unknown.
   */
  public Optional<ScaledValue> scaled() {
    return raw instanceof DlmsData.Whole whole
            && !(whole instanceof DlmsData.Long64Unsigned big && big.bits() < 0)
        ? Optional.of(new ScaledValue(whole.asLong(), scaling.scaler(), scaling.unit()))
        : Optional.empty();
  }

  /**
   * The value for a person: the scaled number in plain notation, a date-time in ISO 8601, printable
   * text as it is, other octets in hexadecimal.
   */
  public String text() {
    return text(DeviationSign.STANDARD);
  }

  /** As {@link #text()}, with a date-time's offset by the meter's way of counting its deviation. */
  public String text(DeviationSign sign) {
    return ValueText.of(raw, scaling, sign);
  }
}
