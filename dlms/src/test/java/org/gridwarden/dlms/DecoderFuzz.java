package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: whatever a file holds, as bytes or as hexadecimal text, the decoder makes messages and
 * problems of it; layouts and JSON included.
 */
class DecoderFuzz {
  private static final PushLayouts LAYOUTS = PushLayouts.builtIn();

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyInput(byte[] input) throws IOException {
    byte[] bytes = Arrays.copyOf(input, Math.min(input.length, LinkBounds.MAX_INPUT));
    DlmsDecoder decoder =
        new DlmsDecoder(
            Optional.of(DlmsKeys.of(new byte[16], new byte[0])),
            new byte[8],
            LAYOUTS,
            LAYOUTS.genericProfile());
    List<DlmsDecoder.Result> results = new ArrayList<>();
    try (HexInput in = new HexInput(new ByteArrayInputStream(bytes), _ -> {})) {
      decoder.decode(in, results::add);
    }
    for (DlmsDecoder.Result result : results) {
      switch (result) {
        case DlmsDecoder.Result.Message message ->
            assertThat(message.json()).startsWith("{\"link\":").endsWith("}").doesNotContain("\n");
        case DlmsDecoder.Result.Problem(long offset, String what) -> {
          assertThat(offset).isBetween(0L, (long) bytes.length);
          assertThat(what).isNotEmpty();
        }
      }
    }
  }

  static Stream<Arguments> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (String name :
        List.of(
            "hdlc_kaifa_ma304h3e",
            "hdlc_norway_han_1phase",
            "mbus_netz_noe_p1",
            "raw_energomera",
            "raw_egd_example",
            "hdlc_landis_gyr_zmf100")) {
      byte[] frame = LinkVectors.push("push-" + name + ".txt");
      seeds.add(frame);
      seeds.add(LinkVectors.hex(frame).getBytes(StandardCharsets.US_ASCII));
    }
    return seeds.stream().map(seed -> Arguments.of((Object) seed));
  }
}
