package org.gridwarden.channel.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.xmpp.TestOffice.A;
import static org.gridwarden.channel.xmpp.TestOffice.NOW;
import static org.gridwarden.channel.xmpp.TestOffice.SOON;
import static org.gridwarden.channel.xmpp.TestOffice.usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.gridwarden.core.Action;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Health;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.Payload;
import org.gridwarden.message.Secured;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.OrderDesk;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.xmpp.XmppCarrier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An office that is a component of Prosody, and meters that Smack speaks for. */
class XmppEndpointIT {
  private static final Consumer<byte[]> NOBODY = _ -> {};

  @TempDir static Path home;
  private static TestProsody prosody;

  @BeforeAll
  static void startProsody() throws Exception {
    prosody = TestProsody.start(home, 1_024);
  }

  @AfterAll
  static void stopProsody() throws Exception {
    if (prosody != null) { // it did not start
      prosody.close();
    }
  }

  private static Carrier.Way login(TestOffice office, MeterId meter, Consumer<byte[]> orders)
      throws Exception {
    return prosody.carrier().open(office.caller(meter, office.end(meter), orders));
  }

  @Test
  @DisplayName("C1: the same bytes again are acknowledged again")
  void takesWhatMetersSend() throws Exception {
    try (TestOffice office = new TestOffice(prosody);
        Carrier.Way way = login(office, A, NOBODY)) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      way.send(MessageClass.USAGE, message);
      way.send(MessageClass.USAGE, message);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      assertThat(office.submitted.getFirst().how()).isEqualTo(Assurance.MAC);
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
      assertThat(office.channel.tally().of(Tally.What.STORED)).isEqualTo(1);
      assertThat(office.channel.tally().of(Tally.What.DUPLICATE)).isEqualTo(1);
    }
  }

  @Test
  void theLongestMessagePasses() throws Exception {
    try (TestOffice office = new TestOffice(prosody);
        Carrier.Way way = login(office, A, NOBODY)) {
      // none that a channel here takes is so long: what is refused for its content has passed
      byte[] longest = office.end(A).seal(MessageClass.BILLING, Form.SIGNED, new byte[16_200]);
      assertThat(longest.length).isBetween(16_200, Secured.LONGEST);
      assertThatThrownBy(() -> way.send(MessageClass.BILLING, longest))
          .hasMessageContaining("a signed day has");
    }
  }

  @Test
  @DisplayName("C38: the answer does not leave before the commit")
  void answersAfterTheCommit() throws Exception {
    try (TestOffice office = new TestOffice(prosody);
        Carrier.Way first = login(office, A, NOBODY);
        Carrier.Way second = login(office, TestOffice.B, NOBODY)) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      CompletableFuture<Boolean> answered =
          CompletableFuture.supplyAsync(() -> {
            try {
              first.send(MessageClass.USAGE, message);
              return true;
            } catch (IOException | InterruptedException e) {
              return false;
            }
          });
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      office.held = Optional.empty();
      // who comes later is answered: the line is not merely slow
      second.send(
          MessageClass.USAGE,
          office.end(TestOffice.B).seal(Form.SENML_CBOR, usage(TestOffice.B, 2)));
      assertThat(answered).isNotDone();
      commit.complete(new Outcome.Stored());
      assertThat(answered.get(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  @DisplayName("C22: no stranger and no retired meter logs in")
  void strangersStayOut() throws Exception {
    try (TestOffice office = new TestOffice(prosody)) {
      MeterId stranger = new MeterId("GW-0000099");
      assertThatThrownBy(() -> login(office, stranger, NOBODY)).isInstanceOf(IOException.class);
      office.put(A, Meter.State.RETIRED);
      assertThatThrownBy(() -> login(office, A, NOBODY)).isInstanceOf(IOException.class);
      office.put(A, Meter.State.ACTIVE);
      login(office, A, NOBODY).close();
      assertThat(office.channel.tally().of(Tally.What.UNAUTHENTICATED)).isEqualTo(2);
    }
  }

  @Test
  void metersThatKnowSha1AloneLogIn() throws Exception {
    try (TestOffice office = new TestOffice(prosody)) {
      XmppCarrier older = prosody.carrier().older();
      try (Carrier.Way way = older.open(office.caller(A, office.end(A), NOBODY))) {
        way.send(MessageClass.USAGE, office.end(A).seal(Form.SENML_JSON, usage(A, 3)));
      }
      assertThat(office.submitted).hasSize(1);
    }
  }

  @Test
  void whileAKeyIsChangedEitherOpensWithinTwoAttempts() throws Exception {
    KeySet next =
        new KeySet(
            "2".getBytes(StandardCharsets.US_ASCII),
            new Secret(new byte[32]),
            new Secret(new byte[0]));
    try (TestOffice office = new TestOffice(prosody)) {
      office.pending.put(A + " " + Purpose.MESSAGE, next);
      for (KeySet key : new KeySet[] {TestOffice.key(A, Purpose.MESSAGE), next}) {
        Carrier.Caller caller =
            new Carrier.Caller(A, key, () -> 0, () -> new byte[] {1}, NOBODY, () -> {});
        int attempts = 0;
        for (boolean in = false; !in; attempts++) {
          assertThat(attempts).isLessThan(2);
          try {
            prosody.carrier().open(caller).close();
            in = true;
          } catch (IOException e) {
            assertThat(e).hasMessageContaining("cannot log in");
          }
        }
      }
    }
  }

  @Test
  @DisplayName("C21: a meter that sends too fast is told so, and no other")
  void ratesAreEachMetersOwn() throws Exception {
    try (TestOffice office = new TestOffice(prosody, Map.of("rate", 1, "burst", 2));
        Carrier.Way first = login(office, A, NOBODY);
        Carrier.Way second = login(office, TestOffice.B, NOBODY)) {
      MeterEnd end = office.end(A);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 50; i++) {
                  first.send(MessageClass.USAGE, end.seal(Form.SENML_CBOR, usage(A, i)));
                }
              })
          .hasMessageContaining("resource-constraint");
      second.send(
          MessageClass.USAGE,
          office.end(TestOffice.B).seal(Form.SENML_CBOR, usage(TestOffice.B, 2)));
      assertThat(office.channel.tally().of(Tally.What.TOO_FAST)).isEqualTo(1);
    }
  }

  @Test
  void whatIsNoneOrNotGenuineIsRefused() throws Exception {
    try (TestOffice office = new TestOffice(prosody);
        Carrier.Way way = login(office, A, NOBODY)) {
      assertThatThrownBy(() -> way.send(MessageClass.USAGE, new byte[] {1, 2, 3}))
          .hasMessageContaining("bad-request");
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      message[message.length - 1] ^= 1;
      assertThatThrownBy(() -> way.send(MessageClass.USAGE, message))
          .hasMessageContaining("forbidden");
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  @DisplayName("C9, C10: an order goes down the meter's own connection, and its receipt comes up")
  void anOrderAndItsReceipt() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair operator = generator.generateKeyPair();
    KeyPair meterKey = generator.generateKeyPair();
    CompletableFuture<Action> acted = new CompletableFuture<>();
    OrderDesk desk = desk(operator, meterKey, acted);
    try (TestOffice office = new TestOffice(prosody)) {
      MeterEnd end = office.end(A);
      CompletableFuture<Carrier.Way> self = new CompletableFuture<>();
      assertThat(office.channel.reaches(A)).isFalse();
      Carrier.Way way =
          login(
              office,
              A,
              order -> Thread.ofVirtual().start(() -> obey(end, desk, self.join(), order)));
      self.complete(way);
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      CommandId id = new CommandId(new UUID(3, 4));
      Order order = new Order(id, A, new Action.Disconnect(), NOW, NOW.plusSeconds(60), "olga");
      byte[] signed =
          Signed.sign(
                  org.gridwarden.security.command.Purpose.ORDER, Signer.of(operator), order.bytes())
              .bytes();
      Receipt receipt;
      try (var session = office.channel.open(A, Deadline.in(SOON))) {
        receipt = session.send(new SignedCommand(id, A, signed));
      }
      assertThat(receipt.state()).isEqualTo(CommandState.CONFIRMED);
      assertThat(acted).isCompletedWithValue(new Action.Disconnect());
      Signed.parse(receipt.evidence())
          .open(org.gridwarden.security.command.Purpose.RECEIPT, meterKey.getPublic());
      way.close();
      await().atMost(SOON).until(() -> !office.channel.reaches(A));
      assertThatThrownBy(() -> office.channel.open(A, Deadline.in(SOON)))
          .isInstanceOf(ChannelException.class);
    }
  }

  private static void obey(MeterEnd end, OrderDesk desk, Carrier.Way way, byte[] order) {
    try {
      if (end.open(order) instanceof Payload.Dispatch(byte[] dispatch)) {
        way.send(
            MessageClass.CONTROL, end.seal(MessageClass.CONTROL, Form.SIGNED, desk.take(dispatch)));
      }
    } catch (MessageException | CommandException | IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static OrderDesk desk(
      KeyPair operator, KeyPair meterKey, CompletableFuture<Action> acted) {
    long[] counter = {-1};
    return new OrderDesk(
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
  }

  @Test
  void anOfficeThatHasComeBackLearnsWhoIsThere() throws Exception {
    try (TestOffice before = new TestOffice(prosody);
        Carrier.Way way = login(before, A, NOBODY)) {
      await().atMost(SOON).until(() -> before.channel.reaches(A));
      before.close();
      try (TestOffice after = new TestOffice(prosody)) {
        assertThat(after.channel.reaches(A)).isFalse();
        way.send(MessageClass.USAGE, after.end(A).seal(Form.SENML_CBOR, usage(A, 1)));
        await().atMost(SOON).until(() -> after.channel.reaches(A));
      }
    }
  }

  @Test
  void theLinkIsOpenedAnew() throws Exception {
    try (TestOffice office = new TestOffice(prosody)) {
      prosody.stop();
      await().atMost(SOON).until(() -> office.channel.health().state() == Health.State.DOWN);
      assertThat(office.channel.reaches(A)).isFalse();
      prosody.launch();
      await().atMost(SOON).until(() -> office.channel.health().state() == Health.State.UP);
      try (Carrier.Way way = login(office, A, NOBODY)) {
        way.send(MessageClass.USAGE, office.end(A).seal(Form.SENML_CBOR, usage(A, 9)));
      }
      assertThat(office.submitted).hasSize(1);
    }
  }

  @Test
  void whoIsSilentIsAskedAndAnswers() throws Exception {
    try (TestOffice office = new TestOffice(prosody, Map.of("ping", "10s"));
        Carrier.Way way = login(office, A, NOBODY)) {
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      long twice = System.nanoTime() + 22_000_000_000L;
      await().atMost(SOON).until(() -> System.nanoTime() > twice);
      assertThat(office.channel.reaches(A)).isTrue();
      assertThat(way).isNotNull();
    }
  }

  @Test
  @DisplayName("C30: a secret that is not there stops the start, and says which file")
  void aMissingSecretIsNamed() {
    Map<String, Object> component =
        Map.of("name", "office.meters.example", "secretFile", "/nowhere/secret");
    assertThatThrownBy(() -> new TestOffice(prosody, Map.of("component", component)))
        .isInstanceOfSatisfying(
            ChannelException.class, e -> assertThat(e.fault().where()).contains("/nowhere/secret"));
  }
}
