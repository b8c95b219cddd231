package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.mqtt.TestOffice.A;
import static org.gridwarden.channel.mqtt.TestOffice.B;
import static org.gridwarden.channel.mqtt.TestOffice.NOW;
import static org.gridwarden.channel.mqtt.TestOffice.up;
import static org.gridwarden.channel.mqtt.TestOffice.usage;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.gridwarden.channel.mqtt.TestOffice.Way;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;
import org.gridwarden.message.Form;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.simulator.mqtt.MqttClient;
import org.gridwarden.simulator.mqtt.MqttOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What meters get whichever way they come: to the endpoint, in the clear or by TLS, or a broker.
 */
class EveryWayIT {
  private static final Duration SOON = Mosquitto.PATIENCE;
  private static final int NOT_AUTHORIZED = 0x87;

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  private static MqttClient accepted(MqttClient client) throws Exception {
    assertThat(soon(client.connected()).code()).isZero();
    return client;
  }

  private static MqttOptions version(MqttOptions options, int version) {
    return version == 5 ? options : options.version3();
  }

  @ParameterizedTest
  @CsvSource({
    "CERTIFICATES,3,1",
    "CERTIFICATES,5,2",
    "PASSWORDS,3,0",
    "PASSWORDS,5,1",
    "BROKER,3,0",
    "BROKER,3,1",
    "BROKER,3,2",
    "BROKER,5,0",
    "BROKER,5,1",
    "BROKER,5,2"
  })
  @DisplayName("C25: by TLS, with certificate or password, and by a broker: it is stored")
  void takesWhatMetersPublish(Way way, int version, int qos) throws Exception {
    try (TestOffice office = TestOffice.by(way);
        MqttClient client = accepted(office.client(version(office.options(A), version)))) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      assertThat(soon(client.publish(up(A, "usage"), message, qos))).isZero();
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      assertThat(office.submitted.getFirst().how()).isEqualTo(Assurance.MAC);
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  @DisplayName("C1: the same bytes again change nothing, and are acknowledged")
  void aResendIsAcknowledged(Way way) throws Exception {
    try (TestOffice office = TestOffice.by(way);
        MqttClient client = accepted(office.client(office.options(A)))) {
      byte[] message = office.end(A).seal(Form.SENML_JSON, usage(A, 5));
      for (int i = 0; i < 3; i++) {
        assertThat(soon(client.publish(up(A, "usage"), message, 1 + i % 2))).isZero();
      }
      await().atMost(SOON).until(() -> office.tally().of(Tally.What.DUPLICATE) == 2);
      assertThat(office.tally().of(Tally.What.STORED)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  @DisplayName("C22: meter A does not publish as meter B, nor under its topic")
  void nobodySpeaksAsAnother(Way way) throws Exception {
    try (TestOffice office = TestOffice.by(way);
        MqttClient client = accepted(office.client(office.options(A)))) {
      byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
      byte[] ofA = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      assertThat(soon(client.publish(up(B, "usage"), ofB, 1))).isEqualTo(NOT_AUTHORIZED);
      assertThat(soon(client.publish(up(B, "usage"), ofA, 2))).isEqualTo(NOT_AUTHORIZED);
      assertThat(soon(client.publish("gw/" + A + "/down/control", ofA, 1)))
          .isEqualTo(NOT_AUTHORIZED);
      // what its own topic lets through the office does not take
      var unused = client.publish(up(A, "usage"), ofB, 1);
      assertThat(soon(client.publish(up(A, "usage"), ofA, 1))).isZero();
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      assertThat(office.submitted.getFirst().id().meter()).isEqualTo(A);
      assertThat(office.tally().of(Tally.What.UNAUTHENTICATED)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"TCP", "PASSWORDS", "BROKER"})
  @DisplayName("C22: another meter's password lets nobody in")
  void aWrongPasswordIsRefused(Way way) throws Exception {
    try (TestOffice office = TestOffice.by(way)) {
      MqttOptions wrong = MqttOptions.of(A.value(), office.options(B).password().orElseThrow());
      for (MqttOptions one : List.of(wrong, wrong.version3())) {
        try (MqttClient client = office.client(one)) {
          assertThat(soon(client.connected()).code()).isNotZero();
          soon(client.ended());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aMessageThatIsNoneIsNotTaken(Way way) throws Exception {
    try (TestOffice office = TestOffice.by(way);
        MqttClient client = accepted(office.client(office.options(A)))) {
      byte[] forged = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      forged[forged.length - 1] ^= 1;
      var none = client.publish(up(A, "usage"), new byte[] {1, 2, 3}, 1);
      var false1 = client.publish(up(A, "usage"), forged, 1);
      assertThat(
              soon(
                  client.publish(
                      up(A, "usage"), office.end(A).seal(Form.SENML_CBOR, usage(A, 2)), 1)))
          .isZero();
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 2));
      assertThat(office.tally().of(Tally.What.MALFORMED)).isEqualTo(1);
      assertThat(office.tally().of(Tally.What.UNAUTHENTICATED)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aWillIsToldWhereTheConnectionEndsWithoutAWord(Way way) throws Exception {
    Warning lost =
        new Warning(
            A,
            new EventId(new UUID(7, 7)),
            NOW,
            "connection.lost",
            Severity.ATTENTION,
            "The meter's connection was lost");
    try (TestOffice office = TestOffice.by(way)) {
      MqttOptions.Will will =
          new MqttOptions.Will(up(A, "warning"), office.end(A).seal(Form.SENML_CBOR, lost), 0);
      MqttClient client = accepted(office.client(office.options(A).with(will)));
      client.cut();
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      assertThat(office.submitted.getFirst().content()).containsExactly(lost);
    }
  }

  @ParameterizedTest
  @CsvSource({"CERTIFICATES,5", "PASSWORDS,3", "BROKER,3", "BROKER,5"})
  @DisplayName("C9, C10, C22: an order goes down to the one meter alone, its receipt comes up")
  void anOrderAndItsReceipt(Way way, int version) throws Exception {
    TestDesk desk = TestDesk.of(A);
    Queue<String> overheard = new ConcurrentLinkedQueue<>();
    try (TestOffice office = TestOffice.by(way);
        MqttClient other =
            accepted(office.client(office.options(B), (topic, order) -> overheard.add(topic)))) {
      for (String filter : List.of("#", "gw/+/down/#", "gw/" + A + "/down/control")) {
        // a broker may grant it and then give nothing
        var granted = soon(other.subscribe(filter, 1));
      }
      var end = office.end(A);
      CompletableFuture<MqttClient> self = new CompletableFuture<>();
      MqttClient client =
          office.client(
              version(office.options(A), version),
              (topic, order) -> self.thenAccept(me -> publish(me, desk.answer(end, order))));
      self.complete(accepted(client));
      assertThat(office.channel.reaches(A)).isFalse();
      assertThat(soon(client.subscribe("gw/" + A + "/down/control", 1))).isEqualTo(1);
      if (office.hearsOnly()) {
        var told = client.publish(up(A, "usage"), end.seal(Form.SENML_CBOR, usage(A, 1)), 1);
      }
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      desk.confirms(desk.send(office.channel));
      client.close();
      assertThat(overheard).isEmpty();
    }
  }

  private static void publish(MqttClient client, byte[] receipt) {
    try {
      var unused = client.publish(up(A, "control"), receipt, 1);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void whoHearsNoOrdersIsNotCommanded(Way way) throws Exception {
    TestDesk desk = TestDesk.of(A);
    try (TestOffice office = TestOffice.by(way);
        MqttClient client = accepted(office.client(office.options(A)))) {
      assertThat(
              soon(
                  client.publish(
                      up(A, "usage"), office.end(A).seal(Form.SENML_CBOR, usage(A, 1)), 1)))
          .isZero();
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      // a broker knows who listens once it is asked
      await().atMost(SOON).until(() -> office.channel.reaches(A) == office.hearsOnly());
      assertThatThrownBy(
              () -> {
                try (var session = office.channel.open(A, Deadline.in(SOON))) {
                  session.send(desk.command());
                }
              })
          .isInstanceOfSatisfying(
              ChannelException.class,
              e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.TIMEOUT));
      assertThat(office.channel.reaches(A)).isFalse();
    }
  }

  /** Half of an MQTT 3.1.1 CONNECT: what must not be answered by a stack trace. */
  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"CERTIFICATES", "PASSWORDS"})
  @DisplayName("C25: who speaks no TLS where TLS is spoken is hung up on")
  void plainTextIsNotSpokenThere(Way way) throws Exception {
    byte[] connect = HexFormat.of().parseHex("101300044d5154540402003c000747572d30303031");
    try (TestOffice office = TestOffice.by(way);
        var socket = office.socket()) {
      socket.setSoTimeout((int) SOON.toMillis());
      socket.getOutputStream().write(connect);
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(answer.length == 0 || answer[0] == 0x15).as("nothing, or an alert").isTrue();
      // it hangs up first and counts then
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(office.tally().of(Tally.What.UNAUTHENTICATED)).isEqualTo(1));
    }
  }

  @ParameterizedTest
  @CsvSource({"CERTIFICATES", "PASSWORDS"})
  @DisplayName("C22, C23: a certificate is one meter's; a revoked one, or none, opens nothing")
  void certificates(Way way) throws Exception {
    try (TestAuthority strict = new TestAuthority();
        TestOffice office = TestOffice.by(way)) {
      TestAuthority authority = TestAuthority.shared();
      // whose certificate it is goes before what it says
      try (MqttClient client =
          MqttClient.open(
              TestOffice.secured(office.socket(), authority.context(authority.meter(B))),
              office.options(A),
              (topic, payload) -> {})) {
        assertThat(soon(client.connected()).code()).isNotZero();
      }
      // another authority's
      assertThatThrownBy(
              () -> connected(office, strict.context(strict.meter(A)), office.options(A)))
          .isInstanceOfAny(java.io.IOException.class, ExecutionException.class);
      var revoked = authority.meter(A);
      authority.revoke(revoked);
      assertThatThrownBy(() -> connected(office, authority.context(revoked), office.options(A)))
          .isInstanceOfAny(java.io.IOException.class, ExecutionException.class);
      if (way == Way.CERTIFICATES) {
        assertThatThrownBy(() -> connected(office, authority.context(), office.options(A)))
            .isInstanceOfAny(java.io.IOException.class, ExecutionException.class);
      } else {
        // passwords are allowed beside: a certificate still does
        MqttOptions none =
            new MqttOptions(
                true,
                A.value(),
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                true,
                60,
                java.util.Optional.empty());
        assertThat(connected(office, authority.context(authority.meter(A)), none)).isZero();
        assertThat(connected(office, authority.context(), none)).isNotZero();
      }
    }
  }

  private static int connected(
      TestOffice office, javax.net.ssl.SSLContext context, MqttOptions options) throws Exception {
    try (MqttClient client =
        MqttClient.open(
            TestOffice.secured(office.socket(), context), options, (topic, payload) -> {})) {
      return soon(client.connected()).code();
    }
  }
}
