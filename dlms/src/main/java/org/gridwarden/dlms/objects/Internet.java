package org.gridwarden.dlms.objects;

import org.gridwarden.dlms.DlmsData;

/** What the setup classes of the Internet have in common. */
final class Internet {
  /** How many addresses a list holds at most. */
  static final int MOST_ADDRESSES = 32;

  private Internet() {}

  /** An IPv4 address as a double-long-unsigned: 192.0.2.1 is 0xC0000201. */
  static AttributeType ipv4() {
    return AttributeType.doubleLongUnsigned();
  }

  /** An IPv6 address: 16 bytes, or none where there is none. */
  static AttributeType ipv6OrNone() {
    return AttributeType.choice(AttributeType.octets(16, 16), AttributeType.octets(0, 0));
  }

  static DlmsData none() {
    return new DlmsData.DoubleLongUnsigned(0);
  }

  static DlmsData empty() {
    return DlmsData.Array.of();
  }

  static DlmsData noOctets() {
    return DlmsData.OctetString.of();
  }
}
