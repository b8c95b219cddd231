package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.mqtt.TestOffice.A;
import static org.gridwarden.channel.mqtt.TestOffice.B;
import static org.gridwarden.channel.mqtt.TestOffice.NOW;
import static org.gridwarden.channel.mqtt.TestOffice.SOON;
import static org.gridwarden.channel.mqtt.TestOffice.up;
import static org.gridwarden.channel.mqtt.TestOffice.usage;

import java.net.Socket;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Action;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Secret;
import org.gridwarden.core.Severity;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.Warning;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.Payload;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.OrderDesk;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.mqtt.MqttClient;
import org.gridwarden.simulator.mqtt.MqttOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An endpoint and its clients over loopback. */
class MqttEndpointIT {
  private static final int NOT_AUTHORIZED = 0x87;

  private static int soon(CompletableFuture<Integer> reason) throws Exception {
    return reason.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  private static MqttClient accepted(MqttClient client) throws Exception {
    assertThat(client.connected().get(SOON.toSeconds(), TimeUnit.SECONDS).code()).isZero();
    return client;
  }

  private static MqttOptions version(MqttOptions options, int version) {
    return version == 5 ? options : options.version3();
  }

  @ParameterizedTest
  @CsvSource({"3,0", "3,1", "3,2", "5,0", "5,1", "5,2"})
  void takesWhatMetersPublish(int version, int qos) throws Exception {
    try (TestOffice office = new TestOffice();
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
  @CsvSource({"3,1", "3,2", "5,1", "5,2"})
  @DisplayName("C38: neither PUBACK nor PUBREC leaves before the commit")
  void acknowledgesAfterTheCommit(int version, int qos) throws Exception {
    try (TestOffice office = new TestOffice();
        MqttClient client = accepted(office.client(version(office.options(A), version)))) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      CompletableFuture<Integer> acknowledged =
          client.publish(up(A, "usage"), office.end(A).seal(Form.SENML_CBOR, usage(A, 1)), qos);
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      // what the client asks for afterwards is answered: the line is not merely slow
      assertThat(soon(client.subscribe("gw/" + A + "/down/#", 1))).isLessThan(3);
      assertThat(acknowledged).isNotDone();
      commit.complete(new Outcome.Stored());
      assertThat(soon(acknowledged)).isZero();
    }
  }

  @Test
  @DisplayName("C22: meter A neither publishes nor listens as meter B")
  void nobodySpeaksAsAnother() throws Exception {
    try (TestOffice office = new TestOffice();
        MqttClient client = accepted(office.client(office.options(A)))) {
      byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
      byte[] ofA = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      assertThat(soon(client.publish(up(B, "usage"), ofB, 1))).isEqualTo(NOT_AUTHORIZED);
      assertThat(soon(client.publish(up(A, "usage"), ofB, 1))).isEqualTo(NOT_AUTHORIZED);
      assertThat(soon(client.publish(up(B, "usage"), ofA, 2))).isEqualTo(NOT_AUTHORIZED);
      assertThat(soon(client.publish(up(A, "warning"), ofA, 1))).isGreaterThanOrEqualTo(0x80);
      assertThat(soon(client.publish("gw/" + A + "/down/control", ofA, 1)))
          .isEqualTo(NOT_AUTHORIZED);
      for (String filter :
          List.of("#", "gw/#", "gw/+/down/#", "gw/" + B + "/down/#", "gw/" + A + "/up/#")) {
        assertThat(soon(client.subscribe(filter, 1))).as(filter).isEqualTo(NOT_AUTHORIZED);
      }
      assertThat(soon(client.subscribe("$share/g/gw/" + A + "/down/#", 1))).isEqualTo(0x9E);
      assertThat(office.submitted).isEmpty();
      assertThat(soon(client.publish(up(A, "usage"), ofA, 1))).isZero();
    }
  }

  @Test
  @DisplayName("C22: 3.1.1 has no word for a refusal: the connection ends, nothing is taken")
  void version3HangsUp() throws Exception {
    try (TestOffice office = new TestOffice();
        MqttClient client = accepted(office.client(office.options(A).version3()))) {
      CompletableFuture<Integer> taken =
          client.publish(up(B, "usage"), office.end(B).seal(Form.SENML_CBOR, usage(B, 1)), 1);
      assertThatThrownBy(() -> soon(taken)).isInstanceOf(ExecutionException.class);
      assertThat(office.submitted).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void aWrongPasswordIsRefused(int version) throws Exception {
    try (TestOffice office = new TestOffice()) {
      MqttOptions ofB = office.options(B);
      for (MqttOptions wrong :
          List.of(
              MqttOptions.of(A.value(), ofB.password().orElseThrow()),
              MqttOptions.of(A.value(), new Secret(new byte[0])),
              MqttOptions.of("stranger", ofB.password().orElseThrow()),
              new MqttOptions(
                  true,
                  A.value(),
                  Optional.empty(),
                  Optional.empty(),
                  true,
                  9,
                  Optional.empty()))) {
        try (MqttClient client = office.client(version(wrong, version))) {
          assertThat(client.connected().get(SOON.toSeconds(), TimeUnit.SECONDS).code())
              .isEqualTo(version == 5 ? 0x86 : 4);
          client.ended().get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
      }
      assertThat(office.tally().of(Tally.What.UNAUTHENTICATED)).isEqualTo(4);
    }
  }

  private static MqttOptions.Will will(TestOffice office, int delay) {
    Warning lost =
        new Warning(
            A,
            new EventId(new UUID(7, 7)),
            NOW,
            "connection.lost",
            Severity.ATTENTION,
            "The meter's connection was lost");
    return new MqttOptions.Will(up(A, "warning"), office.end(A).seal(Form.SENML_CBOR, lost), delay);
  }

  @Test
  void aWillIsNotToldAfterALeaveNorWhereTheMeterCameAgain() throws Exception {
    try (TestOffice office = new TestOffice()) {
      MqttClient polite = accepted(office.client(office.options(A).with(will(office, 0))));
      polite.close();
      await().atMost(SOON).until(() -> !office.channel.reaches(A));
      MqttClient first = accepted(office.client(office.options(A).with(will(office, 0))));
      MqttClient second = accepted(office.client(office.options(A)));
      first.ended().get(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(
              soon(
                  second.publish(
                      up(A, "usage"), office.end(A).seal(Form.SENML_CBOR, usage(A, 1)), 1)))
          .isZero();
      assertThat(office.tally().of(Tally.What.WILL)).isZero();
      second.close();
    }
  }

  @Test
  @DisplayName("C22: a will for another's topic is refused")
  void aWillForAnothersTopicIsRefused() throws Exception {
    try (TestOffice office = new TestOffice()) {
      MqttOptions.Will own = will(office, 0);
      MqttOptions.Will others =
          new MqttOptions.Will(up(B, "warning"), own.message(), own.delaySeconds());
      try (MqttClient client = office.client(office.options(A).with(others))) {
        assertThat(client.connected().get(SOON.toSeconds(), TimeUnit.SECONDS).code())
            .isEqualTo(NOT_AUTHORIZED);
      }
    }
  }

  @Test
  @DisplayName("C9, C10: an order goes down the meter's own session, and its receipt comes up")
  void anOrderAndItsReceipt() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair operator = generator.generateKeyPair();
    KeyPair meterKey = generator.generateKeyPair();
    CompletableFuture<Action> acted = new CompletableFuture<>();
    long[] counter = {-1};
    OrderDesk desk =
        new OrderDesk(
            A,
            TestOffice.key(A, Purpose.COMMAND_SEAL).encryption(),
            id -> Optional.of(operator.getPublic()),
            Signer.of(meterKey),
            new OrderDesk.Counter() {
              @Override
              public long seen() {
                return counter[0];
              }

              @Override
              public void seen(long now) {
                counter[0] = now;
              }
            },
            action -> {
              acted.complete(action);
              return new OrderDesk.Breaker.Done(CommandState.CONFIRMED, "open");
            },
            InstantSource.fixed(NOW));
    try (TestOffice office = new TestOffice()) {
      MeterEnd end = office.end(A);
      CompletableFuture<MqttClient> self = new CompletableFuture<>();
      MqttClient client =
          office.client(
              office.options(A),
              (topic, payload) -> {
                try {
                  if (end.open(payload) instanceof Payload.Dispatch(byte[] dispatch)) {
                    self.get()
                        .publish(
                            up(A, "control"),
                            end.seal(MessageClass.CONTROL, Form.SIGNED, desk.take(dispatch)),
                            1);
                  }
                } catch (MessageException | CommandException | java.io.IOException e) {
                  throw new IllegalStateException(e);
                } catch (InterruptedException | ExecutionException e) {
                  throw new IllegalStateException(e);
                }
              });
      self.complete(accepted(client));
      assertThat(office.channel.reaches(A)).isFalse();
      assertThat(soon(client.subscribe("gw/" + A + "/down/control", 1))).isEqualTo(1);
      assertThat(office.channel.reaches(A)).isTrue();
      SignedCommand command = command(operator);
      Receipt receipt;
      try (var session = office.channel.open(A, Deadline.in(SOON))) {
        receipt = session.send(command);
      }
      assertThat(receipt.state()).isEqualTo(CommandState.CONFIRMED);
      assertThat(receipt.id()).isEqualTo(command.id());
      assertThat(acted).isCompletedWithValue(new Action.Disconnect());
      Signed.parse(receipt.evidence())
          .open(org.gridwarden.security.command.Purpose.RECEIPT, meterKey.getPublic());
      client.close();
      await().atMost(SOON).until(() -> !office.channel.reaches(A));
      assertThatThrownBy(() -> office.channel.open(A, Deadline.in(SOON)))
          .isInstanceOf(ChannelException.class);
    }
  }

  private static SignedCommand command(KeyPair operator) throws CommandException {
    CommandId id = new CommandId(new UUID(3, 4));
    Order order = new Order(id, A, new Action.Disconnect(), NOW, NOW.plusSeconds(60), "olga");
    byte[] signed =
        Signed.sign(
                org.gridwarden.security.command.Purpose.ORDER, Signer.of(operator), order.bytes())
            .bytes();
    return new SignedCommand(id, A, signed);
  }

  @Test
  void whoIsCutOffWhileACommandWaitsLeavesItInDoubt() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    try (TestOffice office = new TestOffice()) {
      CompletableFuture<MqttClient> self = new CompletableFuture<>();
      MqttClient client =
          office.client(office.options(A), (topic, payload) -> self.thenAccept(MqttClient::cut));
      self.complete(accepted(client));
      soon(client.subscribe("gw/" + A + "/down/#", 0));
      var session = office.channel.open(A, Deadline.in(SOON));
      assertThatThrownBy(() -> session.send(command(generator.generateKeyPair())))
          .isInstanceOfSatisfying(
              ChannelException.class,
              e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.TIMEOUT));
    }
  }

  @Test
  void aSessionIsRemembered() throws Exception {
    try (TestOffice office = new TestOffice()) {
      MqttClient first = accepted(office.client(office.options(A)));
      soon(first.subscribe("gw/" + A + "/down/#", 1));
      first.close();
      await().atMost(SOON).until(() -> !office.channel.reaches(A));
      MqttClient second = office.client(office.options(A));
      assertThat(second.connected().get(SOON.toSeconds(), TimeUnit.SECONDS).present()).isTrue();
      assertThat(office.channel.reaches(A)).isTrue();
      second.close();
    }
  }

  @Test
  void nothingIsRetained() throws Exception {
    try (TestOffice office = new TestOffice();
        MqttClient client = accepted(office.client(office.options(A)))) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      client.publish(up(A, "usage"), message, 1, true);
      client.ended().get(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  @DisplayName("C40: keep-alive is capped, whatever a client asks for")
  void keepAliveIsCapped() throws Exception {
    try (TestOffice office = new TestOffice(Map.of("keepAlive", "2s"), AdmissionLimits.defaults());
        MqttClient client = office.client(office.options(A))) {
      assertThat(client.connected().get(SOON.toSeconds(), TimeUnit.SECONDS).keepAlive())
          .isEqualTo(2);
      long begun = System.nanoTime();
      client.ended().get(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(System.nanoTime() - begun).isGreaterThan(1_500_000_000L);
      assertThat(office.tally().of(Tally.What.TIMED_OUT)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("C39, C40: before CONNECT is accepted there is one deadline and few bytes")
  void limitsBeforeConnect() throws Exception {
    try (TestOffice office =
        new TestOffice(Map.of("connect", "1s", "maxConnect", 512), AdmissionLimits.defaults())) {
      try (Socket silent = office.socket()) {
        silent.getOutputStream().write(0x10);
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
      }
      try (Socket loud = office.socket()) {
        // a CONNECT that announces 256 MB
        loud.getOutputStream().write(new byte[] {0x10, -1, -1, -1, 0x7F});
        loud.getOutputStream().write(new byte[600]);
        assertThat(ended(loud)).isTrue();
      }
      try (Socket early = office.socket()) {
        early.getOutputStream().write(new byte[] {(byte) 0xC0, 0}); // PINGREQ
        assertThat(ended(early)).isTrue();
      }
      assertThat(office.tally().of(Tally.What.TIMED_OUT)).isEqualTo(1);
      assertThat(office.submitted).isEmpty();
    }
  }

  private static boolean ended(Socket socket) {
    try {
      return socket.getInputStream().read() == -1;
    } catch (java.io.IOException e) {
      return true;
    }
  }

  @Test
  void aMessageThatIsNoneIsAnsweredSo() throws Exception {
    try (TestOffice office = new TestOffice();
        MqttClient client = accepted(office.client(office.options(A)))) {
      assertThat(soon(client.publish(up(A, "usage"), new byte[] {1, 2, 3}, 1))).isEqualTo(0x99);
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      message[message.length - 1] ^= 1;
      assertThat(soon(client.publish(up(A, "usage"), message, 2))).isEqualTo(NOT_AUTHORIZED);
      assertThat(office.submitted).isEmpty();
    }
  }
}
