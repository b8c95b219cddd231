package org.gridwarden.security.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes as a tariff's manifest, it is one in the one way, or it is refused. */
class TariffManifestFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    try {
      assertThat(TariffManifest.parse(input).bytes()).isEqualTo(input);
    } catch (CommandException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  static Stream<Arguments> seeds() {
    byte[] document = "{}".getBytes(StandardCharsets.UTF_8);
    return Stream.of(
            TariffManifest.of("home", 1, LocalDate.of(2027, 1, 1), "urdb", document).bytes(),
            TariffManifest.of("a.b-c_9", 7, LocalDate.of(1900, 2, 28), "gridwarden", document)
                .bytes(),
            HexFormat.of().parseHex("8701606060606060"),
            HexFormat.of().parseHex("870161611b7fffffffffffffff"))
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
