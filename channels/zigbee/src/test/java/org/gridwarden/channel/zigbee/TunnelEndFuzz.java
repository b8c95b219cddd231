package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes through a tunnel, in whatever order, gives messages, or nothing. */
class TunnelEndFuzz {
  private static final int LONGEST = 255 * 255;

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    TunnelEnd tunnel = TunnelEnd.opened(new byte[] {0, 0, 0, 68, 0}).orElseThrow();
    for (int at = 0; at < input.length; ) {
      int length = Math.min(input.length - at, 1 + (input[at] & 0x7F));
      Optional<TunnelEnd.Whole> whole = tunnel.take(Arrays.copyOfRange(input, at, at + length));
      whole.ifPresent(w -> assertThat(w.message().length).isLessThan(LONGEST));
      at += length;
    }
  }

  static Stream<Arguments> seeds() {
    TunnelEnd tunnel = TunnelEnd.opened(new byte[] {0, 0, 0, 68, 0}).orElseThrow();
    return Stream.of(tunnel.segments(4, new byte[200])).map(bytes -> Arguments.of((Object) bytes));
  }
}
