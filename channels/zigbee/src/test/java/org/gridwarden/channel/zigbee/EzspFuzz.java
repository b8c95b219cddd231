package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.gridwarden.simulator.zigbee.ezsp.EzspNcp;
import org.gridwarden.simulator.zigbee.net.Net;
import org.gridwarden.simulator.zigbee.radio.Air;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever a host says to the model's dongle, it is answered, and the model goes on. */
class EzspFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyCommand(byte[] input) {
    Timeline time = new Timeline();
    List<byte[]> answers = new ArrayList<>();
    EzspNcp ncp = new EzspNcp(new Net(new Air(time, new Random(1))), 1, answers::add);
    ncp.take(input);
    time.advance(1_000_000);
    if (input.length >= 3) {
      assertThat(answers.getFirst()[0]).as("its own number").isEqualTo(input[0]);
    } else {
      assertThat(answers).isEmpty();
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "00000004", // version
            "01001e" + "0102030405060708621a000f00000000" + "00800000", // form
            "02003400000104010101010000000000000a01020304", // unicast
            "0300ffff")
        .map(HexFormat.of()::parseHex)
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
