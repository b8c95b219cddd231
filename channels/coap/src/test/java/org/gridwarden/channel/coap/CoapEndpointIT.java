package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.B;
import static org.gridwarden.channel.coap.TestOffice.SOON;
import static org.gridwarden.channel.coap.TestOffice.usage;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Usage;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.simulator.coap.CoapLine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint without DTLS: what is posted, answered, cut into blocks and refused. */
class CoapEndpointIT {
  static <T> T soon(CompletableFuture<T> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    return answer.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  private static ResponseCode code(CompletableFuture<Response> answer) throws Exception {
    return soon(answer).getCode();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesWhatMetersPost(boolean confirmable) throws Exception {
    try (TestOffice office = new TestOffice();
        CoapLine line = office.line()) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      Response answer = soon(line.post("gw/usage", message, confirmable));
      assertThat(answer.getCode()).isEqualTo(ResponseCode.CHANGED);
      assertThat(answer.getType()).isEqualTo(confirmable ? Type.ACK : Type.NON);
      assertThat(office.submitted).hasSize(1);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      assertThat(office.submitted.getFirst().how()).isEqualTo(Assurance.MAC);
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
    }
  }

  @Test
  @DisplayName("C38: what says that it is taken leaves after the commit; an empty ACK goes ahead")
  void answersAfterTheCommit() throws Exception {
    try (TestOffice office = new TestOffice();
        CoapLine line = office.line()) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      Request request = line.request(Code.POST, "gw/usage", true);
      request.setPayload(office.end(A).seal(Form.SENML_CBOR, usage(A, 1)));
      CompletableFuture<Response> answer = line.send(request);
      await().atMost(SOON).until(request::isAcknowledged);
      assertThat(office.submitted).hasSize(1);
      // what is asked for afterwards is answered: the line is not merely slow
      assertThat(code(line.get("nothing"))).isEqualTo(ResponseCode.NOT_FOUND);
      assertThat(answer).isNotDone();
      commit.complete(new Outcome.Stored());
      assertThat(soon(answer).getCode()).isEqualTo(ResponseCode.CHANGED);
      assertThat(soon(answer).getType()).as("a separate response").isEqualTo(Type.CON);
    }
  }

  @Test
  void aMeterThatWantsNoAnswerGetsNone() throws Exception {
    try (TestOffice office = new TestOffice();
        CoapLine line = office.line()) {
      Request request = line.request(Code.POST, "gw/usage", false);
      request.setPayload(office.end(A).seal(Form.SENML_CBOR, usage(A, 1)));
      request.getOptions().setNoResponse(0x1A); // neither success nor errors (RFC 7967)
      CompletableFuture<Response> answer = line.send(request);
      await().atMost(SOON).until(() -> office.channel.tally().of(Tally.What.STORED) == 1);
      assertThat(code(line.get("nothing"))).isEqualTo(ResponseCode.NOT_FOUND);
      assertThat(answer).isNotDone();
    }
  }

  @Test
  @DisplayName("C1: the same bytes again are acknowledged again")
  void aResendIsAcknowledged() throws Exception {
    try (TestOffice office = new TestOffice();
        CoapLine line = office.line()) {
      byte[] message = office.end(A).seal(Form.SENML_JSON, usage(A, 5));
      for (int i = 0; i < 3; i++) {
        assertThat(code(line.post("gw/usage", message, true))).isEqualTo(ResponseCode.CHANGED);
      }
      assertThat(office.channel.tally().of(Tally.What.STORED)).isEqualTo(1);
      assertThat(office.channel.tally().of(Tally.What.DUPLICATE)).isEqualTo(2);
    }
  }

