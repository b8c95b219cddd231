package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.gridwarden.simulator.zigbee.ash.AshFrame;
import org.gridwarden.simulator.zigbee.xbee.ApiFrames;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: whatever comes over the model's serial lines is a frame, which reads the same again, or
 * none.
 */
class AshFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    AshFrame.parse(input, input.length)
        .ifPresent(frame -> {
          byte[] again = frame.bytes();
          AshFrame same = AshFrame.parse(again, again.length - 1).orElseThrow();
          assertThat(same.control()).isEqualTo(frame.control());
          assertThat(same.data()).isEqualTo(frame.data());
        });
    ApiFrames frames = new ApiFrames();
    for (byte b : input) {
      frames.take(b & 0xFF).ifPresent(data -> assertThat(data.length).isLessThan(300));
    }
  }

  static Stream<Arguments> seeds() {
    byte[] data = new AshFrame(0x25, new byte[] {0, 0, 0, 2}).bytes();
    return Stream.of(
            Arrays.copyOf(data, data.length - 1),
            new byte[] {(byte) 0xC1, 2, 0x0B, 0x0A, 0x52},
            ApiFrames.bytes(new byte[] {8, 1, 'A', 'P', 2}))
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
