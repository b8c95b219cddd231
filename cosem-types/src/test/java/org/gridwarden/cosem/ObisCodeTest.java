package org.gridwarden.cosem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObisCodeTest {
  @ParameterizedTest
  @CsvSource({
    "1.0.1.8.0.255, 1.0.1.8.0.255",
    "1-0:1.8.0*255, 1.0.1.8.0.255",
    "1-0:1.8.0, 1.0.1.8.0.255",
    "1.8.0, 1.0.1.8.0.255",
    "0-1:24.2.1, 0.1.24.2.1.255",
    "1-0:1.8.0.12, 1.0.1.8.0.12",
  })
  void readsTheFormsThatPeopleWrite(String text, String dotted) {
    assertThat(ObisCode.parse(text)).hasToString(dotted);
    assertThat(ObisCode.parse(dotted)).isEqualTo(ObisCode.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "1.8", "1.0.1.8.0.256", "a.b.c", "1.0.1.8.0.255.1", "1-0:1.8.0*999"})
  void refusesWhatIsNone(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ObisCode.parse(text));
  }

  @Test
  void keepsItsGroupsThroughBytes() {
    ObisCode code = ObisCode.of(1, 2, 3, 4, 5, 255);
    assertThat(ObisCode.of(code.bytes(), 0)).isEqualTo(code);
    assertThat(new int[] {code.a(), code.b(), code.c(), code.d(), code.e(), code.f()})
        .containsExactly(1, 2, 3, 4, 5, 255);
  }

  @Test
  void unitsKeepTheStandardsNumbers() {
    assertThat(Unit.of(30)).isSameAs(Unit.WATT_HOUR);
    assertThat(Unit.of(255)).isSameAs(Unit.COUNT);
    assertThat(Unit.of(200)).as("a code without a meaning").isSameAs(Unit.OTHER);
    for (Unit unit : Unit.values()) {
      assertThat(Unit.of(unit.code())).isSameAs(unit);
    }
  }

  @Test
  void scaledValuesAreExact() {
    assertThat(new ScaledValue(2364, -1, Unit.VOLT)).hasToString("236.4 V");
    assertThat(new ScaledValue(5, 3, Unit.WATT_HOUR).plain()).isEqualTo("5000");
    assertThat(new ScaledValue(Long.MAX_VALUE, -3, Unit.COUNT).plain())
        .isEqualTo("9223372036854775.807");
    assertThatIllegalArgumentException().isThrownBy(() -> new ScaledValue(1, 128, Unit.WATT));
  }
}
