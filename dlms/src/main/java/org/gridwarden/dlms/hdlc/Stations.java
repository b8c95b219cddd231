package org.gridwarden.dlms.hdlc;

import org.gridwarden.dlms.LinkAddress;

/** The addresses that HDLC keeps for itself (IEC 62056-46, clause 6.4.2.4). */
final class Stations {
  private static final int ALL_SHORT = 0x7F;
  private static final int ALL_LONG = 0x3FFF;
  private static final int CALLING_SHORT = 0x7E;
  private static final int CALLING_LONG = 0x3FFE;

  private Stations() {}

  /** Whether this is for every station on the line, none of which answers. */
  static boolean isAll(LinkAddress address) {
    int all = address.bytes() == 4 ? ALL_LONG : ALL_SHORT;
    return address.upper() == all || (address.bytes() > 1 && address.lower() == all);
  }

  /** Whether this calls the one physical device on the line whose address is not known. */
  static boolean isCalling(LinkAddress address) {
    return address.bytes() > 1
        && address.lower() == (address.bytes() == 4 ? CALLING_LONG : CALLING_SHORT);
  }
}
