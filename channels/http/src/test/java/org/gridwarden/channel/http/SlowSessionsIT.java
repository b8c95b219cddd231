package org.gridwarden.channel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.http.TestOffice.A;
import static org.gridwarden.channel.http.TestOffice.B;
import static org.gridwarden.channel.http.TestOffice.SOON;
import static org.gridwarden.channel.http.TestOffice.usage;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.simulator.http.HttpLine;
import org.gridwarden.simulator.http.SocketLine;
import org.gridwarden.simulator.link.Crowd;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 1,500 connections of one client, held open and opened again as they are closed. */
class SlowSessionsIT {
  private static final int HONEST = 10;
  private static final int ATTEMPTS = 20;

  /** What each of the attacker's connections says before it falls silent. */
  enum Said {
    HALF_A_REQUEST("POST /gw/GW-0000001/usage HTTP/1.1\r\nHost: office\r\nContent-Le"),
    A_SOCKET_WITHOUT_A_KEY(
        "GET /gw/GW-0000001/socket HTTP/1.1\r\nHost: office\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"),
    THE_PREFACE_OF_HTTP_2("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    /** Where TLS is spoken. */
    NOTHING(""),
    /** A TLS handshake with a meter's certificate, which it has stolen. */
    A_HANDSHAKE("");

    final byte[] bytes;

    Said(String text) {
      bytes = text.getBytes(StandardCharsets.US_ASCII);
    }

    Optional<TestAuthority> authority() {
      return bytes.length == 0 ? Optional.of(TestAuthority.shared()) : Optional.empty();
    }

    Crowd.Opening opening() {
      if (this != A_HANDSHAKE) {
        return Crowd.saying(bytes);
      }
      TestAuthority authority = TestAuthority.shared();
      SSLContext stolen = authority.context(authority.meter(B));
      return connected -> secured(connected, stolen);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HALF_A_REQUEST,127.0.0.9",
    "HALF_A_REQUEST,127.0.0.66",
    "A_SOCKET_WITHOUT_A_KEY,127.0.0.9",
    "A_SOCKET_WITHOUT_A_KEY,127.0.0.66",
    "THE_PREFACE_OF_HTTP_2,127.0.0.9",
    "THE_PREFACE_OF_HTTP_2,127.0.0.66",
    "NOTHING,127.0.0.9",
    "NOTHING,127.0.0.66",
    "A_HANDSHAKE,127.0.0.9",
    "A_HANDSHAKE,127.0.0.66"
  })
  @DisplayName(
      "C40: 10 of 10 honest clients are served while 1,500 sessions fall silent, also by TLS")
  void honestClientsAreServed(Said said, String honestFrom) throws Exception {
    try (TestOffice office =
            new TestOffice(Map.of(), AdmissionLimits.defaults(), said.authority());
        Crowd crowd = new Crowd(office.port(), said.opening())) {
      await().atMost(SOON.multipliedBy(18)).until(crowd::isThere);
      MeterEnd end = office.end(A);
      String key = TestOffice.authorization(A);
      int served = 0;
      for (int i = 0; i < HONEST; i++) {
        byte[] message = end.seal(Form.SENML_CBOR, usage(A, i));
        served += isServed(office, honestFrom, key, message, i % 2 == 0) ? 1 : 0;
      }
      assertThat(served).isEqualTo(HONEST);
    }
  }

  /** A meter tries again where it was put out before it could say who it is. */
  private static boolean isServed(
      TestOffice office, String from, String key, byte[] message, boolean posts) throws Exception {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        Socket socket = socket(office, from);
        socket.setSoTimeout((int) SOON.toMillis() * 6);
        int status = posts ? posted(socket, key, message) : told(socket, key, message);
        return status == 201 || status == 200 && attempt > 1;
      } catch (IOException e) {
        System.out.println("attempt " + attempt + " from " + from + ": " + e.getMessage());
      }
    }
    return false;
  }

  private static Socket socket(TestOffice office, String from) throws IOException {
    Socket socket = office.socket(from);
    return office.authority.isPresent()
        ? secured(socket, office.authority.get().context(office.authority.get().meter(A)))
        : socket;
  }

  private static Socket secured(Socket raw, SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", raw.getPort(), true);
    socket.setSoTimeout((int) SOON.toMillis() * 6);
    socket.startHandshake();
    return socket;
  }

  private static int posted(Socket socket, String key, byte[] message) throws IOException {
    try (HttpLine line = new HttpLine(socket, key)) {
      return line.message("POST", "/gw/" + A + "/usage", message).status();
    }
  }

  private static int told(Socket socket, String key, byte[] message) throws Exception {
    try (SocketLine line = SocketLine.open(socket, A, key, order -> {})) {
      return line.send(message).get(SOON.toSeconds() * 6, TimeUnit.SECONDS);
    }
  }
}