  @Test
  void whatIsNotTakenIsNotSaidToBe() throws Exception {
    try (TestOffice office = new TestOffice();
        CoapLine line = office.line()) {
      byte[] good = office.end(A).seal(Form.SENML_CBOR, usage(A, 5));
      byte[] forged = good.clone();
      forged[forged.length - 1] ^= 1;
      assertThat(code(line.post("gw/usage", forged, true))).isEqualTo(ResponseCode.FORBIDDEN);
      assertThat(code(line.post("gw/warning", good, true))).isEqualTo(ResponseCode.BAD_REQUEST);
      assertThat(code(line.post("gw/usage", new byte[] {1}, true)))
          .isEqualTo(ResponseCode.BAD_REQUEST);
      assertThat(code(line.post("gw/anything", good, true))).isEqualTo(ResponseCode.NOT_FOUND);
      assertThat(code(line.get("gw/usage"))).isEqualTo(ResponseCode.METHOD_NOT_ALLOWED);
      assertThat(code(line.get("gw/orders"))).isEqualTo(ResponseCode.UNAUTHORIZED);
      Request text = line.request(Code.POST, "gw/usage", true);
      text.setPayload(good);
      text.getOptions().setContentFormat(0);
      assertThat(code(line.send(text))).isEqualTo(ResponseCode.UNSUPPORTED_CONTENT_FORMAT);
      assertThat(office.submitted).isEmpty();
      Map<Fault.Code, ResponseCode> said = new HashMap<>();
      for (Fault.Code why : Fault.Code.values()) {
        office.held =
            Optional.of(
                CompletableFuture.completedFuture(
                    new Outcome.Refused(new Fault(why, "here", "mend it"))));
        said.put(why, code(line.post("gw/usage", good, true)));
      }
      assertThat(said)
          .containsEntry(Fault.Code.REPLAYED, ResponseCode.CONFLICT)
          .containsEntry(Fault.Code.BUSY, ResponseCode.SERVICE_UNAVAILABLE)
          .containsEntry(Fault.Code.INTERNAL, ResponseCode.INTERNAL_SERVER_ERROR);
      office.held = Optional.of(CompletableFuture.completedFuture(new Outcome.Waiting()));
      Response later = soon(line.post("gw/usage", good, true));
      assertThat(later.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
      assertThat(later.getOptions().getMaxAge()).isEqualTo(300);
    }
  }

  /** A message of about so many bytes: it takes blocks. */
  static Message large(MeterId meter, int slots) {
    Usage one = (Usage) usage(meter, 1);
    return new Usage(
        meter,
        List.of(),
        java.util.stream.IntStream.range(0, slots)
            .mapToObj(i -> {
              var slot = one.slots().getFirst();
              return new org.gridwarden.core.Slot(
                  slot.channel(),
                  slot.start().minusSeconds(900L * (slots - i)),
                  slot.length(),
                  new org.gridwarden.cosem.ScaledValue(
                      100_000 + 77L * i, 0, org.gridwarden.cosem.Unit.WATT_HOUR),
                  slot.quality());
            })
            .toList(),
        List.of(),
        List.of());
  }

  @Test
  void largeMessagesComeInBlocks() throws Exception {
    try (TestOffice office = new TestOffice();
        CoapLine line = office.line()) {
      byte[] message = office.end(A).seal(Form.SENML_JSON, large(A, 96));
      assertThat(message.length).isGreaterThan(1_024);
      assertThat(code(line.post("gw/usage", message, true))).isEqualTo(ResponseCode.CHANGED);
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
      assertThat(office.channel.transfers()).isZero();
      assertThat(office.admission.counts().unauthenticated()).isZero();
    }
  }

  @Test
  @DisplayName("C39: a body that is said or grows to be too long is refused; nothing is kept of it")
  void tooLarge() throws Exception {
    try (TestOffice office = new TestOffice();
        CoapLine line = office.line()) {
      Response grown = soon(line.post("gw/usage", new byte[20_000], true));
      assertThat(grown.getCode()).isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
      Request said = line.request(Code.POST, "gw/usage", true);
      said.setPayload(new byte[64]);
      said.getOptions().setBlock1(2, true, 0).setSize1(1_000_000_000);
      assertThat(code(line.send(said))).isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
      assertThat(office.channel.transfers()).isZero();
      assertThat(office.admission.counts().unauthenticated()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(MessageClass.class)
  void eachClassHasItsPlace(MessageClass kind) throws Exception {
    try (TestOffice office = new TestOffice();
        CoapLine line = office.line()) {
      byte[] usage = office.end(A).seal(Form.SENML_CBOR, usage(A, 5));
      assertThat(code(line.post("gw/" + kind.word(), usage, true)))
          .isEqualTo(kind == MessageClass.USAGE ? ResponseCode.CHANGED : ResponseCode.BAD_REQUEST);
    }
  }

  @Test
  @DisplayName("C40: a stranger gets a long answer only where it has shown to be (RFC 9175)")
  void echoBeforeALongAnswer() throws Exception {
    try (TestOffice office = new TestOffice();
        CoapLine line = office.line();
        CoapLine other = office.line()) {
      Response first = soon(line.get(".well-known/core"));
      assertThat(first.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
      assertThat(first.getPayloadSize()).isZero();
      Option echo = first.getOptions().getOtherOption(StandardOptionRegistry.ECHO);
      Request again = line.request(Code.GET, ".well-known/core", true);
      again.getOptions().addOption(echo);
      Response links = soon(line.send(again));
      assertThat(links.getCode()).isEqualTo(ResponseCode.CONTENT);
      assertThat(links.getPayloadString()).contains("</gw/usage>;rt=\"gw.up\";ct=16");
      Request stolen = other.request(Code.GET, ".well-known/core", true);
      stolen.getOptions().addOption(echo);
      assertThat(code(other.send(stolen))).isEqualTo(ResponseCode.UNAUTHORIZED);
    }
  }

  @Test
  @DisplayName("C21: so many of one caller wait for their commit, others are served meanwhile")
  void oneCallersBacklog() throws Exception {
    try (TestOffice office =
            new TestOffice("udp", Map.of("inFlight", 2), AdmissionLimits.defaults());
        CoapLine line = office.line();
        CoapLine other = office.line()) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      List<CompletableFuture<Response>> two =
          List.of(
              line.post("gw/usage", office.end(A).seal(Form.SENML_CBOR, usage(A, 1)), false),
              line.post("gw/usage", office.end(A).seal(Form.SENML_CBOR, usage(A, 2)), false));
      await().atMost(SOON).until(() -> office.submitted.size() == 2);
      byte[] third = office.end(A).seal(Form.SENML_CBOR, usage(A, 3));
      assertThat(code(line.post("gw/usage", third, true)))
          .isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
      CompletableFuture<Response> its =
          other.post("gw/usage", office.end(B).seal(Form.SENML_CBOR, usage(B, 1)), true);
      await().atMost(SOON).until(() -> office.submitted.size() == 3);
      commit.complete(new Outcome.Stored());
      assertThat(code(its)).isEqualTo(ResponseCode.CHANGED);
      for (CompletableFuture<Response> one : two) {
        assertThat(code(one)).isEqualTo(ResponseCode.CHANGED);
      }
    }
  }
}
