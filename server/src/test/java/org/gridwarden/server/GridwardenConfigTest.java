package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridwardenConfigTest {
  private static GridwardenConfig parse(String yaml, Map<String, String> environment) {
    return GridwardenConfig.parse(yaml, "g.yaml", environment);
  }

  @Test
  void theSampleStatesTheDefaults() {
    GridwardenConfig sample = parse(GridwardenConfig.sample(), Map.of());
    GridwardenConfig defaults = GridwardenConfig.defaults();
    assertThat(sample.console()).isEqualTo(defaults.console());
    assertThat(sample.database()).isEqualTo(defaults.database());
    assertThat(sample.intake()).isEqualTo(defaults.intake());
    assertThat(sample.retention()).isEqualTo(defaults.retention());
    assertThat(sample.logging()).isEqualTo(defaults.logging());
    assertThat(sample.data()).isEqualTo(defaults.data());
    assertThat(sample.channels()).containsOnlyKeys("dlms");
    assertThat(defaults.channels()).containsOnlyKeys("dlms");
  }

  @Test
  void readsWhatDiffers() {
    GridwardenConfig config =
        parse(
            """
            data: /srv/gridwarden
            console: {bind: 0.0.0.0, port: 9443, idleTimeout: 15m}
            channels:
              dlms:
                tcp: {port: 4060}
                serial: [{device: /dev/ttyUSB0, speed: 9600}]
            retention: {evidence: 30d}
            """,
            Map.of());
    assertThat(config.data()).isEqualTo(Path.of("/srv/gridwarden"));
    assertThat(config.console().port()).isEqualTo(9443);
    assertThat(config.console().idleTimeout()).isEqualTo(Duration.ofMinutes(15));
    assertThat(config.retention().evidence()).isEqualTo(Duration.ofDays(30));
    assertThat(config.channels().get("dlms"))
        .hasToString("{tcp={port=4060}, serial=[{device=/dev/ttyUSB0, speed=9600}]}");
  }

  @Test
  void variablesOverrideTheFile() {
    GridwardenConfig config =
        parse(
            "console: {port: 9443}",
            Map.of(
                "GRIDWARDEN_CONSOLE_PORT", "9444",
                "GRIDWARDEN_INTAKE_BATCH_MESSAGES", "10",
                "GRIDWARDEN_DATA", "/tmp/elsewhere",
                "GRIDWARDEN_CHANNELS_DLMS_TCP_PORT", "4061",
                "GRIDWARDEN_HOME", "/opt/gridwarden"));
    assertThat(config.console().port()).isEqualTo(9444);
    assertThat(config.intake().batchMessages()).isEqualTo(10);
    assertThat(config.data()).isEqualTo(Path.of("/tmp/elsewhere"));
    assertThat(config.channels().get("dlms")).hasToString("{tcp={port=4061}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "console: {port: 99999} | g.yaml:1:17: console.port is a whole number from 0 to 65535",
        "console: {prot: 1} | g.yaml:1:17: unknown key console.prot: known here are",
        "consol: {port: 1} | unknown key consol",
        "console: 8443 | g.yaml:1:10: console holds keys of its own",
        "console: {plaintext: maybe} | console.plaintext is true or false",
        "console: {idleTimeout: soon} | console.idleTimeout is a time from 60s to 86400s",
        "console: {maxImport: much} | console.maxImport is a size from",
        "console: {bind: no.such.host.invalid} | console.bind is an address",
        "database: {url: oracle} | database.url is embedded, or jdbc:postgresql://",
        "database: {url: 'jdbc:postgresql://h/d?password=x'} | database.url holds no password",
        "logging: {level: loud} | logging.level is one of error, warn, info, debug, not loud",
        "channels: {dlms: 1} | channels.dlms holds keys of its own",
        "console: {tls: {certificate: a.pem}} | console.tls names a certificate and a key",
        "data: [a] | g.yaml:1:7: data is a word or text",
        "- a | the configuration is keys and values",
        "a: b: c | g.yaml:1:5: not YAML",
        "'data: a\ndata: b' | the key data stands here twice",
      })
  void oneLineNamesThePlace(String yaml, String message) {
    assertThatThrownBy(() -> parse(yaml.replace("\\n", "\n"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .message()
        .contains(message)
        .doesNotContain("\n");
  }

  @Test
  void aWrongVariableIsNamed() {
    assertThatThrownBy(() -> parse("", Map.of("GRIDWARDEN_CONSOLE_PORT", "many")))
        .hasMessageStartingWith("GRIDWARDEN_CONSOLE_PORT: console.port is a whole number");
    assertThatThrownBy(() -> parse("", Map.of("GRIDWARDEN_CONSOLE_PROT", "1")))
        .hasMessageContaining("GRIDWARDEN_CONSOLE_PROT: unknown key console.prot");
  }

  @Test
  @DisplayName("C25 plain HTTP is refused beyond this machine")
  void plaintextStaysOnLoopback() {
    assertThat(parse("console: {plaintext: true}", Map.of()).console().plaintext()).isTrue();
    assertThatThrownBy(() -> parse("console: {plaintext: true, bind: 0.0.0.0}", Map.of()))
        .hasMessageContaining("console.plaintext is for a loopback address only");
    assertThat(GridwardenConfig.defaults().console().plaintext()).isFalse();
  }

  @Test
  @DisplayName("C30 secrets are references, and are not repeated")
  void secretsAreReferences(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("pw"), "canary-from-file\n");
    GridwardenConfig config =
        parse("database: {password: 'file:" + folder.resolve("pw") + "'}", Map.of());
    assertThat(new String(config.database().password().copy(), StandardCharsets.UTF_8))
        .isEqualTo("canary-from-file");
    assertThat(config.toString()).doesNotContain("canary");
    GridwardenConfig byEnv = parse("database: {password: 'env:PW'}", Map.of("PW", "canary-env"));
    assertThat(byEnv.database().password().length()).isEqualTo(10);
    assertThatThrownBy(() -> parse("database: {password: canary-in-clear}", Map.of()))
        .hasMessageContaining("is a reference, file:PATH or env:NAME")
        .message()
        .doesNotContain("canary");
    assertThatThrownBy(() -> parse("database: {password: 'env:NOT_THERE'}", Map.of()))
        .hasMessageContaining("NOT_THERE");
    assertThatThrownBy(() -> parse("database: {password: 'file:/no/such'}", Map.of()))
        .hasMessageContaining("/no/such, which cannot be read");
  }

  @Test
  void aMissingFileIsNamed(@TempDir Path folder) {
    assertThatThrownBy(() -> GridwardenConfig.load(folder.resolve("no.yaml"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no.yaml: cannot be read");
  }
}
