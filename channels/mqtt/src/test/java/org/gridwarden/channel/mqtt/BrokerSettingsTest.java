package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the section of a broker may say. */
class BrokerSettingsTest {
  @TempDir private Path folder;

  private static BrokerSettings parsed(Map<String, Object> broker) {
    return MqttSettings.of(Map.of("broker", broker)).broker().orElseThrow();
  }

  private static void refused(String why, Object... pairs) {
    Map<String, Object> broker = new HashMap<>(Map.of("host", "broker.example"));
    for (int i = 0; i < pairs.length; i += 2) {
      broker.put((String) pairs[i], pairs[i + 1]);
    }
    assertThatThrownBy(() -> new MqttChannelFactory().create(Map.of("broker", broker)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void usual() {
    BrokerSettings settings = parsed(Map.of("host", "broker.example"));
    assertThat(settings.place()).isEqualTo("broker.example:8883");
    assertThat(settings.tls()).isPresent();
    assertThat(settings.user()).isEmpty();
    assertThat(settings.group()).isEmpty();
    assertThat(settings.session()).isEqualTo(Duration.ofDays(7));
    assertThat(new MqttChannelFactory().create(Map.of("broker", Map.of("host", "b"))))
        .singleElement()
        .satisfies(channel -> assertThat(channel.id().instance()).isEqualTo("broker"));
  }

  @Test
  @DisplayName("C30: the password is a reference, and never told")
  void password() throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "swordfish\n");
    BrokerSettings settings =
        parsed(Map.of("host", "b", "user", "gridwarden", "password", "file:" + file));
    assertThat(settings.user().orElseThrow().password().copy())
        .isEqualTo("swordfish".getBytes(StandardCharsets.UTF_8));
    assertThat(settings.toString()).contains("gridwarden").doesNotContain("swordfish");
    assertThatThrownBy(() -> parsed(Map.of("host", "b", "user", "u", "password", "swordfish")))
        .hasMessageContaining("'broker.password' must be a reference")
        .hasMessageNotContaining("swordfish");
    refused("'broker.password' must be a file that can be read", "password", "file:/no/such");
    refused("'broker.password' must be a variable that is set", "password", "env:NO_SUCH_ONE");
    refused("'broker.user' must be there", "password", "file:" + file);
    refused("'broker.password' must be there", "user", "gridwarden");
  }

  @Test
  @DisplayName("C25: without TLS only where the configuration decides for it")
  void plaintext() {
    MqttChannelFactory factory = new MqttChannelFactory();
    Map<String, Object> plain = Map.of("host", "b", "tls", "off");
    assertThat(factory.plaintext(Map.of("broker", plain))).isEqualTo(List.of("broker"));
    assertThat(factory.plaintext(Map.of("broker", Map.of("host", "b")))).isEmpty();
    assertThat(parsed(plain).tls()).isEqualTo(Optional.empty());
    assertThat(parsed(plain).port()).isEqualTo(1883);
  }

  @Test
  void whatIsWrongIsNamed() throws Exception {
    Path none = Files.writeString(folder.resolve("none.pem"), "no certificate");
    assertThatThrownBy(() -> parsed(Map.of()))
        .hasMessageContaining("'broker.host' must be the broker's name");
    refused("'broker.hots' is not a key here", "hots", "b");
    refused("'broker.tls' must be required or off", "tls", "perhaps");
    refused("'broker.group' must be a name without", "group", "a/b");
    refused("'broker.trust' must be a path that begins with /", "trust", "root.pem");
    refused("'broker.trust' must be certificates in PEM", "trust", "/no/such.pem");
    refused("'broker.trust' must be certificates in PEM", "trust", none.toString());
    refused("'broker.key' must be there", "certificate", none.toString());
    refused(
        "'broker.certificate' must be a certificate in PEM",
        "certificate",
        none.toString(),
        "key",
        none.toString());
    refused("'broker.inFlight' must be a number from 1 to 65535", "inFlight", 0);
  }
}
