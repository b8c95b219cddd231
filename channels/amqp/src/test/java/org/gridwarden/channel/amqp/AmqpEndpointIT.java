package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.amqp.TestOffice.A;
import static org.gridwarden.channel.amqp.TestOffice.B;
import static org.gridwarden.channel.amqp.TestOffice.SOON;
import static org.gridwarden.channel.amqp.TestOffice.sent;
import static org.gridwarden.channel.amqp.TestOffice.usage;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.amqp.AmqpLine.Guarantee;
import org.gridwarden.simulator.amqp.AmqpLogin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint and a client over loopback. */
class AmqpEndpointIT {
  private static TestOffice limited(Map<String, Object> settings) throws ChannelException {
    return new TestOffice(settings, AdmissionLimits.defaults(), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "gw/GW-0000001/up,AT_MOST_ONCE",
    "gw/GW-0000001/up,AT_LEAST_ONCE",
    "gw/GW-0000001/up/usage,AT_LEAST_ONCE",
    "gw/GW-0000001/up/usage,EXACTLY_ONCE",
    "gw/up,AT_LEAST_ONCE"
  })
  void takesWhatMetersSend(String address, Guarantee guarantee) throws Exception {
    try (TestOffice office = new TestOffice();
        AmqpLine line = office.line(A)) {
      MeterEnd end = office.end(A);
      for (int i = 0; i < 100; i++) {
        byte[] message = end.seal(Form.SENML_CBOR, usage(A, i));
        assertThat(line.send(address, message, guarantee).get().accepted()).isTrue();
      }
      await().atMost(SOON).until(() -> office.of(Tally.What.STORED) == 100);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 0));
      assertThat(office.submitted.getFirst().how()).isEqualTo(Assurance.MAC);
      assertThat(office.submitted.getFirst().id().meter()).isEqualTo(A);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AT_LEAST_ONCE", "EXACTLY_ONCE"})
  @DisplayName("C38: no disposition leaves before the commit")
  void settlesAfterTheCommit(Guarantee guarantee) throws Exception {
    try (TestOffice office = new TestOffice();
        AmqpLine line = office.line(A)) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      CompletableFuture<AmqpLine.Outcome> outcome = line.send(TestOffice.up(A), message, guarantee);
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      // what is asked for afterwards, on the same connection, is answered
      line.hear(TestOffice.down(A), order -> {}).get(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(outcome).isNotDone();
      commit.complete(new Outcome.Stored());
      assertThat(outcome.get(SOON.toSeconds(), TimeUnit.SECONDS).accepted()).isTrue();
    }
  }

