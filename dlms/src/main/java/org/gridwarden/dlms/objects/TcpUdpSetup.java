package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * TCP-UDP setup (class 41, version 0, IEC 62056-6-2 clause 4.9.1): on which port a device speaks
 * DLMS. Thread-safe: each attribute is one volatile value.
 */
public final class TcpUdpSetup extends InterfaceObject {
  /** The port that is registered for DLMS/COSEM. */
  public static final int DLMS_PORT = 4059;

  private static final int DEFAULT_SEGMENT = 576;
  private static final int DEFAULT_TIMEOUT = 180;

  private final TypedAttribute port;
  private final TypedAttribute segment;
  private final TypedAttribute connections;
  private final TypedAttribute timeout;

  /**
   * @param port 0 to 65,535
   * @param ip the IPv4 or IPv6 setup below
   */
  public TcpUdpSetup(ObisCode logicalName, int port, ObisCode ip) {
    super(41, 0, logicalName, 6, 0);
    this.port = stored(2, AttributeType.longUnsigned(), new DlmsData.LongUnsigned(port));
    stored(3, AttributeType.reference(), DlmsData.OctetString.of(ip));
    this.segment =
        stored(
            4, AttributeType.longUnsigned(40, 0xFFFF), new DlmsData.LongUnsigned(DEFAULT_SEGMENT));
    this.connections = stored(5, AttributeType.unsigned(1, 255), new DlmsData.Unsigned8(1));
    this.timeout =
        stored(6, AttributeType.longUnsigned(), new DlmsData.LongUnsigned(DEFAULT_TIMEOUT));
  }

  public int port() {
    return (int) port.number();
  }

  /** The maximum segment size, in bytes. */
  public int maximumSegment() {
    return (int) segment.number();
  }

  /** How many connections the device takes at a time, 1 to 255. */
  public int connections() {
    return (int) connections.number();
  }

  /** After how many seconds without a word a connection is closed; 0: never. */
  public int inactivitySeconds() {
    return (int) timeout.number();
  }
}
