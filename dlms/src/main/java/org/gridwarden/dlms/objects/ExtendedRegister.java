package org.gridwarden.dlms.objects;

import java.time.Instant;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * Extended register (class 4, version 0, IEC 62056-6-2 clause 4.3.3): a register that knows when
 * its value was captured, such as a maximum; reset (1) sets value and status to their defaults and
 * the capture time to the moment of the reset.
 *
 * <p>Thread-safe: value, status and time are replaced together; {@link #record} wants one caller at
 * a time.
 */
public final class ExtendedRegister extends InterfaceObject {
  private static final InterfaceClass<ExtendedRegister> CLASS =
      new InterfaceClass<ExtendedRegister>(4, 0, 5, 1)
          .attribute(2, r -> r.captured.value)
          .attribute(3, r -> r.scalerUnit.data())
          .attribute(4, r -> r.captured.status)
          .attribute(5, r -> DlmsData.OctetString.of(r.captured.time))
          .plainMethod(1, ExtendedRegister::reset);

  private record Captured(DlmsData value, DlmsData status, CosemDateTime time) {}

  private final ScalerUnit scalerUnit;
  private final Clock clock;
  private final Captured initial;
  private volatile Captured captured;

  /**
   * @param value the default, with no capture time
   * @param status the default
   */
  public ExtendedRegister(
      ObisCode logicalName, DlmsData value, DlmsData status, ScalerUnit scalerUnit, Clock clock) {
    super(CLASS, logicalName);
    this.scalerUnit = scalerUnit;
    this.clock = clock;
    this.initial = new Captured(value, status, CosemDateTime.UNSPECIFIED);
    this.captured = initial;
  }

  /** The value as it stands. */
  public DlmsData value() {
    return captured.value;
  }

  /** Takes a new value with its status, captured at a moment of the clock. */
  public void record(DlmsData value, DlmsData status, Instant at) {
    captured = new Captured(value, status, clock.time(at));
  }

  /** As the method reset. */
  public void reset() {
    captured = new Captured(initial.value, initial.status, clock.time(clock.instant()));
  }
}
