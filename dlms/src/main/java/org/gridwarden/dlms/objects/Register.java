package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;

/**
 * Register (class 3, version 0, IEC 62056-6-2 clause 4.3.2): a number with its unit; reset (1) sets
 * it to its default. Thread-safe as its source is.
 */
public final class Register extends InterfaceObject {
  private static final InterfaceClass<Register> CLASS =
      new InterfaceClass<Register>(3, 0, 3, 1)
          .attribute(2, r -> r.value.get(), (r, v) -> r.value.write(v))
          .attribute(3, r -> r.scalerUnit.data())
          .plainMethod(1, r -> r.value.reset());

  private final ValueSource value;
  private final ScalerUnit scalerUnit;

  /**
   * @param value as the scaler scales it
   */
  public Register(ObisCode logicalName, ValueSource value, ScalerUnit scalerUnit) {
    super(CLASS, logicalName);
    this.value = value;
    this.scalerUnit = scalerUnit;
  }

  /** As {@link #Register(ObisCode, ValueSource, ScalerUnit)}. */
  public Register(ObisCode logicalName, ValueSource value, int scaler, Unit unit) {
    this(logicalName, value, new ScalerUnit(scaler, unit));
  }
}
