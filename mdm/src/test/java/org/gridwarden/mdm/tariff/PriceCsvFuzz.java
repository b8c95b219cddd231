package org.gridwarden.mdm.tariff;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.gridwarden.mdm.billing.PriceCurve;
import org.gridwarden.mdm.billing.TariffException;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes as prices, it is a curve without holes, or refused with its line. */
class PriceCsvFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    try {
      PriceCurve curve = PriceCsv.parse("p.csv", input);
      assertThat(curve.prices().length).isGreaterThan(1);
      assertThat(curve.prices()).doesNotContain(PriceCurve.MISSING);
      assertThat(curve.end()).isAfter(curve.start());
    } catch (TariffException e) {
      assertThat(e.getMessage()).startsWith("p.csv");
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "start,per_kwh\n2026-01-01T00:00:00+01:00,0.1\n2026-01-01T00:15:00+01:00,-0.2\n",
            "start,per_mwh\n2026-01-01T00:00Z,83.4\n2026-01-01T01:00Z,0\n\n",
            "start,per_mwh\n2026-01-01T00:00Z,83.1234567\n",
            "start,per_kwh\n+999999999-12-31T23:59:59Z,1\n")
        .map(s -> Arguments.of((Object) s.getBytes(StandardCharsets.UTF_8)));
  }
}
