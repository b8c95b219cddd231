package org.gridwarden.mdm.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes as a formula, it is refused with its place, or reads back as the same. */
class FormulaFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) throws Exception {
    Formula formula;
    try {
      formula = Formula.parse(new String(input, StandardCharsets.UTF_8));
    } catch (FormulaException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(formula.terms()).isNotEmpty();
    assertThat(Formula.parse(formula.toString())).isEqualTo(formula);
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "a",
            "- a + 2 * b",
            "1.025 * ( GW-0000001 + GW-0000002 ) - flat",
            "2 * 3 * (a - (b - 0.5 * a))",
            "((((((((((a))))))))))",
            "999992 * 3 * (a - (b2 - 0.5 * a))",
            "999999 * 999999 * a")
        .map(s -> Arguments.of((Object) s.getBytes(StandardCharsets.UTF_8)));
  }
}
