package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.sip.TestOffice.A;
import static org.gridwarden.channel.sip.TestOffice.B;
import static org.gridwarden.channel.sip.TestOffice.usage;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Secret;
import org.gridwarden.message.Form;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.simulator.sip.SipLine;
import org.gridwarden.simulator.sip.SipPacket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The registrar over loopback: MESSAGE, the digest, limits. Orders have {@link OrdersIT}. */
class SipEndpointIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String TYPE = "Content-Type: application/cose";

  static SipPacket post(SipLine line, byte[] message, String... more) throws Exception {
    List<String> fields = more.length == 0 ? List.of(TYPE) : List.of(more);
    return line.ask("MESSAGE", "usage", fields, message);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  @DisplayName("C38: a message is answered after its commit, and once more where it comes again")
  void answersAfterTheCommit(Transport transport) throws Exception {
    try (TestOffice office = new TestOffice(transport);
        SipLine line = office.line(office.wire(), A)) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      CompletableFuture<Integer> status =
          CompletableFuture.supplyAsync(() -> {
            try {
              return post(line, message).status();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      await().atMost(LONG).until(() -> office.submitted.size() == 1);
      assertThat(status).isNotDone();
      commit.complete(new Outcome.Stored());
      assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(200);
      office.held = Optional.empty();
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      assertThat(office.submitted.getFirst().how()).isEqualTo(Assurance.MAC);
      assertThat(office.submitted.getFirst().via()).isEqualTo(office.channel.id());
      byte[] other = office.end(A).seal(Form.SENML_JSON, usage(A, 118));
      assertThat(post(line, other).status()).isEqualTo(200);
      assertThat(post(line, other).status()).as("its duplicate").isEqualTo(200);
      assertThat(office.channel.tally().of(Tally.What.DUPLICATE)).isEqualTo(1);
      assertThat(office.channel.health().state()).isEqualTo(Health.State.UP);
      assertThat(office.channel.health().detail()).contains("2 stored", "1 duplicate");
    }
  }

  @Test
  @DisplayName("C38: a datagram that comes again is stored once, and answered as before")
  void aRetransmissionIsStoredOnce() throws Exception {
    try (TestOffice office = new TestOffice(Transport.UDP);
        Taped wire = Taped.of(office.wire());
        SipLine line = office.line(wire, A)) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      CompletableFuture<Integer> status =
          CompletableFuture.supplyAsync(() -> {
            try {
              return post(line, message).status();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      // the line itself says it again and again while it waits
      await().atMost(LONG).until(() -> office.channel.tally().of(Tally.What.REPEATED) >= 2);
      assertThat(office.submitted).hasSize(1);
      commit.complete(new Outcome.Stored());
      assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(200);
      long answers = wire.answers(200);
      wire.send(wire.sent().getLast());
      wire.send(wire.sent().getLast());
      await().atMost(LONG).until(() -> wire.answers(200) >= answers + 2);
      assertThat(office.submitted).hasSize(1);
      SipPacket first = wire.came().stream().filter(p -> p.status() == 200).findFirst().get();
      assertThat(wire.came().getLast().fields()).isEqualTo(first.fields());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"UDP", "TCP"})
  @DisplayName("C22: by digest a meter speaks for itself alone; who has no key is challenged")
  void aMeterSpeaksForItself(Transport transport) throws Exception {
    try (TestOffice office = new TestOffice(transport)) {
      byte[] ofA = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      Secret wrong = new Secret("wrong".getBytes(StandardCharsets.US_ASCII));
      try (SipLine line =
          new SipLine(office.wire(), office.host(), A, Optional.of(wrong), asked -> {}, () -> {})) {
        SipPacket refused = post(line, ofA);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.all("www-authenticate"))
            .singleElement()
            .asString()
            .contains("algorithm=SHA-256", "qop=\"auth\"", "realm=\"gridwarden\"")
            .doesNotContain("MD5");
      }
      try (SipLine line = office.line(office.wire(), B)) {
        assertThat(post(line, ofA).status()).as("B says what A sealed").isEqualTo(403);
      }
      try (Taped wire = Taped.of(office.wire());
          SipLine line = office.line(wire, B)) {
        String asB = "From: <sip:" + A + "@" + office.host() + ">;tag=x";
        assertThat(line.ask("MESSAGE", "usage", List.of(TYPE, asB), ofA).status())
            .as("two who ask")
            .isEqualTo(400);
        assertThat(line.ask("REGISTER", "", List.of("Expires: 60"), new byte[0]).status())
            .isEqualTo(200);
        assertThat(office.channel.reaches(B)).isTrue();
        assertThat(office.channel.reaches(A)).isFalse();
      }
      assertThat(office.submitted).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"UDP", "TCP"})
  @DisplayName("C1: a digest that was overheard is taken neither again nor from elsewhere")
  void aDigestIsTakenOnce(Transport transport) throws Exception {
    try (TestOffice office = new TestOffice(transport);
        Taped wire = Taped.of(office.wire());
        SipLine line = office.line(wire, A)) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      assertThat(post(line, message).status()).isEqualTo(200);
      String said = new String(wire.sent().getLast(), StandardCharsets.ISO_8859_1);
      byte[] again =
          said.replaceFirst("branch=z9hG4bK", "branch=z9hG4bKx")
              .getBytes(StandardCharsets.ISO_8859_1);
      try (Raw raw = new Raw(office.wire())) {
        raw.send(again); // from the same address, though from another port
        SipPacket refused = raw.answer();
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.field("www-authenticate").orElseThrow()).contains("stale=true");
      }
      byte[] registers = said.replace("MESSAGE", "REGISTER").getBytes(StandardCharsets.ISO_8859_1);
      try (Raw raw = new Raw(office.wire())) {
        raw.send(registers);
        assertThat(raw.answer().status()).as("for something else").isEqualTo(401);
      }
      assertThat(office.submitted).hasSize(1);
    }
  }

  @Test
  void messagesAreTakenAsTheyAreOrInBase64AndInNoOtherForm() throws Exception {
    try (TestOffice office = new TestOffice(Transport.TCP);
        SipLine line = office.line(office.wire(), A)) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      byte[] text = Base64.getMimeEncoder().encode(message);
      assertThat(post(line, text, TYPE, "Content-Transfer-Encoding: base64").status())
          .isEqualTo(200);
      assertThat(post(line, text, TYPE).status()).isEqualTo(400);
      assertThat(post(line, text, TYPE, "Content-Transfer-Encoding: 7bit").status()).isEqualTo(415);
      assertThat(post(line, message, "Content-Type: text/plain").status()).isEqualTo(415);
      assertThat(post(line, message, TYPE, "Content-Encoding: gzip").status()).isEqualTo(415);
      assertThat(post(line, message, TYPE, "Require: 100rel").field("unsupported"))
          .contains("100rel");
      assertThat(post(line, new byte[0], TYPE).status()).isEqualTo(400);
      assertThat(line.ask("MESSAGE", "nothing", List.of(TYPE), message).status()).isEqualTo(404);
      assertThat(line.ask("MESSAGE", "billing", List.of(TYPE), message).status())
          .as("of another class than it goes to")
          .isEqualTo(400);
      assertThat(line.ask("PUBLISH", "usage", List.of(TYPE), message).field("allow").orElse(""))
          .contains("MESSAGE");
      assertThat(office.submitted).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"UDP", "TCP"})
  void whatIsNotStoredIsNotAnsweredBy200(Transport transport) throws Exception {
    try (TestOffice office = new TestOffice(transport);
        SipLine line = office.line(office.wire(), A)) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      for (Map.Entry<Fault.Code, Integer> expected :
          Map.of(Fault.Code.REPLAYED, 403, Fault.Code.BUSY, 503, Fault.Code.INTERNAL, 500)
              .entrySet()) {
        office.held =
            Optional.of(
                CompletableFuture.completedFuture(
                    new Outcome.Refused(new Fault(expected.getKey(), "there", "so"))));
        assertThat(post(line, message).status()).isEqualTo(expected.getValue());
      }
      office.held = Optional.of(CompletableFuture.failedFuture(new IllegalStateException("away")));
      SipPacket failed = post(line, message);
      assertThat(failed.status()).isEqualTo(500);
      assertThat(failed.field("retry-after")).isPresent();
    }
  }

  @Test
  @DisplayName("C21: a meter that sends too fast is told to wait; another one is served")
  void aMeterThatSendsTooFast() throws Exception {
    try (TestOffice office =
            new TestOffice(
                Transport.TCP, Map.of("rate", 1, "burst", 2), AdmissionLimits.defaults());
        SipLine a = office.line(office.wire(), A);
        SipLine b = office.line(office.wire(), B)) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      int refused = 0;
      for (int i = 0; i < 40; i++) {
        refused += post(a, message).status() == 503 ? 1 : 0;
      }
      assertThat(refused).isPositive();
      assertThat(post(b, office.end(B).seal(Form.SENML_CBOR, usage(B, 1))).status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("C39, C40: a connection that says too much, or nothing in time, ends")
  void aConnectionIsProvenInTime() throws Exception {
    Map<String, Object> brief = Map.of("connect", "300ms", "maxUnproven", 1_024);
    try (TestOffice office = new TestOffice(Transport.TCP, brief, AdmissionLimits.defaults())) {
      try (Raw silent = new Raw(office.wire())) {
        assertThat(silent.next()).isEmpty();
      }
      try (Raw chatty = new Raw(office.wire())) {
        for (int i = 0; i < 8; i++) {
          chatty.send(Raw.probe(i));
        }
        int answered = 0;
        while (chatty.next().isPresent()) {
          answered++;
        }
        assertThat(answered).isBetween(0, 5);
      }
      assertThat(office.channel.tally().of(Tally.What.TIMED_OUT)).isPositive();
    }
  }

  @Test
  void aStackThatKnowsMd5AloneIsTakenWhereThatIsAllowed() throws Exception {
    try (TestOffice office =
            new TestOffice(Transport.UDP, Map.of("md5", "allowed"), AdmissionLimits.defaults());
        Raw raw = new Raw(office.wire())) {
      raw.send(
          Raw.probe(1).replace("OPTIONS", "REGISTER").replace("sip:probe@192.0.2.1", "sip:" + A));
      assertThat(raw.answer().all("www-authenticate"))
          .hasSize(2)
          .anyMatch(c -> c.contains("algorithm=MD5"));
    }
  }

  @Test
  void nobodyIsCalledWhoIsNotThere() throws Exception {
    try (TestOffice office = new TestOffice(Transport.UDP)) {
      assertThat(office.channel.reaches(A)).isFalse();
      assertThatThrownBy(() -> office.channel.open(A, Deadline.in(LONG)))
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("neither registered nor subscribed");
    }
  }

  @Test
  void settingsAreChecked() {
    SipChannelFactory factory = new SipChannelFactory();
    assertThat(factory.plaintext(Map.of("udp", Map.of(), "tls", Map.of()))).containsExactly("udp");
    assertThat(factory.create(Map.of("udp", Map.of(), "tcp", Map.of(), "tls", Map.of())))
        .extracting(c -> c.id().instance())
        .containsExactly("udp-5060", "tcp-5060", "tls-5061");
    assertThatThrownBy(() -> factory.create(Map.of("md5", "yes"))).hasMessageContaining("'md5'");
    assertThatThrownBy(() -> factory.create(Map.of("realm", "a\"b")))
        .hasMessageContaining("'realm'");
    assertThatThrownBy(() -> factory.create(Map.of("host", "a b"))).hasMessageContaining("'host'");
    assertThatThrownBy(() -> factory.create(Map.of("expires", "5s")))
        .hasMessageContaining("'expires'");
    assertThatThrownBy(() -> factory.create(Map.of("porte", 1))).hasMessageContaining("'porte'");
  }
}
