package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.sip.TestOffice.A;
import static org.gridwarden.channel.sip.TestOffice.SOON;
import static org.gridwarden.channel.sip.TestOffice.usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.simulator.link.Crowd;
import org.gridwarden.simulator.sip.SipLine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 1,500 connections of one client, held open and opened again as they are closed. */
class SlowSessionsIT {
  private static final int HONEST = 10;
  private static final int ATTEMPTS = 5;

  /** What each of the attacker's connections says before it falls silent. */
  enum Said {
    HALF_A_REQUEST(
        "REGISTER sip:office SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.66;branch=z9hG4bK1\r\nFro"),
    A_REQUEST_WITHOUT_A_DIGEST(
        "REGISTER sip:office SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.66;branch=z9hG4bK1\r\n"
            + "From: <sip:GW-0000001@office>;tag=1\r\nTo: <sip:GW-0000001@office>\r\n"
            + "Call-ID: 1\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n"),
    EMPTY_LINES("\r\n\r\n"),
    /** A record of TLS that says 512 bytes of handshake, and a few of them. */
    HALF_A_HELLO("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001");

    final byte[] bytes;

    Said(String text) {
      bytes = text.getBytes(StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TCP,HALF_A_REQUEST,127.0.0.9",
    "TCP,HALF_A_REQUEST,127.0.0.66",
    "TCP,A_REQUEST_WITHOUT_A_DIGEST,127.0.0.9",
    "TCP,A_REQUEST_WITHOUT_A_DIGEST,127.0.0.66",
    "TCP,EMPTY_LINES,127.0.0.9",
    "TCP,EMPTY_LINES,127.0.0.66",
    "TLS,HALF_A_HELLO,127.0.0.9",
    "TLS,HALF_A_HELLO,127.0.0.66"
  })
  @DisplayName("C40: 10 of 10 honest clients are served while 1,500 sessions fall silent")
  void honestClientsAreServed(Transport transport, Said said, String honestFrom) throws Exception {
    try (TestOffice office = new TestOffice(transport);
        Crowd crowd = new Crowd(office.port(), Crowd.saying(said.bytes))) {
      await().atMost(SOON.multipliedBy(6)).until(crowd::isThere);
      MeterEnd end = office.end(A);
      int served = 0;
      for (int i = 0; i < HONEST; i++) {
        served += isServed(office, honestFrom, end.seal(Form.SENML_CBOR, usage(A, i))) ? 1 : 0;
      }
      assertThat(served).isEqualTo(HONEST);
    }
  }

  /** A meter tries again where it was put out before it could say who it is. */
  private static boolean isServed(TestOffice office, String from, byte[] message) throws Exception {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try (SipLine line = office.line(office.wire(from), A)) {
        return line.ask("MESSAGE", "usage", List.of("Content-Type: application/cose"), message)
                .status()
            == 200;
      } catch (IOException e) {
        System.out.println("attempt " + attempt + " from " + from + ": " + e.getMessage());
      }
    }
    return false;
  }
}
