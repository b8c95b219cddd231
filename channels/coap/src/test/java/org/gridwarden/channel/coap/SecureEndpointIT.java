package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.coap.CoapEndpointIT.large;
import static org.gridwarden.channel.coap.CoapEndpointIT.soon;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.B;
import static org.gridwarden.channel.coap.TestOffice.NOW;
import static org.gridwarden.channel.coap.TestOffice.SOON;
import static org.gridwarden.channel.coap.TestOffice.usage;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.Payload;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.OrderDesk;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.coap.CoapLine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The endpoint under DTLS: whose proof opens it, and the way down. */
class SecureEndpointIT {
  private static ResponseCode posts(
      TestOffice office, CoapLine line, org.gridwarden.core.MeterId as) throws Exception {
    byte[] message = office.end(as).seal(Form.SENML_CBOR, usage(as, 7));
    return soon(line.post("gw/usage", message, true)).getCode();
  }

  @Test
  @DisplayName("C22: by its shared key a meter is itself, and no other")
  void sharedKey() throws Exception {
    try (TestOffice office = TestOffice.secure();
        CoapLine line = office.shared(A)) {
      assertThat(posts(office, line, A)).isEqualTo(ResponseCode.CHANGED);
      assertThat(posts(office, line, B)).isEqualTo(ResponseCode.FORBIDDEN);
      assertThat(office.submitted).hasSize(1);
      assertThat(office.channel.health().detail()).contains("1 associations");
      assertThat(office.admission.counts().unauthenticated()).isZero();
    }
  }

  @Test
  @DisplayName("C22: another meter's key, a stranger's name, a name that is none open nothing")
  void wrongSharedKey() throws Exception {
    try (TestOffice office = TestOffice.secure()) {
      for (String identity : List.of(A.value(), "stranger", "", "*", A + "/ff")) {
        // B's key under that name
        try (CoapLine line = office.shared(B, identity, "127.0.0.1")) {
          CompletableFuture<Response> answer = line.get("gw/orders");
          // told by an alert, or by nothing at all
          assertThatThrownBy(() -> answer.get(2, TimeUnit.SECONDS))
              .as(identity)
              .isInstanceOf(Exception.class);
        }
      }
      assertThat(office.channel.health().detail()).contains("0 associations");
      try (CoapLine line = office.shared(A, A + "/31", "127.0.0.1")) {
        assertThat(posts(office, line, A)).as("by the key's id").isEqualTo(ResponseCode.CHANGED);
      }
    }
  }

  @Test
  @DisplayName("C22: by its certificate, or the bare key of it, a meter is itself, and no other")
  void certificateAndBareKey() throws Exception {
    try (TestOffice office = TestOffice.secure()) {
      Credential own = office.authority.orElseThrow().meter(A);
      for (boolean bare : new boolean[] {false, true}) {
        try (CoapLine line = office.certified(own, bare)) {
          assertThat(posts(office, line, A)).isEqualTo(ResponseCode.CHANGED);
          assertThat(posts(office, line, B)).isEqualTo(ResponseCode.FORBIDDEN);
        }
      }
      assertThat(office.submitted).hasSize(2);
    }
  }

  @Test
  @DisplayName("C23: a revoked certificate opens nothing, and neither does its bare key")
  void revoked() throws Exception {
    try (TestOffice office = TestOffice.secure()) {
      Credential own = office.authority.orElseThrow().meter(A);
      try (CoapLine line = office.certified(own, true)) {
        assertThat(posts(office, line, A)).isEqualTo(ResponseCode.CHANGED);
        office.authority.orElseThrow().revoke(own);
        await()
            .atMost(SOON)
            .until(() -> office.channel.health().detail().contains("0 associations"));
      }
      for (boolean bare : new boolean[] {false, true}) {
        try (CoapLine line = office.certified(own, bare)) {
          CompletableFuture<Response> answer = line.get("gw/orders");
          assertThatThrownBy(() -> soon(answer)).isInstanceOf(Exception.class);
        }
      }
    }
  }

  @Test
  @DisplayName("C22: a meter whose key is another one now does not go on over what stands")
  void changedKey() throws Exception {
    try (TestOffice office = TestOffice.secure();
        CoapLine line = office.shared(A)) {
      assertThat(posts(office, line, A)).isEqualTo(ResponseCode.CHANGED);
      var other = TestOffice.key(B, Purpose.MESSAGE);
      office.shipped.put(
          A + " " + Purpose.MESSAGE,
          new org.gridwarden.core.KeyAccess.KeySet(
              new byte[] {'2'}, other.encryption(), other.authentication()));
      CompletableFuture<Response> answer = line.get("gw/orders");
      assertThatThrownBy(() -> answer.get(3, TimeUnit.SECONDS)).isInstanceOf(Exception.class);
    }
  }

