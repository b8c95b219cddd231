package org.gridwarden.mdm.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.gridwarden.mdm.billing.Load;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualMetersTest {
  private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

  @Test
  void aDifferenceIsExact() throws Exception {
    // Wh and tenths of one: 1.000 - 0.4 x 0.5 = 0.8; 2.000 - 0.4 x 1.5 = 1.4
    Load rest =
        made("main - 0.4 * sub", Map.of("main", load(3, 1_000, 2_000), "sub", load(1, 5, 15)));
    assertThat(rest.scale()).isEqualTo(3);
    assertThat(rest.values()).containsExactly(800, 1_400);
  }

  @Test
  void whereAPartIsUnknownTheWholeIs() throws Exception {
    Load sum = made("a + b", Map.of("a", load(0, 1, Load.MISSING, 3), "b", load(0, 5, 5, 5, 5)));
    assertThat(sum.values()).containsExactly(6, Load.MISSING, 8, Load.MISSING);
  }

  @Test
  void theOrderOfItsPartsDoesNotMatter() throws Exception {
    Map<String, Load> meters = Map.of("a", load(0, 1, 2), "b", load(2, 5, 7), "c", load(1, 9, 9));
    assertThat(made("2 * a - b + c", meters).values())
        .isEqualTo(made("c + 2 * a - b", meters).values())
        .isEqualTo(made("- ( b - 2 * ( a + 0.5 * c ) )", meters).values());
  }

  @Test
  void formulasMayNameEachOtherButNotInACircle() throws Exception {
    Map<String, Formula> formulas =
        Map.of(
            "x", Formula.parse("y + m"),
            "y", Formula.parse("2 * m"),
            "p", Formula.parse("q"),
            "q", Formula.parse("p + m"));
    VirtualMeters meters = new VirtualMeters(formulas, Map.of("m", load(0, 3)));
    assertThat(meters.load("x").values()).containsExactly(9);
    assertThatThrownBy(() -> meters.load("p"))
        .isInstanceOf(FormulaException.class)
        .hasMessageContaining("is made of itself");
  }

  @ParameterizedTest
  @CsvSource({
    "a + nobody,there is no meter nobody",
    "a + hours,the intervals of hours are not those of m",
    "a + much,too large to be added",
    "0.000001 * fine,would have 15 digits behind the point"
  })
  void whatCannotBeAddedIsRefused(String formula, String says) {
    Map<String, Load> meters =
        Map.of(
            "a", load(0, 9),
            "much", load(0, Long.MAX_VALUE),
            "fine", load(9, 1),
            "hours", new Load("hours", START, 3_600, new long[] {1}, 0, false));
    assertThatThrownBy(() -> made(formula, meters))
        .isInstanceOf(FormulaException.class)
        .hasMessageContaining(says);
  }

  @ParameterizedTest
  @CsvSource({
    "'',at its end: a meter's name is expected",
    "a +,at its end: a meter's name is expected",
    "a b,'at its word 2, ''b'': a sign is expected'",
    "a * b,a factor is expected",
    "2 * ( a + b,a sign or ) is expected",
    "a - a,a comes to nothing in it"
  })
  void whatIsNoFormulaIsRefusedWithItsPlace(String text, String says) {
    assertThatThrownBy(() -> Formula.parse(text))
        .isInstanceOf(FormulaException.class)
        .hasMessageContaining(says);
  }

  @Test
  void signsWithinNamesArePartOfThem() throws Exception {
    assertThat(Formula.parse("GW-1 - GW-2 + (GW-1 - 3 * x)").toString())
        .isEqualTo("2 * GW-1 - GW-2 - 3 * x");
  }

  private static Load made(String formula, Map<String, Load> meters) throws FormulaException {
    return new VirtualMeters(Map.of("v", Formula.parse(formula)), meters).load("v");
  }

  private static Load load(int scale, long... values) {
    return new Load("m", START, 900, values, scale, false);
  }
}
