package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * IEC local port setup (class 19, version 1, IEC 62056-6-2 clause 4.7.1): the optical or serial
 * port that IEC 62056-21 describes. Passwords are written and used, and never read back: a reader
 * sees no bytes. Thread-safe: each attribute is one volatile value.
 */
public final class LocalPortSetup extends InterfaceObject {
  /** Whose password: the reader's, the parametriser's, or the one that is kept for services. */
  public enum Level {
    P1,
    P2,
    W5
  }

  private static final AttributeType PASSWORD = AttributeType.octets(0, 32);

  private final TypedAttribute opening;
  private final TypedAttribute proposed;
  private final TypedAttribute address;
  private final TypedAttribute reading;
  private final TypedAttribute writing;
  private final TypedAttribute service;

  /**
   * Begins by IEC 62056-21 at 300 baud, proposes 9,600, answers after 200 ms.
   *
   * @param address the device's by IEC 62056-21, at most 32 ASCII characters
   */
  public LocalPortSetup(ObisCode logicalName, byte[] address) {
    super(19, 1, logicalName, 9, 0);
    // 0 by IEC 62056-21 modes A to E, 1 by HDLC at once, 2 not specified
    stored(2, AttributeType.enumerated(2), new DlmsData.Enumerated(0));
    this.opening = stored(3, BaudRate.type(), BaudRate.of(300));
    this.proposed = stored(4, BaudRate.type(), BaudRate.of(9600));
    stored(5, AttributeType.enumerated(1), new DlmsData.Enumerated(1)); // 0: 20 ms, 1: 200 ms
    this.address = stored(6, AttributeType.octets(0, 32), DlmsData.OctetString.of(address));
    this.reading = password(7);
    this.writing = password(8);
    this.service = password(9);
  }

  private TypedAttribute password(int attribute) {
    TypedAttribute kept = new TypedAttribute(PASSWORD, DlmsData.OctetString.of());
    attribute(attribute, () -> DlmsData.OctetString.of(), kept::set);
    return kept;
  }

  /** At which a dialogue begins, in bits a second. */
  public int openingBaud() {
    return BaudRate.baud(opening);
  }

  /** Which the device proposes, in bits a second. */
  public int proposedBaud() {
    return BaudRate.baud(proposed);
  }

  /** The address by IEC 62056-21; a copy. */
  public byte[] address() {
    return address.bytes();
  }

  /** A password, of no bytes where none was written: for the device alone; a copy. */
  public byte[] password(Level level) {
    return switch (level) {
      case P1 -> reading.bytes();
      case P2 -> writing.bytes();
      case W5 -> service.bytes();
    };
  }
}
