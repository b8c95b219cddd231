package org.gridwarden.cosem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScaledValueTest {
  @Test
  void isToldAsItsDecimalWhateverItsScaler() {
    SplittableRandom dice = new SplittableRandom(8);
    for (int scaler = -12; scaler <= 3; scaler++) {
      for (long raw : new long[] {0, 1, 9, 10, 99, 1_000, -1, -10, Long.MAX_VALUE, Long.MIN_VALUE}) {
        assertToldAsItsDecimal(raw, scaler);
      }
      for (int bits = 1; bits < 64; bits++) {
        assertToldAsItsDecimal(dice.nextLong() >>> bits, scaler);
      }
    }
  }

  @Test
  void keepsTheZerosThatTheScalerCounts() {
    assertThat(new ScaledValue(5, -3, Unit.WATT_HOUR).plain()).isEqualTo("0.005");
    assertThat(new ScaledValue(12_500, -3, Unit.WATT_HOUR).plain()).isEqualTo("12.500");
    assertThat(new ScaledValue(0, -2, Unit.WATT_HOUR).plain()).isEqualTo("0.00");
  }

  @Test
  void aScalerFitsAnInt8() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ScaledValue(1, 128, Unit.WATT_HOUR));
  }

  private static void assertToldAsItsDecimal(long raw, int scaler) {
    ScaledValue value = new ScaledValue(raw, scaler, Unit.WATT_HOUR);
    assertThat(value.plain()).isEqualTo(value.decimal().toPlainString());
  }
}
