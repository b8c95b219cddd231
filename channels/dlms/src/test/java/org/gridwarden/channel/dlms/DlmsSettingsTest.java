package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelFactory;
import org.gridwarden.dlms.LinkInfo;
import org.junit.jupiter.api.Test;

class DlmsSettingsTest {
  @Test
  void aChannelForEachListenerAndPort() {
    ChannelFactory factory =
        ServiceLoader.load(ChannelFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(f -> f.name().equals("dlms"))
            .findFirst()
            .orElseThrow();
    List<Channel> channels =
        factory.create(
            Map.of(
                "tcp", Map.of(),
                "udp", Map.of("port", 5000),
                "serial", List.of(Map.of("device", "/dev/ttyUSB7"))));
    assertThat(channels)
        .extracting(c -> c.id().toString())
        .containsExactly("dlms/tcp-4059", "dlms/udp-5000", "dlms/serial-ttyUSB7", "dlms/call");
    channels.forEach(Channel::close);
  }

  @Test
  void valuesMayBeTextAsOverridesAre() {
    DlmsSettings settings =
        DlmsSettings.of(
            Map.of(
                "tcp", Map.of("port", "0", "link", "HDLC"),
                "idle", "5m",
                "systemTitle", "0102030405060708"));
    assertThat(settings.tcp().orElseThrow().port()).isZero();
    assertThat(settings.tcp().orElseThrow().link().kind()).contains(LinkInfo.Kind.HDLC);
    assertThat(settings.limits().idle()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.limits().systemTitle()).hasSize(8).startsWith(1);
  }

  @Test
  void whatIsWrongIsNamed() {
    refused(Map.of("tpc", Map.of()), "'tpc' is not a key");
    refused(Map.of("tcp", Map.of("prot", 1)), "'tcp.prot' is not a key");
    refused(Map.of("tcp", 4059), "'tcp' must be a section");
    refused(Map.of("tcp", Map.of("port", 70_000)), "'tcp.port' must be a number from 0 to 65535");
    refused(Map.of("udp", Map.of("link", "ip")), "'udp.link' must be one of auto");
    refused(Map.of("serial", Map.of()), "'serial' must be a list");
    refused(Map.of("serial", List.of(Map.of())), "'serial[0].device' must be the port's path");
    refused(
        Map.of("serial", List.of(Map.of("device", "x", "parity", "mark"))),
        "'serial[0].parity' must be one of [none, even, odd]");
    refused(Map.of("idle", "soon"), "'idle' must be a time");
    refused(Map.of("systemTitle", "01"), "'systemTitle' must be 16 hex digits");
  }

  @Test
  void aGateIsThereBySocketAndKeyOrIsStartedInItsFolder() {
    DlmsSettings.Gate other =
        DlmsSettings.of(Map.of("gate", Map.of("socket", "/run/gate", "key", "/etc/gate.pem")))
            .gate()
            .orElseThrow();
    assertThat(other)
        .isEqualTo(
            new DlmsSettings.Gate(
                Path.of("/run/gate"), Path.of("/etc/gate.pem"), 1, Optional.empty()));
    DlmsSettings.Gate own =
        DlmsSettings.of(Map.of("gate", Map.of("folder", "/gate", "client", "2")))
            .gate()
            .orElseThrow();
    assertThat(own)
        .isEqualTo(
            new DlmsSettings.Gate(
                Path.of("/gate/gate.socket"),
                Path.of("/gate/gate-key.pub.pem"),
                2,
                Optional.of(Path.of("/gate"))));
    refused(Map.of("gate", Map.of("key", "x")), "'gate.socket' must be");
    refused(Map.of("gate", Map.of("socket", "x")), "'gate.key' must be");
  }

  private static void refused(Map<String, Object> settings, String words) {
    assertThatThrownBy(() -> DlmsSettings.of(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }
}
