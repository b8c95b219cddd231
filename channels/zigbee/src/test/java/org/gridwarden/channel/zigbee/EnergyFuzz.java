package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.gridwarden.core.MeterId;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever a device says of events, profiles and its supply gives values, or nothing. */
class EnergyFuzz {
  private static final Known DEVICE =
      Known.unknown(new Eui64(1)).expected(new MeterId("GW-1")).joined(5).reporting(1, 1_000, 1);

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    EventStatus.parse(input).ifPresent(s -> assertThat(s.words()).isNotBlank());
    ProfileAnswer.profile(input).ifPresent(EnergyFuzz::bounded);
    ProfileAnswer.samples(input, 0).ifPresent(EnergyFuzz::bounded);
    SupplyChange.status(new Zcl(true, true, 0, SupplyChange.STATUS, input), 0)
        .ifPresent(s -> assertThat(s).isBetween(0, 255));
  }

  private static void bounded(ProfileAnswer answer) {
    assertThat(answer.raw().length).isLessThanOrEqualTo(255);
    assertThat(Profiles.slots(DEVICE, answer, Instant.MAX.minusSeconds(1_000)))
        .hasSizeLessThanOrEqualTo(answer.raw().length);
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "4d0000000400e1f50502008000808000ff0300", // opted out
            "00e1f5050003032c0100ffffff640000", // three quarter-hours
            "000000e1f505008403020064000064000000", // two samples and a byte too many
            "000000e1f5050084030200640000640000",
            "00000000000000000000000002")
        .map(HexFormat.of()::parseHex)
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
