package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlotOutTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final SlotOut out = new SlotOut(written);

  @Test
  void spellsValuesAsDecimalsDo() {
    SplittableRandom dice = new SplittableRandom(8);
    for (int scaler = -20; scaler <= 3; scaler++) {
      for (long raw :
          new long[] {0, 1, 9, 10, 99, 1_000, -1, -10, Long.MAX_VALUE, Long.MIN_VALUE}) {
        assertSpelled(raw, scaler);
      }
      for (int bits = 1; bits < 64; bits++) {
        assertSpelled(dice.nextLong() >>> bits, scaler);
      }
    }
  }

  @Test
  void textLongerThanItsBufferComesWhole() {
    String long1 = "123456789€".repeat(4_000);
    out.put(SlotOut.bytes(long1)).stamp(1_790_000_000L).value(125, -2).flush();
    assertThat(written.toString(StandardCharsets.UTF_8))
        .isEqualTo(long1 + "2026-09-21T14:13:20Z" + "1.25");
  }

  @Test
  void aStreamThatFailsIsToldOf() {
    SlotOut broken =
        new SlotOut(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("the client has gone");
              }
            });
    broken.put(SlotOut.bytes("x"));
    assertThatThrownBy(broken::flush)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("has gone");
  }

  private void assertSpelled(long raw, int scaler) {
    written.reset();
    out.value(raw, scaler).flush();
    assertThat(written.toString(StandardCharsets.US_ASCII))
        .isEqualTo(BigDecimal.valueOf(raw).scaleByPowerOfTen(scaler).toPlainString());
  }
}
