package org.gridwarden.simulator.zigbee.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.security.cbke.MmoHash;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Figures that others have published; their files say who. */
class VectorsTest {
  private static final HexFormat HEX = HexFormat.of();

  private static List<String[]> lines(String file) throws IOException {
    try (InputStream in =
        VectorsTest.class.getResourceAsStream("/org/gridwarden/simulator/zigbee/" + file)) {
      assertThat(in).as(file).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .map(line ->
              Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new))
          .toList();
    }
  }

  private static byte[] hex(String text) {
    return HEX.parseHex(text);
  }

  @Test
  void ccmStarOfTheStandard() throws IOException {
    List<String[]> vectors = lines("ccm-star.txt");
    assertThat(vectors).hasSize(4);
    for (String[] v : vectors) {
      byte[] key = hex(v[1]);
      byte[] nonce = hex(v[2]);
      byte[] aad = hex(v[3]);
      byte[] plain = hex(v[4]);
      int mic = Integer.parseInt(v[5]);
      byte[] sealed = CcmStar.seal(key, nonce, aad, plain, mic);
      // the beacon's payload is only authenticated, so its tag is all there is
      assertThat(HEX.formatHex(sealed)).as(v[0]).isEqualTo(v[6]);
      assertThat(CcmStar.open(key, nonce, aad, sealed, mic)).as(v[0]).hasValue(plain);
    }
  }

  @Test
  @DisplayName("C6: each flipped bit is refused")
  void eachFlippedBitIsRefused() throws IOException {
    for (String[] v : lines("ccm-star.txt")) {
      int mic = Integer.parseInt(v[5]);
      if (mic == 0) {
        continue; // encrypted and not authenticated: nothing can be refused
      }
      byte[] sealed = hex(v[6]);
      for (int bit = 0; bit < sealed.length * 8; bit++) {
        byte[] other = sealed.clone();
        other[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(CcmStar.open(hex(v[1]), hex(v[2]), hex(v[3]), other, mic)).isEmpty();
      }
    }
  }

  @Test
  void hashesAndInstallCodes() throws IOException {
    int hashes = 0;
    byte[] wellKnown = hex("5A6967426565416C6C69616E63653039");
    for (String[] v : lines("hash-keys.txt")) {
      if (v[0].length() == 2) {
        assertThat(HEX.formatHex(MmoHash.keyed(wellKnown, hex(v[0])))).isEqualTo(v[1]);
      } else {
        assertThat(HEX.formatHex(MmoHash.of(hex(v[0])))).isEqualToIgnoringCase(v[1]);
        if (v[2].startsWith("install code")) {
          assertThat(HEX.formatHex(InstallCode.key(hex(v[0])))).isEqualToIgnoringCase(v[1]);
        }
      }
      hashes++;
    }
    assertThat(hashes).isEqualTo(9);
  }

  @Test
  void aMistypedInstallCodeIsNoticed() {
    byte[] code = hex("83FED3407A939723A5C639B26916D505C3B5");
    assertThat(InstallCode.withCrc(Arrays.copyOf(code, 16))).isEqualTo(code);
    code[3]++;
    assertThatThrownBy(() -> InstallCode.key(code)).hasMessageContaining("CRC");
    assertThatThrownBy(() -> InstallCode.key(new byte[7])).hasMessageContaining("bytes");
  }
}
