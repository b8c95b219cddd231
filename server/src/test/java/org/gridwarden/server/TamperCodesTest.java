package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.gridwarden.core.Severity;
import org.gridwarden.headend.tamper.TamperPolicy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every code that a data file knows, against the policy that judges it. */
class TamperCodesTest {
  private static final TamperPolicy POLICY = TamperPolicy.usual();

  private record Code(String key, String word, Severity severity) {}

  private static Stream<Code> codes(String file) throws IOException {
    Properties lines = new Properties();
    try (InputStream in = TamperCodesTest.class.getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      lines.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
    return lines.stringPropertyNames().stream()
        .map(key -> {
          String[] words = lines.getProperty(key).strip().split(" ", 3);
          return new Code(key, words[0], Severity.valueOf(words[1].toUpperCase(Locale.ROOT)));
        });
  }

  @ParameterizedTest
  @DisplayName("C35: every tamper code of every data file maps to an alarm, and opens a case")
  @ValueSource(
      strings = {
        "/org/gridwarden/channel/dlms/events.properties",
        "/org/gridwarden/channel/dlms/events-is15959.properties",
        "/org/gridwarden/channel/dlms/alarm-bits.properties",
        "/org/gridwarden/channel/zigbee/status.properties"
      })
  void everyTamperCodeIsAnAlarm(String file) throws IOException {
    assertThat(codes(file).filter(code -> code.word().startsWith("tamper."))).isNotEmpty();
    codes(file)
        .forEach(code -> {
          var rule = POLICY.rule(code.word(), code.severity());
          if (code.word().startsWith("tamper.")) {
            assertThat(rule).as(code.toString()).isPresent();
            assertThat(rule.orElseThrow().opensCase()).as(code.toString()).isTrue();
          }
          if (code.severity().compareTo(Severity.ATTENTION) >= 0) {
            assertThat(rule).as("%s is urgent and no alarm", code).isPresent();
            assertThat(rule.orElseThrow().severity())
                .as("the policy takes %s less seriously than its file", code)
                .isGreaterThanOrEqualTo(code.severity());
          }
        });
  }

  @ParameterizedTest
  @DisplayName("C35: what ends an alarm is no alarm itself")
  @ValueSource(
      strings = {
        "/org/gridwarden/channel/dlms/events.properties",
        "/org/gridwarden/channel/dlms/events-is15959.properties"
      })
  void whatEndsAnAlarmIsQuiet(String file) throws IOException {
    codes(file)
        .filter(code -> POLICY.ends(code.word()).isPresent())
        .forEach(code -> assertThat(code.severity()).as(code.toString()).isEqualTo(Severity.INFO));
  }
}
