package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes over a connection, in whatever pieces, gives packets or failures. */
class PacketsFuzz {
  private static final int LONGEST = 4_096;

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    try (Packets packets = new Packets(LONGEST)) {
      int half = input.length / 2;
      byte[] rest = Arrays.copyOfRange(input, half, input.length);
      for (byte[] piece : new byte[][] {Arrays.copyOf(input, half), rest}) {
        for (Packets.Packet packet : packets.read(piece, piece.length)) {
          assertThat(packet.payload().length).isLessThanOrEqualTo(LONGEST);
          assertThat(packet.message().decoderResult()).isNotNull();
        }
      }
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "101300044d5154540402003c000747572d30303031", // CONNECT
            "101600044d5154540502003c000000094757" + "2d30303030303031",
            "320d000367772f00010102030405", // PUBLISH, quality 1
            "82080001000367772f01", // SUBSCRIBE
            "10ffffff7f",
            "30ffffffff",
            "c000",
            "e000",
            "00")
        .map(HexFormat.of()::parseHex)
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
