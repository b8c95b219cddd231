package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** C25: every port of a whole server, looked at from outside with {@code openssl s_client}. */
@ExtendWith(SharedServer.Lender.class)
class ListenersIT {
  private static RunningServer server;

  @BeforeAll
  static void start(SharedServer shared) {
    server = shared.server();
  }

  /** The ports that speak TLS, and whether 1.2 is spoken there. */
  enum Port {
    CONSOLE(true),
    DLMS(false),
    EST(false);

    private final boolean old;

    Port(boolean old) {
      this.old = old;
    }

    int number() {
      return switch (this) {
        case CONSOLE -> server.url().getPort();
        case DLMS -> server.dlmsTlsPort();
        case EST -> server.estPort();
      };
    }
  }

  private static String probe(Port port, String input, String... options)
      throws IOException, InterruptedException {
    return probe(port.number(), input, options);
  }

  private static String probe(int port, String input, String... options)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("s_client", ".txt");
    Path in = Files.createTempFile("s_client", ".in");
    try {
      Files.writeString(in, input);
      List<String> command =
          Stream.concat(
                  Stream.of("openssl", "s_client", "-connect", "127.0.0.1:" + port),
                  Stream.of(options))
              .toList();
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .redirectInput(in.toFile())
              .start();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return new String(Files.readAllBytes(out), StandardCharsets.ISO_8859_1);
    } finally {
      Files.delete(out);
      Files.delete(in);
    }
  }

  private static boolean spoken(String answer) {
    return answer.contains("Server certificate") && !answer.contains("Cipher is (NONE)");
  }

  @ParameterizedTest
  @EnumSource(Port.class)
  @DisplayName("C25: TLS 1.3 is spoken, TLS 1.2 at the console alone, nothing older anywhere")
  void versions(Port port) throws Exception {
    assertThat(spoken(probe(port, "", "-tls1_3"))).isTrue();
    assertThat(spoken(probe(port, "", "-tls1_2"))).isEqualTo(port.old);
    // this openssl speaks the old versions only at its lowest security level
    for (String version : List.of("-tls1_1", "-tls1")) {
      assertThat(spoken(probe(port, "", version, "-cipher", "ALL:@SECLEVEL=0")))
          .as(version)
          .isFalse();
    }
  }

  /** Made by hand: no openssl of today speaks SSL 3.0. */
  @ParameterizedTest
  @EnumSource(Port.class)
  @DisplayName("C25: a hello of SSL 3.0 to TLS 1.1 is answered by an alert on every TLS port")
  void oldHellos(Port port) throws Exception {
    List<Integer> refused = new ArrayList<>(List.of(0x0300, 0x0301, 0x0302));
    if (!port.old) {
      refused.add(0x0303);
    }
    for (int version : refused) {
      try (Socket socket = new Socket("127.0.0.1", port.number())) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(TlsIT.hello(version));
        byte[] answer = socket.getInputStream().readNBytes(7);
        assertThat(answer[0]).as("an alert to %x", version).isEqualTo((byte) 21);
        assertThat(answer[5]).as("fatal").isEqualTo((byte) 2);
        assertThat(answer[6]).as("protocol version").isEqualTo((byte) 70);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Port.class)
  @DisplayName("C23: the office staples what it says of its own certificate to the handshake")
  void stapled(Port port) throws Exception {
    Path root = server.data().resolve("ca/root.crt");
    String answer = probe(port, "", "-tls1_3", "-status", "-CAfile", root.toString());
    assertThat(answer)
        .contains("OCSP Response Status: successful", "Cert Status: good")
        .contains("Verify return code: 0 (ok)");
    if (port.old) {
      assertThat(probe(port, "", "-tls1_2", "-status")).contains("Cert Status: good");
    }
  }

  @Test
  @DisplayName("C25: the DTLS port asks for a certificate, and speaks neither 1.0 nor weak ciphers")
  void datagrams() throws Exception {
    String without = probe(server.dlmsDtlsPort(), "", "-dtls1_2");
    assertThat(without).contains("Acceptable client certificate CA names", "alert bad certificate");
    for (String version : List.of("-dtls1", "-dtls1_2")) {
      for (String weak :
          List.of(
              "ALL:!ECDHE", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-CCM8", "NULL", "PSK")) {
        assertThat(probe(server.dlmsDtlsPort(), "", version, "-cipher", weak + ":@SECLEVEL=0"))
            .as(version + " " + weak)
            .doesNotContain("Server certificate");
      }
    }
    assertThat(probe(server.dlmsDtlsPort(), "", "-dtls1", "-cipher", "ALL:@SECLEVEL=0"))
        .doesNotContain("Server certificate");
  }

  @ParameterizedTest
  @EnumSource(Port.class)
  @DisplayName(
      "C25: no cipher without authentication of each record or without forward secrecy is agreed"
          + " to")
  void ciphers(Port port) throws Exception {
    for (String weak :
        List.of(
            "ECDHE-ECDSA-AES128-SHA",
            "ECDHE-ECDSA-AES256-SHA384",
            "ECDHE-RSA-AES128-SHA256",
            "AES128-GCM-SHA256",
            "AES256-SHA",
            "DHE-RSA-AES128-SHA",
            "NULL",
            "aNULL",
            "PSK")) {
      assertThat(spoken(probe(port, "", "-tls1_2", "-cipher", weak + ":@SECLEVEL=0")))
          .as(weak)
          .isFalse();
    }
    if (port.old) {
      assertThat(probe(port, "", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"))
          .contains("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384");
    }
    assertThat(spoken(probe(port, "", "-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_8_SHA256")))
        .isFalse();
  }

  @ParameterizedTest
  @EnumSource(Port.class)
  @DisplayName(
      "C25: the chain leads to the office's root, keys are on P-256, nothing is compressed")
  void chain(Port port) throws Exception {
    Path root = server.data().resolve("ca/root.crt");
    String answer = probe(port, "", "-tls1_3", "-CAfile", root.toString(), "-verify_return_error");
    assertThat(answer)
        .contains("Verify return code: 0 (ok)")
        .contains("Compression: NONE")
        .containsPattern("Server public key is 256 bit|public key is 256 bit");
  }

  @Test
  @DisplayName("C25: a client cannot have the console shake hands again and again")
  void renegotiation() throws Exception {
    String answer = probe(Port.CONSOLE, "R\nR\n", "-tls1_2");
    assertThat(answer).contains("RENEGOTIATING");
    assertThat(answer.split("verify return:", -1).length)
        .as("one handshake, whose chain has two certificates")
        .isLessThanOrEqualTo(5);
    assertThat(answer)
        .containsAnyOf("no renegotiation", "handshake failure", "alert", "unexpected eof");
  }

  @Test
  @DisplayName("C25: every socket that this process listens on is a known one")
  void known() throws IOException {
    Map<Integer, String> known =
        new HashMap<>(
            Map.of(
                server.url().getPort(), "console",
                server.dlmsTlsPort(), "DLMS over TLS",
                server.dlmsTcpPort(), "DLMS, plaintext allowed by the test's configuration",
                server.estPort(), "EST"));
    Map<Integer, String> knownForDatagrams =
        Map.of(
            server.dlmsDtlsPort(), "DLMS over DTLS",
            server.dlmsUdpPort(), "DLMS, plaintext allowed by the test's configuration");
    Set<String> strange = new TreeSet<>();
    Set<String> mine = sockets();
    strange.addAll(strange("tcp", "0A", mine, known));
    strange.addAll(strange("udp", "07", mine, knownForDatagrams));
    assertThat(mine).isNotEmpty();
    assertThat(strange).as("listening sockets that nobody knows").isEmpty();
  }

  /** The sockets of mine in a state that nobody knows. */
  private static Set<String> strange(
      String kind, String state, Set<String> mine, Map<Integer, String> known) throws IOException {
    Set<String> strange = new TreeSet<>();
    for (String table : List.of("/proc/self/net/" + kind, "/proc/self/net/" + kind + "6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length > 9 && fields[3].equals(state) && mine.contains(fields[9])) {
          int port = Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16);
          if (!known.containsKey(port)) {
            strange.add(kind + " " + fields[1]);
          }
        }
      }
    }
    return strange;
  }

  /** The inodes of this process's sockets. */
  private static Set<String> sockets() throws IOException {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      for (Path file : files.toList()) {
        try {
          String target = Files.readSymbolicLink(file).toString();
          if (target.startsWith("socket:[")) {
            inodes.add(target.substring("socket:[".length(), target.length() - 1));
          }
        } catch (IOException e) {
          // closed meanwhile
        }
      }
    }
    return inodes;
  }

  @Test
  @DisplayName(
      "C25: what would listen without TLS is refused, unless the configuration decides for it")
  void decided() {
    GridwardenConfig config =
        GridwardenConfig.parse(
            "channels: {dlms: {tcp: {port: 0}, udp: {port: 0}}}", "test", Map.of());
    assertThatThrownBy(() -> GridwardenServer.start(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("channels.dlms.tcp, channels.dlms.udp would listen without TLS")
        .hasMessageContaining("plaintext: allowed");
    GridwardenConfig proxy =
        GridwardenConfig.parse("channels: {coap: {proxy: {security: none}}}", "test", Map.of());
    assertThatThrownBy(() -> GridwardenServer.start(proxy))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("channels.coap.proxy would listen without TLS")
        .hasMessageContaining("use channels.coap.proxy with security: tls");
    assertThat(GridwardenConfig.parse(GridwardenConfig.sample(), "sample", Map.of()).channels())
        .as("what the sample opens")
        .hasEntrySatisfying("dlms", dlms -> assertThat(dlms).containsOnlyKeys("tls"));
  }
}
