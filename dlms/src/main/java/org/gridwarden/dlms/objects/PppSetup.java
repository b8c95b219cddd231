package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * PPP setup (class 44, version 0, IEC 62056-6-2 clause 4.9.5). A PAP password is written and used,
 * and never read back: where it stands, a reader sees no bytes. Thread-safe: each attribute is one
 * volatile value.
 */
public final class PppSetup extends InterfaceObject {
  private static final int MOST_OPTIONS = 16;
  // LCP-option-type, -length, -data: of a type of its own for each option (RFC 1661)
  private static final AttributeType LCP =
      AttributeType.structure(
          AttributeType.unsigned(),
          AttributeType.unsigned(),
          AttributeType.choice(
              AttributeType.longUnsigned(), // 1 MRU, 3 authentication protocol
              AttributeType.doubleLongUnsigned(), // 2 control character map, 5 magic number
              AttributeType.bool(), // 7 and 8, compressions
              AttributeType.unsigned(), // 9 FCS alternatives
              AttributeType.structure( // 13 call-back
                  AttributeType.unsigned(),
                  AttributeType.unsigned(),
                  AttributeType.octets(0, 64))));
  // IPCP-option-type, -length, -data (RFC 1332)
  private static final AttributeType IPCP =
      AttributeType.structure(
          AttributeType.unsigned(),
          AttributeType.unsigned(),
          AttributeType.choice(
              AttributeType.longUnsigned(), // 2 compression protocol
              AttributeType.doubleLongUnsigned(), // 3 and 20, preferred addresses
              AttributeType.bool())); // 21 and 22
  private static final AttributeType PAP =
      AttributeType.structure(AttributeType.octets(0, 64), AttributeType.octets(0, 64));
  private static final AttributeType AUTHENTICATION =
      AttributeType.choice(
          AttributeType.nothing(),
          PAP, // user name, password
          AttributeType.structure( // CHAP: user name, algorithm
              AttributeType.octets(0, 64), AttributeType.unsigned()),
          AttributeType.structure( // EAP: md5-challenge, one-time-password, generic-token-card
              AttributeType.bool(), AttributeType.bool(), AttributeType.bool()));

  private final TypedAttribute authentication;

  /**
   * @param physical the layer below, such as a modem
   */
  public PppSetup(ObisCode logicalName, ObisCode physical) {
    super(44, 0, logicalName, 5, 0);
    stored(2, AttributeType.reference(), DlmsData.OctetString.of(physical));
    stored(3, AttributeType.array(LCP, MOST_OPTIONS), DlmsData.Array.of());
    stored(4, AttributeType.array(IPCP, MOST_OPTIONS), DlmsData.Array.of());
    this.authentication = new TypedAttribute(AUTHENTICATION, DlmsData.NullData.of());
    attribute(5, this::withoutPassword, authentication::set);
  }

  /** How the device proves itself to the network, password included: for the device alone. */
  public DlmsData authentication() {
    return authentication.value();
  }

  private DlmsData withoutPassword() {
    DlmsData all = authentication.value();
    return PAP.fits(all)
        ? DlmsData.Structure.of(((DlmsData.Structure) all).get(0), DlmsData.OctetString.of())
        : all;
  }
}
