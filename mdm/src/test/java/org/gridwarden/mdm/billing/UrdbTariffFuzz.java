package org.gridwarden.mdm.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes as a tariff, it is refused with its place, or bills can be made by it. */
class UrdbTariffFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) throws Exception {
    Tariff tariff;
    try {
      tariff = UrdbTariff.parse(input);
    } catch (TariffException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    long[] kw = new long[48];
    Arrays.fill(kw, 3);
    Load load = new Load("m", Instant.parse("2026-01-01T00:00:00Z"), 3_600, kw, 0, true);
    assertThat(new Biller(tariff, ZoneOffset.UTC.getRules()).bill(load, m -> true).months())
        .hasSize(1);
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "{}",
            "{\"fixedchargefirstmeter\":1,\"fixedchargeunits\":[]}",
            "{\"fixedchargefirstmeter\":1e-922222222222222222222222222222222222}",
            "{\"energyratestructure\":[[{\"rate\":0.1,\"max\":9},{\"rate\":1e-9,\"sell\":2}]]}",
            "{\"items\":[{\"flatdemandstructure\":[[{\"rate\":1}]],\"lookbackPercent\":35,"
                + "\"lookbackRange\":3,\"mincharge\":3,\"minchargeunits\":\"$/day\"}]}")
        .map(s -> Arguments.of((Object) s.getBytes(StandardCharsets.UTF_8)));
  }
}
