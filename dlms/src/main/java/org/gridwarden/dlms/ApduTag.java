package org.gridwarden.dlms;

import java.util.Map;

/** The APDUs' tags and names (IEC 62056-5-3, clause 9, XDLMS-APDU). */
final class ApduTag {
  static final int INITIATE_REQUEST = 0x01;
  static final int READ_REQUEST = 0x05;
  static final int WRITE_REQUEST = 0x06;
  static final int INITIATE_RESPONSE = 0x08;
  static final int READ_RESPONSE = 0x0C;
  static final int WRITE_RESPONSE = 0x0D;
  static final int CONFIRMED_SERVICE_ERROR = 0x0E;
  static final int DATA_NOTIFICATION = 0x0F;
  static final int DATA_NOTIFICATION_CONFIRM = 0x10;
  static final int UNCONFIRMED_WRITE_REQUEST = 0x16;
  static final int INFORMATION_REPORT_REQUEST = 0x18;
  static final int AARQ = 0x60;
  static final int AARE = 0x61;
  static final int RLRQ = 0x62;
  static final int RLRE = 0x63;
  static final int GET_REQUEST = 0xC0;
  static final int SET_REQUEST = 0xC1;
  static final int EVENT_NOTIFICATION = 0xC2;
  static final int ACTION_REQUEST = 0xC3;
  static final int GET_RESPONSE = 0xC4;
  static final int SET_RESPONSE = 0xC5;
  static final int ACTION_RESPONSE = 0xC7;
  static final int EXCEPTION_RESPONSE = 0xD8;
  static final int ACCESS_REQUEST = 0xD9;
  static final int ACCESS_RESPONSE = 0xDA;
  static final int GENERAL_GLO = 0xDB;
  static final int GENERAL_DED = 0xDC;
  static final int GENERAL_CIPHERING = 0xDD;
  static final int GENERAL_SIGNING = 0xDF;
  static final int GENERAL_BLOCK_TRANSFER = 0xE0;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "initiate-request"),
          Map.entry(5, "read-request"),
          Map.entry(6, "write-request"),
          Map.entry(8, "initiate-response"),
          Map.entry(12, "read-response"),
          Map.entry(13, "write-response"),
          Map.entry(14, "confirmed-service-error"),
          Map.entry(15, "data-notification"),
          Map.entry(16, "data-notification-confirm"),
          Map.entry(22, "unconfirmed-write-request"),
          Map.entry(24, "information-report-request"),
          Map.entry(96, "aarq"),
          Map.entry(97, "aare"),
          Map.entry(98, "rlrq"),
          Map.entry(99, "rlre"),
          Map.entry(192, "get-request"),
          Map.entry(193, "set-request"),
          Map.entry(194, "event-notification-request"),
          Map.entry(195, "action-request"),
          Map.entry(196, "get-response"),
          Map.entry(197, "set-response"),
          Map.entry(199, "action-response"),
          Map.entry(216, "exception-response"),
          Map.entry(217, "access-request"),
          Map.entry(218, "access-response"),
          Map.entry(219, "general-glo-ciphering"),
          Map.entry(220, "general-ded-ciphering"),
          Map.entry(221, "general-ciphering"),
          Map.entry(223, "general-signing"),
          Map.entry(224, "general-block-transfer"));

  private ApduTag() {}

  /** The name; empty where the tag is not assigned. */
  static String name(int tag) {
    String plain = NAMES.get(tag);
    if (plain != null) {
      return plain;
    }
    int inner = inner(tag);
    return inner < 0 ? "" : (isDedicated(tag) ? "ded-" : "glo-") + NAMES.get(inner);
  }

  /** Whether it is a service ciphered with the global or dedicated key, without a system title. */
  static boolean isServiceCiphered(int tag) {
    return inner(tag) >= 0;
  }

  /** Whether the ciphered APDU uses the association's dedicated key. */
  static boolean isDedicated(int tag) {
    return tag >= 65 && tag <= 88 || tag >= 208 && tag <= 215 || tag == GENERAL_DED;
  }

  /**
   * The tag of a service under the global key.
   *
   * @throws IllegalArgumentException where it has no such form
   */
  static int global(int tag) {
    if (!hasGlobal(tag)) {
      throw new IllegalArgumentException("a " + name(tag) + " has no glo- form");
    }
    return tag >= 192 ? tag + 8 : tag + 32;
  }

  /** Whether a service has a form of its own under the global key. */
  static boolean hasGlobal(int tag) {
    return inner(tag >= 192 && tag <= 199 ? tag + 8 : tag + 32) == tag;
  }

  /**
   * The tag of a service under the association's dedicated key.
   *
   * @throws IllegalArgumentException where it has no such form
   */
  static int dedicated(int tag) {
    int ciphered = tag >= 192 && tag <= 199 ? tag + 16 : tag + 64;
    if (inner(ciphered) != tag) {
      throw new IllegalArgumentException("a " + name(tag) + " has no ded- form");
    }
    return ciphered;
  }

  /** Which service a glo- or ded- tag ciphers; -1 where it is none. */
  private static int inner(int tag) {
    int plain =
        tag >= 200 && tag <= 207
            ? tag - 8
            : tag >= 208 && tag <= 215
                ? tag - 16
                : tag >= 33 && tag <= 56 ? tag - 32 : tag >= 65 && tag <= 88 ? tag - 64 : -1;
    return NAMES.containsKey(plain) && plain != 15 && plain != 16 ? plain : -1;
  }
}
