package org.gridwarden.dlms;

import org.gridwarden.cosem.Unit;

/**
 * A scaler and a unit, or that neither is known (IEC 62056-6-2, scal_unit_type). Immutable; the
 * usual ones are shared.
 *
 * @param scaler the exponent of ten, -128 to 127; 0 where unknown
 * @param unit what is counted
 * @param known whether meter or layout said so
 */
public record Scaling(int scaler, Unit unit, boolean known) {
  /** Neither scaler nor unit is known: the number stands as it came. */
  public static final Scaling NONE = new Scaling(0, Unit.OTHER, false);

  private static final int LEAST = -4;
  private static final int MOST = 4;
  private static final Scaling[] SHARED = new Scaling[(MOST - LEAST + 1) * 256];

  static {
    for (int scaler = LEAST; scaler <= MOST; scaler++) {
      for (int code = 0; code < 256; code++) {
        SHARED[(scaler - LEAST) * 256 + code] = new Scaling(scaler, Unit.of(code), true);
      }
    }
  }

  /**
   * @throws IllegalArgumentException where the scaler does not fit an int8
   */
  public Scaling {
    Ranges.check(scaler, -128, 127, "a scaler");
  }

  /** A known one. */
  public static Scaling of(int scaler, Unit unit) {
    return scaler >= LEAST && scaler <= MOST
        ? SHARED[(scaler - LEAST) * 256 + unit.code()]
        : new Scaling(scaler, unit, true);
  }
}
