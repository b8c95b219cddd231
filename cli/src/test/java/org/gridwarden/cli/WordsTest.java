package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class WordsTest {
  @ParameterizedTest
  @CsvSource({"60s,PT60S", "5m,PT5M", "1h30m,PT90M", "28d,PT672H", "90,PT90S", "0,PT0S"})
  void durationsAsPeopleWriteThem(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "s", "5x", "-5s", "1m1h", "999999999999d"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void addressesAreHostAndPort() {
    assertThat(HostPort.parse("127.0.0.1:4059").getPort()).isEqualTo(4059);
    assertThat(HostPort.parse("[::1]:4059").getAddress().isLoopbackAddress()).isTrue();
    assertThatThrownBy(() -> HostPort.parse("127.0.0.1")).isInstanceOf(Failure.class);
    assertThatThrownBy(() -> HostPort.parse("127.0.0.1:70000")).isInstanceOf(Failure.class);
  }
}
