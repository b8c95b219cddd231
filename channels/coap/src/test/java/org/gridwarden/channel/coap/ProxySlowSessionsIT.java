package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.SOON;
import static org.gridwarden.channel.coap.TestOffice.usage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.simulator.link.Crowd;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 1,500 connections of one client, held open and opened again as they are closed. */
class ProxySlowSessionsIT {
  private static final int HONEST = 10;
  private static final int ATTEMPTS = 20;
  private static final byte[] HALF =
      "POST /hc/coap://localhost/gw/usage HTTP/1.1\r\nHost: office\r\nContent-Le"
          .getBytes(StandardCharsets.US_ASCII);

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.9", "127.0.0.66"})
  @DisplayName("C40: 10 of 10 honest clients are served while 1,500 sessions fall silent")
  void honestClientsAreServed(String honestFrom) throws Exception {
    try (TestOffice office = ProxyIT.office(AdmissionLimits.defaults());
        Crowd crowd = new Crowd(office.proxyPort(), Crowd.saying(HALF))) {
      await().atMost(SOON.multipliedBy(18)).until(crowd::isThere);
      MeterEnd end = office.end(A);
      int served = 0;
      for (int i = 0; i < HONEST; i++) {
        byte[] message = end.seal(Form.SENML_CBOR, usage(A, i));
        served += isServed(office, honestFrom, message) ? 1 : 0;
      }
      assertThat(served).isEqualTo(HONEST);
    }
  }

  /** Whoever was put out before the answer came tries again. */
  private static boolean isServed(TestOffice office, String from, byte[] message) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try (Socket socket = new Socket()) {
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(new InetSocketAddress("127.0.0.1", office.proxyPort()));
        socket.setSoTimeout((int) SOON.toMillis() * 6);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
            ("POST /hc/coap://localhost/gw/usage HTTP/1.1\r\nHost: office\r\nConnection: close\r\n"
                    + "Content-Length: "
                    + message.length
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(message);
        socket.getOutputStream().write(out.toByteArray());
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (!answer.isEmpty()) {
          return answer.startsWith("HTTP/1.1 204 ");
        }
      } catch (IOException e) {
        System.out.println("attempt " + attempt + " from " + from + ": " + e.getMessage());
      }
    }
    return false;
  }
}
