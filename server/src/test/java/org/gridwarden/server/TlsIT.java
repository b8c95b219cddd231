package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's port, spoken to without the help of a library that would be too polite. */
@ExtendWith(SharedServer.Lender.class)
class TlsIT {
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int PROTOCOL_VERSION = 70;

  private static RunningServer server;

  @BeforeAll
  static void start(SharedServer shared) {
    server = shared.server();
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket("localhost", server.url().getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  @DisplayName("C25 TLS 1.3 and 1.2 are spoken")
  void modernVersions(String version) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            Api.trusting(server)
                .getSocketFactory()
                .createSocket("localhost", server.url().getPort())) {
      socket.setSoTimeout(10_000);
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
      assertThat(socket.getSession().getCipherSuite()).contains("GCM");
    }
  }

  /** The hello is made by hand: this Java would refuse to offer the old versions by itself. */
  @ParameterizedTest
  @CsvSource({"0x0302, TLS 1.1", "0x0301, TLS 1.0", "0x0300, SSL 3.0"})
  @DisplayName("C25 TLS 1.1 and older are refused")
  void oldVersions(int version, String name) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(hello(version));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertThat(in.readUnsignedByte()).as("an alert to %s", name).isEqualTo(ALERT);
      in.skipNBytes(4);
      assertThat(in.readUnsignedByte()).as("fatal").isEqualTo(2);
      assertThat(in.readUnsignedByte()).isEqualTo(PROTOCOL_VERSION);
    }
  }

  @Test
  @DisplayName("C25 the same hello with TLS 1.2 is answered, so that the refusal is the version's")
  void theHelloIsWellFormed() throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(hello(0x0303));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertThat(in.readUnsignedByte()).isEqualTo(HANDSHAKE);
      in.skipNBytes(4);
      assertThat(in.readUnsignedByte()).as("ServerHello").isEqualTo(2);
      in.skipNBytes(3);
      assertThat(in.readUnsignedShort()).isEqualTo(0x0303);
    }
  }

  @Test
  @DisplayName("C25 nothing is served in the clear on this port")
  void plainHttp() throws IOException {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(
              "GET /api/v1/state HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("database", "Set-Cookie");
    }
  }

  /** RFC 5246, 7.4.1.2, with suites for old and new versions and both kinds of certificate. */
  static byte[] hello(int version) throws IOException {
    int[] suites = {0xC02B, 0xC02F, 0xC009, 0xC013, 0xC00A, 0xC014, 0x002F, 0x0035};
    byte[] extensions = {
      0x00, 0x0A, 0x00, 0x06, 0x00, 0x04, 0x00, 0x17, 0x00, 0x18, // groups: P-256, P-384
      0x00, 0x0B, 0x00, 0x02, 0x01, 0x00, // point formats: uncompressed
      0x00, 0x0D, 0x00, 0x0A, 0x00, 0x08, 0x04, 0x03, 0x05, 0x03, 0x04, 0x01, 0x08, 0x04
    };
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(body);
    out.writeShort(version);
    out.write(new byte[32]); // random
    out.writeByte(0); // session id
    out.writeShort(suites.length * 2);
    for (int suite : suites) {
      out.writeShort(suite);
    }
    out.writeShort(0x0100); // one compression method, none
    out.writeShort(extensions.length);
    out.write(extensions);
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    out = new DataOutputStream(record);
    out.writeByte(HANDSHAKE);
    out.writeShort(Math.min(version, 0x0301));
    out.writeShort(body.size() + 4);
    out.writeByte(1); // ClientHello
    out.writeByte(0);
    out.writeShort(body.size());
    out.write(body.toByteArray());
    return record.toByteArray();
  }
}
