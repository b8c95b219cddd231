package org.gridwarden.bench.dlms;

import java.util.HexFormat;
import java.util.List;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.dlms.Service;

/** The APDUs that every codec of a comparison reads or writes. */
final class CodecShapes {
  static final int INVOKE = 0xC1;
  static final int GLO_GET_REQUEST = 0xC8;
  private static final int GLO_GET_RESPONSE = 0xCC;
  static final byte[] TITLE = {'G', 'W', 'M', 0, 0, 0, 0, 1};
  static final byte[] KEY = HexFormat.of().parseHex("000102030405060708090A0B0C0D0E0F");
  static final byte[] AUTH_KEY = HexFormat.of().parseHex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF");

  /** Without security: what opens a meter for the rows that ask one. */
  static final byte[] AARQ_NONE =
      HexFormat.of().parseHex("601DA109060760857405080101BE10040E01000000065F1F0400001E1DFFFF");

  /** With a password, 12345678 (LLS). */
  static final byte[] AARQ =
      HexFormat.of()
          .parseHex(
              "6036A1090607608574050801018A0207808B0760857405080201AC0A80083132333435363738BE10040E"
                  + "01000000065F1F0400001E1DFFFF");

  static final byte[] AARE =
      HexFormat.of()
          .parseHex(
              "6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400001E1D08000007");

  static final byte[] GET_REQUEST = HexFormat.of().parseHex("C001C100030100010800FF0200");
  static final byte[] GET_RESPONSE = HexFormat.of().parseHex("C401C1000600067932");
  static final byte[] PROFILE_REQUEST = HexFormat.of().parseHex("C001C100070100630100FF0200");

  private CodecShapes() {}

  /** A day's 96 rows of time and energy. */
  static Service.GotNormal profile() {
    return new Service.GotNormal(INVOKE, new Outcome.Value(DlmsData.Array.of(LoadMeter.rows())));
  }

  /** The same in one piece, protected as in an association: glo-get-response. */
  static byte[] gloProfile() throws DlmsException {
    try (DlmsKeys keys = keys()) {
      return Apdus.encode(
          Ciphering.protect(
              GLO_GET_RESPONSE,
              SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
              TITLE,
              7,
              Apdus.encode(profile()),
              keys));
    }
  }

  static DlmsKeys keys() {
    return DlmsKeys.of(KEY, AUTH_KEY);
  }

  /** All of them as the other stacks' programs are told. */
  static List<String> words(long millis) throws DlmsException {
    return List.of(
        "millis=" + millis,
        "key=" + hex(KEY),
        "auth-key=" + hex(AUTH_KEY),
        "title=" + hex(TITLE),
        "aarq-none=" + hex(AARQ_NONE),
        "aarq=" + hex(AARQ),
        "aare=" + hex(AARE),
        "get-request=" + hex(GET_REQUEST),
        "get-response=" + hex(GET_RESPONSE),
        "profile-request=" + hex(PROFILE_REQUEST),
        "profile-response=" + hex(Apdus.encode(profile())),
        "glo-profile-response=" + hex(gloProfile()));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
