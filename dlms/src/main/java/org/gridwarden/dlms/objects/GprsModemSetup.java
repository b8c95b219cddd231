package org.gridwarden.dlms.objects;

import java.nio.charset.StandardCharsets;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * GPRS modem setup (class 45, version 0, IEC 62056-6-2 clause 4.7.7): access point, PIN and quality
 * of service; LTE modems have it, too. Thread-safe: each attribute is one volatile value.
 */
public final class GprsModemSetup extends InterfaceObject {
  // precedence, delay, reliability, peak throughput, mean throughput (3GPP TS 24.008)
  private static final AttributeType QUALITY =
      AttributeType.structure(
          AttributeType.unsigned(),
          AttributeType.unsigned(),
          AttributeType.unsigned(),
          AttributeType.unsigned(),
          AttributeType.unsigned());

  private final TypedAttribute accessPoint;

  /**
   * @param accessPoint the APN, at most 100 ASCII characters
   * @param pin the SIM card's, 0 to 9999
   */
  public GprsModemSetup(ObisCode logicalName, String accessPoint, int pin) {
    super(45, 0, logicalName, 4, 0);
    this.accessPoint =
        stored(
            2,
            AttributeType.octets(0, 100),
            DlmsData.OctetString.of(accessPoint.getBytes(StandardCharsets.US_ASCII)));
    stored(3, AttributeType.longUnsigned(), new DlmsData.LongUnsigned(pin));
    DlmsData any = new DlmsData.Unsigned8(0); // subscribed
    DlmsData quality = DlmsData.Structure.of(any, any, any, any, any);
    // default, requested
    stored(4, AttributeType.structure(QUALITY, QUALITY), DlmsData.Structure.of(quality, quality));
  }

  /** The APN. */
  public String accessPoint() {
    return new String(accessPoint.bytes(), StandardCharsets.US_ASCII);
  }
}
