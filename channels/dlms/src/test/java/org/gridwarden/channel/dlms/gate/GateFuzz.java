package org.gridwarden.channel.dlms.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes to a gate or from one, it is frames in the one way, or it is refused. */
class GateFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(input);
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    int read = 0;
    try {
      while (true) {
        GateFrame.from(in).to(again);
        read = input.length - in.available();
      }
    } catch (IOException e) {
      // no frame, or the end
    }
    assertThat(again.toByteArray()).isEqualTo(java.util.Arrays.copyOf(input, read));
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "00000000020102", // an order of two bytes
            "0200000004000003e8", // wanted within a second
            "00ffffffff", // a negative length
            "007fffffff00", // a frame of 2 GiB
            "0000010001", // a byte more than the longest
            "0800000000") // no such kind
        .map(hex -> Arguments.of((Object) HexFormat.of().parseHex(hex)));
  }
}
