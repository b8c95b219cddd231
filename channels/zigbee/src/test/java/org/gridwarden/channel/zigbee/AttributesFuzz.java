package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever a device sends as a cluster's frame gives values, or nothing. */
class AttributesFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    Zcl.parse(input)
        .ifPresent(zcl -> {
          assertThat(zcl.payload().length).isEqualTo(input.length - 3);
          Attributes.report(zcl.payload()).ifPresent(a -> assertThat(a.get(0)).isNotNull());
          Attributes.answer(zcl.payload()).ifPresent(a -> assertThat(a.get(0)).isNotNull());
        });
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "180b010000002587d612000000", // an answer: energy
            "18010a0000250100000000000002180007" + "00e200000000",
            "183e01000000480802000000", // of a type that is none here
            "18010a05000042ff",
            "18010a050000420361")
        .map(HexFormat.of()::parseHex)
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