  private static KeyPair operator() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  @Test
  @DisplayName(
      "C9: an order goes down to the meter that observes its mailbox; its receipt comes up")
  void orderAndReceipt() throws Exception {
    KeyPair operator = operator();
    KeyPair meterKey = operator();
    try (TestOffice office = TestOffice.secure();
        CoapLine line = office.shared(A);
        CoapLine another = office.shared(B)) {
      MeterEnd end = office.end(A);
      List<byte[]> others = new CopyOnWriteArrayList<>();
      OrderDesk desk = TestDesk.of(A, operator.getPublic(), meterKey);
      line.observe(
          "gw/orders",
          told -> {
            if (told.getPayloadSize() > 0) {
              TestDesk.answer(line, end, desk, told.getPayload());
            }
          },
          () -> {});
      another.observe("gw/orders", told -> others.add(told.getPayload()), () -> {});
      await().atMost(SOON).until(() -> office.channel.reaches(A) && office.channel.reaches(B));
      for (int i = 1; i <= 3; i++) {
        CommandId id = new CommandId(new UUID(1, i));
        Order order = new Order(id, A, new Action.Read(), NOW, NOW.plusSeconds(60), "olga");
        byte[] signed =
            Signed.sign(
                    org.gridwarden.security.command.Purpose.ORDER,
                    Signer.of(operator),
                    order.bytes())
                .bytes();
        try (var session = office.channel.open(A, Deadline.in(SOON))) {
          Receipt receipt = session.send(new SignedCommand(id, A, signed));
          assertThat(receipt.state()).isEqualTo(CommandState.CONFIRMED);
        }
      }
      assertThat(others).hasSize(1).allMatch(payload -> payload.length == 0);
      assertThat(soon(line.get("gw/orders")).getPayloadSize()).as("it is empty again").isZero();
    }
  }

  @Test
  void anOrderInBlocksWaitsUntilItsTime() throws Exception {
    try (TestOffice office = TestOffice.secure();
        CoapLine line = office.shared(A)) {
      List<byte[]> told = new CopyOnWriteArrayList<>();
      line.observe("gw/orders", response -> told.add(response.getPayload()), () -> {});
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      SignedCommand command = new SignedCommand(new CommandId(new UUID(2, 2)), A, new byte[2_000]);
      try (var session = office.channel.open(A, Deadline.in(java.time.Duration.ofSeconds(3)))) {
        assertThatThrownBy(() -> session.send(command))
            .isInstanceOfSatisfying(
                ChannelException.class,
                e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.TIMEOUT));
      }
      await().atMost(SOON).until(() -> told.stream().anyMatch(payload -> payload.length > 2_000));
      assertThat(office.end(A).open(told.getLast())).isInstanceOf(Payload.Dispatch.class);
      await().atMost(SOON).until(() -> soon(line.get("gw/orders")).getPayloadSize() == 0);
    }
  }

  @Test
  void whoObservesNoLongerIsNotReached() throws Exception {
    try (TestOffice office = TestOffice.secure();
        CoapLine line = office.shared(A)) {
      assertThat(office.channel.reaches(A)).isFalse();
      assertThatThrownBy(() -> office.channel.open(A, Deadline.in(SOON)))
          .isInstanceOf(ChannelException.class);
      Runnable stop = line.observe("gw/orders", told -> {}, () -> {});
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      stop.run();
      await().atMost(SOON).until(() -> !office.channel.reaches(A));
    }
  }

  @Test
  void aMeterThatComesAnewIsReachedOverWhatItHoldsNow() throws Exception {
    try (TestOffice office = TestOffice.secure()) {
      for (int i = 0; i < 3; i++) {
        List<byte[]> told = new CopyOnWriteArrayList<>();
        try (CoapLine line = office.shared(A)) {
          line.observe("gw/orders", response -> told.add(response.getPayload()), () -> {});
          await().atMost(SOON).until(() -> !told.isEmpty() && office.channel.reaches(A));
          SignedCommand command =
              new SignedCommand(new CommandId(new UUID(3, i)), A, new byte[] {1});
          try (var session = office.channel.open(A, Deadline.in(SOON))) {
            Thread sender = Thread.ofVirtual().start(() -> quietly(() -> session.send(command)));
            await().atMost(SOON).until(() -> told.getLast().length > 0);
            sender.interrupt();
            sender.join();
          }
        }
      }
    }
  }

  private interface Try {
    void run() throws Exception;
  }

  private static void quietly(Try what) {
    try {
      what.run();
    } catch (Exception e) {
      // nobody answers it
    }
  }

  @Test
  void largeMessagesComeInBlocks() throws Exception {
    try (TestOffice office = TestOffice.secure();
        CoapLine line = office.shared(A)) {
      byte[] message = office.end(A).seal(Form.SENML_JSON, large(A, 192));
      assertThat(soon(line.post("gw/usage", message, true)).getCode())
          .isEqualTo(ResponseCode.CHANGED);
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
      assertThat(MessageClass.of(office.submitted.getFirst().content().getFirst()))
          .isEqualTo(MessageClass.USAGE);
    }
  }
}
