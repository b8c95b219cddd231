package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * Modem configuration (class 27, version 1, IEC 62056-6-2 clause 4.7.4). Thread-safe: each
 * attribute is one volatile value.
 */
public final class ModemConfiguration extends InterfaceObject {
  private static final AttributeType TEXT = AttributeType.octets(0, 128);

  private final TypedAttribute speed;

  /** At 9,600 baud, without commands of its own. */
  public ModemConfiguration(ObisCode logicalName) {
    super(27, 1, logicalName, 4, 0);
    this.speed = stored(2, BaudRate.type(), BaudRate.of(9600));
    stored(
        3,
        AttributeType.array(
            // request, response, delay_after_response in ms
            AttributeType.structure(TEXT, TEXT, AttributeType.longUnsigned()), 32),
        DlmsData.Array.of());
    stored(4, AttributeType.array(TEXT, 32), DlmsData.Array.of()); // modem_profile
  }

  /** In bits a second. */
  public int baud() {
    return BaudRate.baud(speed);
  }
}
