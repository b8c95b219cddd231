package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.amqp.TestOffice.A;
import static org.gridwarden.channel.amqp.TestOffice.B;
import static org.gridwarden.channel.amqp.TestOffice.SOON;
import static org.gridwarden.channel.amqp.TestOffice.sent;
import static org.gridwarden.channel.amqp.TestOffice.usage;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.amqp.AmqpLogin;
import org.gridwarden.simulator.link.Crowd;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 1,500 connections of one client, held open and opened again as they are closed. */
class SlowSessionsIT {
  private static final int HONEST = 10;
  private static final int ATTEMPTS = 20;

  /** What each of the attacker's connections does before it falls silent. */
  enum Then {
    NOTHING(false),
    THE_HEADER(false),
    HALF_A_LOGIN(false),
    /** Connects where TLS is spoken. */
    NOTHING_BY_TLS(true),
    /** Shakes hands with a meter's certificate, which it has stolen. */
    A_HANDSHAKE(true);

    private final boolean tls;

    Then(boolean tls) {
      this.tls = tls;
    }

    Optional<TestAuthority> authority() {
      return tls ? Optional.of(TestAuthority.shared()) : Optional.empty();
    }

    Crowd.Opening opening() {
      byte[] init = Sasl.init(Sasl.PLAIN, new byte[] {0, 'x', 0, 'y'});
      return switch (this) {
        case NOTHING, NOTHING_BY_TLS -> connected -> connected;
        case THE_HEADER -> Crowd.saying(Sasl.HEADER);
        case HALF_A_LOGIN ->
            Crowd.saying(
                ByteBuffer.allocate(Sasl.HEADER.length + init.length - 3)
                    .put(Sasl.HEADER)
                    .put(init, 0, init.length - 3)
                    .array());
        case A_HANDSHAKE -> {
          TestAuthority authority = TestAuthority.shared();
          SSLContext stolen = authority.context(authority.meter(B));
          yield connected -> TestAuthority.secured(connected, stolen);
        }
      };
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NOTHING,127.0.0.9",
    "NOTHING,127.0.0.66",
    "THE_HEADER,127.0.0.9",
    "THE_HEADER,127.0.0.66",
    "HALF_A_LOGIN,127.0.0.9",
    "HALF_A_LOGIN,127.0.0.66",
    "NOTHING_BY_TLS,127.0.0.9",
    "NOTHING_BY_TLS,127.0.0.66",
    "A_HANDSHAKE,127.0.0.9",
    "A_HANDSHAKE,127.0.0.66"
  })
  @DisplayName(
      "C40: 10 of 10 honest clients are served while 1,500 sessions fall silent, also by TLS")
  void honestClientsAreServed(Then then, String honestFrom) throws Exception {
    try (TestOffice office =
            new TestOffice(Map.of(), AdmissionLimits.defaults(), then.authority());
        Crowd crowd = new Crowd(office.port(), then.opening())) {
      await().atMost(SOON.multipliedBy(6)).until(crowd::isThere);
      MeterEnd end = office.end(A);
      int served = 0;
      for (int i = 0; i < HONEST; i++) {
        byte[] message = end.seal(Form.SENML_CBOR, usage(A, i));
        served += isServed(office, honestFrom, message) ? 1 : 0;
      }
      assertThat(served).isEqualTo(HONEST);
    }
  }

  /** A meter tries again where it was put out before it could say who it is. */
  private static boolean isServed(TestOffice office, String from, byte[] message) throws Exception {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try (AmqpLine line = line(office, from)) {
        return sent(line, TestOffice.up(A), message).accepted();
      } catch (IOException | ExecutionException e) {
        System.out.println("attempt " + attempt + " from " + from + ": " + e.getMessage());
      }
    }
    return false;
  }

  private static AmqpLine line(TestOffice office, String from) throws Exception {
    Socket socket = office.socket(from);
    if (office.authority.isEmpty()) {
      return TestOffice.open(socket, TestOffice.login(A));
    }
    TestAuthority authority = office.authority.get();
    return TestOffice.open(
        TestAuthority.secured(socket, authority.context(authority.meter(A))),
        AmqpLogin.external(A));
  }
}
