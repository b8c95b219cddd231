package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.ObisCode;

/**
 * M-Bus master port setup (class 74, version 0, IEC 62056-6-2 clause 4.8.5). Thread-safe: the
 * attribute is one volatile value.
 */
public final class MBusMasterPort extends InterfaceObject {
  private final TypedAttribute speed;

  /** At 2,400 baud. */
  public MBusMasterPort(ObisCode logicalName) {
    super(74, 0, logicalName, 2, 0);
    this.speed = stored(2, BaudRate.type(), BaudRate.of(2400));
  }

  /** In bits a second. */
  public int baud() {
    return BaudRate.baud(speed);
  }
}
