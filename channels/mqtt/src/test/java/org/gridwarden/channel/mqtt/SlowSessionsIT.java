package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.mqtt.TestOffice.A;
import static org.gridwarden.channel.mqtt.TestOffice.B;
import static org.gridwarden.channel.mqtt.TestOffice.up;
import static org.gridwarden.channel.mqtt.TestOffice.usage;

import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.gridwarden.channel.mqtt.TestOffice.Way;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.simulator.link.Crowd;
import org.gridwarden.simulator.mqtt.MqttClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 1,500 connections of one client, held open and opened again as they are closed. */
class SlowSessionsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int HONEST = 10;
  private static final int ATTEMPTS = 20;

  /** A CONNECT of MQTT 3.1.1 without a password. */
  private static final byte[] CONNECT =
      HexFormat.of().parseHex("101300044d5154540402003c000747572d30303031");

  /** What each of the attacker's connections does before it falls silent. */
  enum Then {
    CONNECT(Way.TCP),
    HALF_A_CONNECT(Way.TCP),
    /** Connects where TLS is spoken. */
    NOTHING(Way.CERTIFICATES),
    /** Shakes hands with a meter's certificate, which it has stolen. */
    HANDSHAKE_WITH_A_CERTIFICATE(Way.CERTIFICATES),
    /** Shakes hands where none is asked for, as everybody can. */
    HANDSHAKE(Way.PASSWORDS);

    private final Way way;

    Then(Way way) {
      this.way = way;
    }

    Crowd.Opening opening() {
      return switch (this) {
        case CONNECT -> Crowd.saying(SlowSessionsIT.CONNECT);
        case HALF_A_CONNECT -> Crowd.saying(java.util.Arrays.copyOf(SlowSessionsIT.CONNECT, 10));
        case NOTHING -> connected -> connected;
        case HANDSHAKE_WITH_A_CERTIFICATE -> {
          TestAuthority authority = TestAuthority.shared();
          SSLContext stolen = authority.context(authority.meter(B));
          yield connected -> TestOffice.secured(connected, stolen);
        }
        case HANDSHAKE -> {
          SSLContext anybody = TestAuthority.shared().context();
          yield connected -> TestOffice.secured(connected, anybody);
        }
      };
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT,127.0.0.9",
    "CONNECT,127.0.0.66",
    "HALF_A_CONNECT,127.0.0.9",
    "HALF_A_CONNECT,127.0.0.66",
    "NOTHING,127.0.0.9",
    "NOTHING,127.0.0.66",
    "HANDSHAKE_WITH_A_CERTIFICATE,127.0.0.9",
    "HANDSHAKE_WITH_A_CERTIFICATE,127.0.0.66",
    "HANDSHAKE,127.0.0.9",
    "HANDSHAKE,127.0.0.66"
  })
  @DisplayName(
      "C40: 10 of 10 honest clients are served while 1,500 sessions fall silent, also by TLS")
  void honestClientsAreServed(Then then, String honestFrom) throws Exception {
    try (TestOffice office = TestOffice.by(then.way);
        Crowd crowd = new Crowd(office.port(), then.opening())) {
      await().atMost(SOON.multipliedBy(3)).until(crowd::isThere);
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
      try (MqttClient client =
          MqttClient.open(office.socket(A, from), office.options(A), (t, p) -> {})) {
        return client.connected().get(SOON.toSeconds(), TimeUnit.SECONDS).code() == 0
            && client.publish(up(A, "usage"), message, 1).get(SOON.toSeconds(), TimeUnit.SECONDS)
                == 0;
      } catch (IOException | ExecutionException e) {
        System.out.println("attempt " + attempt + " from " + from + ": " + e.getMessage());
      }
    }
    return false;
  }
}
