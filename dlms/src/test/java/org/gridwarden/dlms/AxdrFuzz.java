package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: any bytes decode to a value or to a DlmsException, and a value encodes and decodes back. */
class AxdrFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    byte[] bytes = Arrays.copyOf(input, Math.min(input.length, LinkBounds.MAX_INPUT));
    DlmsData data;
    try {
      data = Axdr.decode(bytes);
    } catch (DlmsException e) {
      assertThat(e.offset()).isBetween(0, bytes.length);
      return;
    }
    byte[] encoded = Axdr.encode(data);
    try {
      // a non-minimal length or an utf8-string that is none may come back changed, but only once
      assertThat(Axdr.encode(Axdr.decode(encoded))).isEqualTo(encoded);
    } catch (DlmsException e) {
      throw new AssertionError("encoded what cannot be decoded: " + e.describe(), e);
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "00",
            "02020906010001080011",
            "0202090601000108FF0600000001",
            "13020209120902AABB010201CC0003",
            "130208000000000000001181FF01",
            "1301FFFF01FFFF01FFFF008101",
            "0184FFFFFFFF00",
            "177FC00000",
            "1907E60101FF0000FF00800000",
            "1C01",
            "21FFFFFFFF",
            "FF")
        .map(hex -> Arguments.of((Object) HexFormat.of().parseHex(hex)));
  }
}
