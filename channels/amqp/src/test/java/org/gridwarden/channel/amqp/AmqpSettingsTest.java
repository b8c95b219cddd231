package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.security.AdmissionLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section of the configuration. */
class AmqpSettingsTest {
  @TempDir Path folder;

  private static Map<String, Object> broker(String key, String value) {
    Map<String, Object> broker =
        new HashMap<>(
            Map.of("host", "localhost", "user", "u", "password", "file:x", "up", "/queue/up"));
    broker.put(key, value);
    return Map.of("broker", broker);
  }

  @ParameterizedTest
  @CsvSource({
    "host,'',broker.host",
    "down,/queue/all,broker.down",
    "tls,perhaps,broker.tls",
    "port,0,broker.port",
    "quick,yes,broker.quick"
  })
  void namesWhatIsWrong(String key, String value, String named) {
    assertThatThrownBy(() -> AmqpSettings.of(broker(key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  @Test
  @DisplayName("C25: a listener, and a broker, without TLS have to be asked for")
  void tellsWhatIsInTheClear() {
    AmqpChannelFactory factory = new AmqpChannelFactory();
    assertThat(factory.plaintext(Map.of("tls", Map.of()))).isEmpty();
    assertThat(factory.plaintext(Map.of("tcp", Map.of()))).containsExactly("tcp");
    assertThat(factory.plaintext(broker("tls", "false"))).containsExactly("broker");
    assertThat(factory.plaintext(broker("tls", "true"))).isEmpty();
    assertThat(factory.create(Map.of("tls", Map.of(), "tcp", Map.of()))).hasSize(2);
    assertThat(AmqpSettings.of(broker("tls", "true")).broker().orElseThrow().port())
        .isEqualTo(AmqpSettings.TLS_PORT);
  }

  @Test
  @DisplayName("C30: a secret that stands in the configuration itself is refused, and not repeated")
  void aSecretIsAReference() throws Exception {
    for (String wrong :
        new String[] {"canary-secret", "file:" + folder.resolve("none"), "env:_NO"}) {
      assertThatThrownBy(() ->
              new TestOffice(
                  broker("password", wrong), AdmissionLimits.defaults(), Optional.empty()))
          .hasMessageNotContaining("canary")
          .satisfies(e ->
              assertThat(((org.gridwarden.core.ChannelException) e).fault().remedy())
                  .contains("'password'")
                  .doesNotContain("canary"));
    }
    Path file = folder.resolve("password");
    Files.writeString(file, "canary-secret\n");
    BrokerLogin login =
        BrokerLogin.of(AmqpSettings.of(broker("password", "file:" + file)).broker().orElseThrow());
    assertThat(login.toString()).doesNotContain("canary");
  }
}
