package org.gridwarden.server.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeNameTest {
  @ParameterizedTest
  @CsvSource({
    "'', /",
    "/, /",
    "., /",
    "in, /in",
    "/in/, /in",
    "//in//a.csv, /in/a.csv",
    "in/../out/x, /out/x",
    "../../in, /in",
    "/in/./a.csv, /in/a.csv"
  })
  void leadsTo(String path, String place) {
    assertThat(ExchangeName.of(path).map(ExchangeName::path)).contains(place);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "etc",
        "/etc/passwd",
        "in/a/b",
        "in/.hidden",
        ".half/x",
        "IN/a",
        "in/a\0b",
        "in/a b",
        "in/-x",
        "in\\..\\x",
        "in/ü",
        "../vera/in"
      })
  void leadsNowhere(String path) {
    assertThat(ExchangeName.of(path)).isEmpty();
  }

  @Test
  void aNameHasAnEnd() {
    assertThat(ExchangeName.of("in/" + "a".repeat(100))).isPresent();
    assertThat(ExchangeName.of("in/" + "a".repeat(101))).isEmpty();
    assertThat(ExchangeName.of("/".repeat(2_000))).isEmpty();
  }
}
