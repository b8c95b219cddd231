package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever a broker says in MQTT 5, in whatever pieces, gives packets or failures. */
class BrokerPacketsFuzz {
  private static final BrokerSettings SETTINGS =
      MqttSettings.of(Map.of("broker", Map.of("host", "b", "maxPacket", 4096)))
          .broker()
          .orElseThrow();

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    try (Packets packets = new Packets(SETTINGS.maxPacket())) {
      // from here on it is MQTT 5
      assertThat(packets.write(BrokerLine.connect(SETTINGS))).isPresent();
      int half = input.length / 2;
      byte[] rest = Arrays.copyOfRange(input, half, input.length);
      for (byte[] piece : new byte[][] {Arrays.copyOf(input, half), rest}) {
        for (Packets.Packet packet : packets.read(piece, piece.length)) {
          assertThat(packet.payload().length).isLessThanOrEqualTo(SETTINGS.maxPacket());
          assertThat(packet.message().decoderResult()).isNotNull();
        }
      }
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "2003000000", // CONNACK
            "2006000003210014", // with a receive maximum
            "900500010001" + "01", // SUBACK
            "320e000367772f0001" + "00" + "010203040506", // PUBLISH, quality 1
            "320f000367772f0001" + "0223" + "0001" + "0102030405", // with a topic alias
            "4003000110", // PUBACK: nobody listens
            "e0028e00", // DISCONNECT: taken over
            "d000",
            "20ffffff7f")
        .map(HexFormat.of()::parseHex)
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
