package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: any bytes are an APDU or a DlmsException, and opening a ciphered one throws nothing else.
 */
class ApdusFuzz {
  private static final DlmsKeys KEYS = DlmsKeys.of(new byte[16], new byte[16]);
  private static final byte[] TITLE = new byte[8];

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    byte[] bytes = Arrays.copyOf(input, Math.min(input.length, LinkBounds.MAX_INPUT));
    LinkBounds.hold(() -> {
      try {
        Apdus.decode(bytes);
      } catch (DlmsException _) {
        // what it costs is asked here
      }
    });
    try {
      Apdu apdu = Apdus.decode(bytes);
      if (apdu instanceof Acse
          || apdu instanceof Initiate
          || apdu instanceof Service
          || apdu instanceof BlockTransfer) {
        // what may be left out or written in two ways may come back changed, but only once
        byte[] encoded = Apdus.encode(apdu);
        assertThat(Apdus.encode(Apdus.decode(encoded))).isEqualTo(encoded);
      }
      assertThat(apdu.name()).isNotEmpty();
      if (apdu instanceof Apdu.Ciphered ciphered) {
        assertThat(Apdus.decode(Apdus.encode(ciphered))).isEqualTo(ciphered);
        byte[] plain = Ciphering.unprotect(ciphered, TITLE, KEYS);
        assertThat(plain.length).isLessThanOrEqualTo(bytes.length);
      }
    } catch (DlmsException e) {
      assertThat(e.getMessage()).isNotEmpty();
      assertThat(e.offset()).isBetween(0, bytes.length);
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "0F000001DB000922125A8591360000000049000000110000000A5A8513D014800000000D0000000A0100",
            "0F40000000090C07E1090F05050000FF80000002010600000001",
            "0F000000010002020001000060010" + "1FF0209" + "0135",
            "1040000001000000",
            "C2000001010000600B00FF021105",
            "C2010C07E1090F05050000FF8000000001000060" + "0B00FF021105",
            "DB084D4D4D0000BC614E1E3001234567411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B",
            "CA123001234567411312FF935A4756682700000000",
            "DD0101000000000001010203040505300000000100",
            "DF00",
            "E0400001000001AA",
            "E0C500020001" + "03AABBCC",
            // ACCESS: a request with all five kinds, a response, one that repeats the request
            "D940000001000501000800000100"
                + "00FF0202000800000100"
                + "00FF02030046000060030AFF01"
                + "0400080000010000FF0202110705"
                + "00080000010000FF0202110705001107"
                + "0F00001107",
            "DA400000010C07EA0B190303230000003C0000031107000003" + "01000203030C",
            "DA50000001000101010008" + "0000010000FF0201110701" + "0100",
            // short names
            "050402FA08042BC80211070500030601000203AABBCC",
            "0C040011070103020000010211" + "07030002",
            "0602022BC8070100020211070902AABB",
            "0D030001" + "03020002",
            "1601022BC8011107",
            "18010F32303236313132353033333530305A01022BC8011107",
            "6000",
            "D8010102",
            "D8010600000123",
            "6036A1090607608574050801018A0207808B0760857405080205AC0A80084B35366956616759BE10040E01"
                + "000000065F1F0400007E1F04B0",
            "6142A109060760857405080101A203020100A305A10302010E88020780890760857405080205AA0A800850"
                + "3677524A323146BE10040E0800065F1F040000501F01F40007",
            "6203800100",
            "6316800100BE11040F080100065F1F0400001E1D04C80007",
            "01011000112233445566778899AABBCCDDEEFF0000065F1F0400007E1F04B0",
            "C001C100070100630100FF0201010204020412000809060000010000FF0F02120000090C07E20601FF0003"
                + "00FFFF8880090C07E50106FF000300FFFFC4000100",
            "C402C10000000001000502020F0011",
            "C101C100080000010000FF0200090C07E50118FF0E303950FFC400",
            "C301C0000F0000280000FF010109111000001A90E6D2221FA2FD85EED61ACC22",
            "C701C000010009111000001AFDE8857B728A3499106AA665D1",
            // lists of as many and as little as they can hold
            "C40341827FFD" + "0000".repeat(0x7FFD),
            "C5054182FFF0" + "00".repeat(0xFFF0),
            "C30341821000" + "00".repeat(0xE000),
            "C40341827FFD" + "0102".repeat(0x7FFD),
            "D940000000" + "00" + "82FFF0" + "01".repeat(0xFFF0),
            "DA4000000000" + "0082FFF0" + "00".repeat(0xFFF0),
            "DA40000000000000827FF0" + "0100".repeat(0x7FF0),
            "0582FFF0" + "020000".repeat(0x5550),
            "0D82FFF0" + "00".repeat(0xFFF0),
            "0C827FF0" + "0000".repeat(0x7FF0),
            "6082FFF0" + "8000".repeat(0x7FF8))
        .map(hex -> Arguments.of((Object) HexFormat.of().parseHex(hex)));
  }
}