  @Test
  void whatIsNotTakenIsNotAccepted() throws Exception {
    try (TestOffice office = new TestOffice();
        AmqpLine line = office.line(A)) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      office.held = Optional.of(CompletableFuture.completedFuture(new Outcome.Waiting()));
      assertThat(sent(line, TestOffice.up(A), message))
          .isEqualTo(new AmqpLine.Outcome(false, "released"));
      office.held = Optional.of(CompletableFuture.failedFuture(new IllegalStateException("full")));
      assertThat(sent(line, TestOffice.up(A), message))
          .isEqualTo(new AmqpLine.Outcome(false, "modified"));
      Fault fault = new Fault(Fault.Code.REPLAYED, "meter " + A, "use another counter");
      office.held = Optional.of(CompletableFuture.completedFuture(new Outcome.Refused(fault)));
      assertThat(sent(line, TestOffice.up(A), message).why()).contains("use another counter");
      office.held = Optional.empty();
      assertThat(sent(line, TestOffice.up(A), new byte[] {1, 2, 3}).why()).contains("decode-error");
      message[message.length - 1] ^= 1;
      assertThat(sent(line, TestOffice.up(A), message).why()).contains("not genuine");
      assertThat(office.of(Tally.What.STORED)).isZero();
    }
  }

  @Test
  @DisplayName("C22: meter A neither sends nor hears as meter B")
  void nobodySpeaksAsAnother() throws Exception {
    try (TestOffice office = new TestOffice();
        AmqpLine line = office.line(A)) {
      byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
      byte[] ofA = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      assertThat(sent(line, TestOffice.up(B), ofB).why()).contains("another meter's");
      assertThat(sent(line, TestOffice.up(B), ofA).why()).contains("another meter's");
      assertThat(sent(line, TestOffice.up(A), ofB).why()).contains("not genuine");
      assertThat(sent(line, Addresses.UP, ofB).why()).contains("not genuine");
      assertThat(sent(line, "gw/" + A + "/up/warning", ofA).why()).contains("decode-error");
      assertThat(sent(line, "elsewhere", ofA).why()).contains("not-found");
      for (String address : List.of(TestOffice.down(B), TestOffice.up(A), "elsewhere")) {
        assertThat(line.hear(address, order -> {})).as(address).failsWithin(SOON);
      }
      assertThat(office.submitted).isEmpty();
      assertThat(office.channel.reaches(A)).isFalse();
      assertThat(office.channel.reaches(B)).isFalse();
      assertThat(sent(line, TestOffice.up(A), ofA).accepted()).isTrue();
    }
  }

  @Test
  @DisplayName("C22: a wrong name or password opens nothing, and nobody learns which it was")
  void aWrongPasswordIsRefused() throws Exception {
    try (TestOffice office = new TestOffice()) {
      for (AmqpLogin wrong :
          List.of(
              AmqpLogin.plain(A.value(), TestOffice.password(B)),
              AmqpLogin.plain("GW-0000009", TestOffice.password(A)),
              AmqpLogin.plain("", TestOffice.password(A)),
              AmqpLogin.plain(A.value(), new Secret("x".getBytes(StandardCharsets.US_ASCII))),
              AmqpLogin.external(A))) {
        assertThatThrownBy(() -> TestOffice.open(office.socket(), wrong)).isNotNull();
      }
      assertThat(office.of(Tally.What.STORED)).isZero();
      try (AmqpLine line = office.line(A)) {
        assertThat(line.ended()).isNotDone();
      }
    }
  }

  @Test
  void aMeterThatDoesNotListenIsNotReached() throws Exception {
    try (TestOffice office = limited(Map.of("grace", "1ms"));
        AmqpLine line = office.line(A)) {
      SignedCommand command =
          new SignedCommand(new CommandId(new UUID(1, 1)), A, new byte[] {1, 2, 3});
      assertThatThrownBy(
              () -> {
                try (var session = office.channel.open(A, Deadline.in(SOON))) {
                  session.send(command);
                }
              })
          .isInstanceOf(ChannelException.class);
      line.hear(TestOffice.down(A), order -> {}).get(SOON.toSeconds(), TimeUnit.SECONDS);
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      line.cut();
      await().atMost(SOON).until(() -> !office.channel.reaches(A));
    }
  }

  @Test
  @DisplayName("C21: a meter that floods is given its messages back, and others are served")
  void oneMetersFloodLeavesTheOthers() throws Exception {
    try (TestOffice office = limited(Map.of("rate", 1, "burst", 10));
        AmqpLine flood = office.line(A);
        AmqpLine other = office.line(B)) {
      MeterEnd end = office.end(A);
      List<CompletableFuture<AmqpLine.Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        byte[] message = end.seal(Form.SENML_CBOR, usage(A, i));
        outcomes.add(flood.send(TestOffice.up(A), message, Guarantee.AT_LEAST_ONCE));
      }
      byte[] message = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
      assertThat(sent(other, TestOffice.up(B), message).accepted()).isTrue();
      long released = 0;
      for (CompletableFuture<AmqpLine.Outcome> outcome : outcomes) {
        released += outcome.get(SOON.toSeconds(), TimeUnit.SECONDS).accepted() ? 0 : 1;
      }
      assertThat(released).isPositive().isEqualTo(office.of(Tally.What.TOO_FAST));
      assertThat(office.of(Tally.What.STORED)).isEqualTo(300 - released + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "AMQP\0\1\0\0",
        "AMQP\0\0\11\1",
        "\0\0\0\0\0\0\0\0"
      })
  @DisplayName("C39: what is not SASL is answered by what is spoken here, and hung up on")
  void whatDoesNotBeginWithSaslIsNotHeard(String said) throws Exception {
    try (TestOffice office = new TestOffice();
        RawClient client = new RawClient(office.socket())) {
      client.say(said.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(client.rest()).isEqualTo(Sasl.HEADER);
    }
  }

  @Test
  @DisplayName("C39, C40: a stranger has 512 bytes a frame, 2,048 in all, and little time")
  void aStrangerSaysLittle() throws Exception {
    try (TestOffice office = limited(Map.of("connect", "60s"))) {
      try (RawClient client = new RawClient(office.socket())) {
        client.say(Sasl.HEADER);
        client.say(new byte[] {0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 2, 1, 0, 0});
        client.rest();
      }
      try (RawClient client = new RawClient(office.socket())) {
        client.say(Sasl.HEADER);
        // an array of 2^31 - 1 lists of nothing, where the mechanism should be
        byte[] many = {(byte) 0xF0, 0, 0, 0, 5, 0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x45};
        byte[] init = RawClient.frame(0x41, many);
        init[5] = 1;
        client.say(init);
        client.rest();
      }
      assertThat(office.of(Tally.What.MALFORMED)).isEqualTo(2);
    }
    try (TestOffice office = limited(Map.of("connect", "1s"));
        RawClient client = new RawClient(office.socket())) {
      client.say(Sasl.HEADER);
      client.rest(); // until its time is over
      await().atMost(SOON).until(() -> office.of(Tally.What.TIMED_OUT) == 1);
    }
  }

  @Test
  @DisplayName("C39: more than there is credit for, or longer than may be, ends the connection")
  void creditAndLengthAreHeldTo() throws Exception {
    try (TestOffice office = limited(Map.of("inFlight", 2, "maxMessage", 1_000))) {
      office.held = Optional.of(new CompletableFuture<>());
      MeterEnd end = office.end(A);
      try (RawClient client = RawClient.open(office, A)) {
        client.attach(TestOffice.up(A));
        for (int i = 0; i < 2 * Links.MOST + 1; i++) {
          byte[] message = Body.write(end.seal(Form.SENML_CBOR, usage(A, i)), 1);
          client.say(RawClient.transfer(i, false, message));
        }
        assertThat(client.closed()).contains("transfer-limit-exceeded");
      }
      try (RawClient client = RawClient.open(office, B)) {
        client.attach(TestOffice.up(B));
        for (int i = 0; i < 3; i++) {
          client.say(RawClient.transfer(0, true, new byte[400]));
        }
        assertThat(client.closed()).contains("message-size-exceeded");
      }
      try (RawClient client = RawClient.open(office, B)) {
        client.attach(TestOffice.up(B));
        for (int i = 0; i < 70; i++) {
          client.say(RawClient.transfer(0, true, new byte[1]));
        }
        assertThat(client.closed()).contains("message-size-exceeded");
      }
    }
  }

  /** What this library's decoder would allocate, descend into, or keep for ever. */
  @Test
  @DisplayName("C39: maps, arrays and nested lists of any length or depth cost nothing")
  void whatIsNotLookedAtCostsNothing() throws Exception {
    // properties of open: a map of 2^31 - 2 entries, of which one is there
    byte[] map = {
      (byte) 0xD1,
      0,
      0,
      0,
      8,
      0x7F,
      (byte) 0xFF,
      (byte) 0xFF,
      (byte) 0xFE,
      (byte) 0xA3,
      1,
      'x',
      0x40
    };
    byte[] deep = new byte[3 * 200];
    for (int i = 0; i < deep.length; i += 3) {
      deep[i] = (byte) 0xC0;
      deep[i + 1] = (byte) Math.min(255, deep.length - i - 2);
      deep[i + 2] = 1;
    }
    try (TestOffice office = new TestOffice()) {
      byte[] none = RawClient.nothing();
      try (RawClient client =
          RawClient.open(
              office,
              A,
              RawClient.string("x"),
              none,
              none,
              none,
              none,
              none,
              none,
              none,
              none,
              map)) {
        client.attach(TestOffice.up(A));
        client.say(RawClient.frame(RawClient.FLOW, deep));
        client.rest(); // that is none: it lies about its length
      }
      try (AmqpLine line = office.line(A)) {
        byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
        assertThat(sent(line, TestOffice.up(A), message).accepted()).isTrue();
      }
    }
  }

  @Test
  void showsThatItIsThere() throws Exception {
    byte[] none = RawClient.nothing();
    try (TestOffice office = new TestOffice();
        RawClient client =
            RawClient.open(
                office,
                A,
                RawClient.string("x"),
                none,
                none,
                none,
                RawClient.uint(1_000))) { // it wants to hear something each second
      for (int i = 0; i < 3; i++) {
        assertThat(client.frame()).isEqualTo(new byte[] {0, 0, 0, 8, 2, 0, 0, 0});
      }
    }
  }

  @Test
  @DisplayName("C40: whoever is proven and falls silent is put out in the end")
  void silenceHasAnEnd() throws Exception {
    try (TestOffice office = limited(Map.of("keepAlive", "3s"));
        RawClient client = RawClient.open(office, A)) {
      client.rest();
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  void theOfficeTakesItsLeave() throws Exception {
    MeterId meter = A;
    try (TestOffice office = new TestOffice();
        RawClient client = RawClient.open(office, meter)) {
      office.channel.close();
      assertThat(client.closed()).contains("amqp:connection:forced");
    }
  }
}
