package org.gridwarden.dlms.capture;

/** Which way a message went. */
public enum Direction {
  /** From a client to a meter. */
  TO_METER("to-meter"),
  /** From a meter to a client. */
  FROM_METER("from-meter"),
  /** Neither the message nor what surrounds it says. */
  UNKNOWN("unknown");

  private final String word;

  Direction(String word) {
    this.word = word;
  }

  /** Its word in JSON. */
  public String word() {
    return word;
  }

  Direction opposite() {
    return switch (this) {
      case TO_METER -> FROM_METER;
      case FROM_METER -> TO_METER;
      case UNKNOWN -> UNKNOWN;
    };
  }

  /**
   * What an APDU's tag says; the general- ones of ciphering and of block transfer go both ways.
   *
   * @param tag 0 to 255 (IEC 62056-5-3, clause 9, XDLMS-APDU)
   */
  static Direction of(int tag) {
    return switch (plain(tag)) {
      // initiate, read, write, unconfirmed write; confirm of a push; AARQ, RLRQ
      case 0x01, 0x05, 0x06, 0x16, 0x10, 0x60, 0x62 -> TO_METER;
      // get, set, action, access
      case 0xC0, 0xC1, 0xC3, 0xD9 -> TO_METER;
      // their answers; error, push, information report; AARE, RLRE
      case 0x08, 0x0C, 0x0D, 0x0E, 0x0F, 0x18, 0x61, 0x63 -> FROM_METER;
      // event; answers; exception
      case 0xC2, 0xC4, 0xC5, 0xC7, 0xDA, 0xD8 -> FROM_METER;
      default -> UNKNOWN;
    };
  }

  /** The tag of the service that a glo- or ded- tag ciphers. */
  private static int plain(int tag) {
    if (tag >= 200 && tag <= 215) {
      return tag - (tag < 208 ? 8 : 16);
    }
    return tag >= 33 && tag <= 56 ? tag - 32 : tag >= 65 && tag <= 88 ? tag - 64 : tag;
  }
}
