package org.gridwarden.mdm.tariff;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.mdm.billing.Biller;
import org.gridwarden.mdm.billing.IncompleteLoadException;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.TariffException;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes as a tariff, it is refused with its place, or bills can be made by it. */
class TariffFileFuzz {
  private static final byte[] PRICES =
      "start,per_kwh\n2026-01-01T00:00:00Z,0.1\n2026-01-02T00:00:00Z,-0.1\n"
          .getBytes(StandardCharsets.UTF_8);

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) throws Exception {
    Tariff tariff;
    try {
      TariffFile file = TariffFile.parse(input, (name, sha256) -> Optional.of(PRICES));
      tariff = file.tariff();
      assertThat(TariffText.lines(file)).isNotEmpty();
    } catch (TariffException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    long[] kw = new long[48];
    Arrays.fill(kw, 3);
    kw[7] = -2;
    Load load = new Load("m", Instant.parse("2026-01-01T00:00:00Z"), 3_600, kw, 0, true);
    try {
      assertThat(new Biller(tariff, ZoneOffset.UTC.getRules()).bill(load, m -> true).months())
          .hasSize(1);
    } catch (IncompleteLoadException e) {
      assertThat(tariff.terms().dynamic()).isNotNull();
    }
  }

  static Stream<Arguments> seeds() {
    String begin = "gridwarden-tariff: 1\nname: t\ncurrency: EUR\nrounding: {lines: half-up}\n";
    return Stream.of(
            "",
            "{}",
            begin,
            begin + "energy: {price: 0.1, sell: 0.05}\nfeed-in: net-metering\n",
            begin
                + "seasons: {w: {from: 10-01, to: 03-31}}\nholidays: {rules: [easter-2, 12-25]}\n"
                + "energy:\n  periods: {a: {price: 1}, b: {tiers: [{up-to: 3, price: 1}, {price:"
                + " 2}], counted: day}}\n  otherwise: a\n  hours: [{period: b, seasons: [w], days:"
                + " [holidays], from: 22:00, to: 06:00}]\n",
            begin
                + "demand: {window: {minutes: 15, sliding: true}, by-month: {price: 3}, look-back:"
                + " {percent: 50, months: 3}}\ntaxes: [{name: V, percent: 8.1}]\n",
            begin + "rounding: {lines: half-even, total-to: 0.05}\nprepayment: {low-balance: 1}\n",
            begin + "energy: {market: {files: [{file: p.csv, sha256: 00}]}}\n")
        .map(s -> Arguments.of((Object) s.getBytes(StandardCharsets.UTF_8)));
  }
}
