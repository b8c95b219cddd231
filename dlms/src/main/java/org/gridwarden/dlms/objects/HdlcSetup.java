package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * IEC HDLC setup (class 23, version 1, IEC 62056-6-2 clause 4.7.2). Thread-safe: each attribute is
 * one volatile value.
 */
public final class HdlcSetup extends InterfaceObject {
  private final TypedAttribute speed;
  private final TypedAttribute windowTransmit;
  private final TypedAttribute windowReceive;
  private final TypedAttribute lengthTransmit;
  private final TypedAttribute lengthReceive;
  private final TypedAttribute interOctet;
  private final TypedAttribute inactivity;
  private final TypedAttribute address;

  /**
   * With the standard's defaults: 9,600 baud, windows of 1, information fields of 128 bytes, 25 ms
   * between octets, 120 s of inactivity.
   *
   * @param address the device's (lower HDLC address), 0x10 to 0x3FFD
   */
  public HdlcSetup(ObisCode logicalName, int address) {
    super(23, 1, logicalName, 9, 0);
    this.speed = stored(2, BaudRate.type(), BaudRate.of(9600));
    AttributeType window = AttributeType.unsigned(1, 7);
    this.windowTransmit = stored(3, window, new DlmsData.Unsigned8(1));
    this.windowReceive = stored(4, window, new DlmsData.Unsigned8(1));
    AttributeType length = AttributeType.longUnsigned(32, 2030);
    this.lengthTransmit = stored(5, length, new DlmsData.LongUnsigned(128));
    this.lengthReceive = stored(6, length, new DlmsData.LongUnsigned(128));
    this.interOctet =
        stored(7, AttributeType.longUnsigned(20, 6000), new DlmsData.LongUnsigned(25));
    this.inactivity = stored(8, AttributeType.longUnsigned(), new DlmsData.LongUnsigned(120));
    this.address =
        stored(9, AttributeType.longUnsigned(0x10, 0x3FFD), new DlmsData.LongUnsigned(address));
  }

  /** In bits a second. */
  public int baud() {
    return BaudRate.baud(speed);
  }

  /** 1 to 7 frames. */
  public int windowTransmit() {
    return (int) windowTransmit.number();
  }

  /** 1 to 7 frames. */
  public int windowReceive() {
    return (int) windowReceive.number();
  }

  /** Of an information field that is sent, 32 to 2,030 bytes. */
  public int lengthTransmit() {
    return (int) lengthTransmit.number();
  }

  /** Of an information field that is taken, 32 to 2,030 bytes. */
  public int lengthReceive() {
    return (int) lengthReceive.number();
  }

  /** 20 to 6,000. */
  public int interOctetMilliseconds() {
    return (int) interOctet.number();
  }

  /** 0: never. */
  public int inactivitySeconds() {
    return (int) inactivity.number();
  }

  /** The lower HDLC address, 0x10 to 0x3FFD. */
  public int address() {
    return (int) address.number();
  }
}
