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
    try {
      Apdu apdu = Apdus.decode(bytes);
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
            "6000",
            "D8010102")
        .map(hex -> Arguments.of((Object) HexFormat.of().parseHex(hex)));
  }
}
