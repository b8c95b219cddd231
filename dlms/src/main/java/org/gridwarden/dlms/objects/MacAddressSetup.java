package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * MAC address setup (class 43, version 0, IEC 62056-6-2 clause 4.9.4), earlier called Ethernet
 * setup. Thread-safe: the attribute is one volatile value.
 */
public final class MacAddressSetup extends InterfaceObject {
  private final TypedAttribute address;

  /**
   * @param address EUI-48 or EUI-64, of 6 or 8 bytes
   * @throws IllegalArgumentException where it has another length
   */
  public MacAddressSetup(ObisCode logicalName, byte[] address) {
    super(43, 0, logicalName, 2, 0);
    this.address =
        stored(
            2,
            AttributeType.choice(AttributeType.octets(6, 6), AttributeType.octets(8, 8)),
            DlmsData.OctetString.of(address));
  }

  /** The address; a copy. */
  public byte[] address() {
    return address.bytes();
  }
}
