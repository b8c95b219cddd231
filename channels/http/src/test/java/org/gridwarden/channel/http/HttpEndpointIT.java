package org.gridwarden.channel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.http.TestOffice.A;
import static org.gridwarden.channel.http.TestOffice.B;
import static org.gridwarden.channel.http.TestOffice.SOON;
import static org.gridwarden.channel.http.TestOffice.usage;

import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
import org.gridwarden.core.SignedCommand;
import org.gridwarden.message.Form;
import org.gridwarden.message.Payload;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The listener and the JDK's client over loopback, by HTTP/1.1 and HTTP/2. */
class HttpEndpointIT {
  /** The two versions: HTTP/2 needs TLS to be agreed on, with this client. */
  enum Line {
    HTTP_1_1,
    HTTP_2;

    TestOffice office() throws ChannelException {
      return office(Map.of());
    }

    TestOffice office(Map<String, Object> settings) throws ChannelException {
      return new TestOffice(
          settings,
          AdmissionLimits.defaults(),
          this == HTTP_2 ? Optional.of(TestAuthority.shared()) : Optional.empty());
    }

    HttpClient client(TestOffice office) {
      return office.client(A, Version.valueOf(name()));
    }
  }

  private static HttpClient client(TestOffice office) {
    return office.client(A, Version.HTTP_1_1);
  }

  private static HttpRequest post(
      TestOffice office, MeterId as, String path, String type, byte[] body) {
    return office
        .request(as, path)
        .header("Content-Type", type)
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private static HttpResponse<byte[]> send(HttpClient client, HttpRequest request)
      throws Exception {
    return client.send(request, BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static byte[] json(byte[] message) {
    return ("{\"message\":\""
            + Base64.getUrlEncoder().withoutPadding().encodeToString(message)
            + "\"}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] xml(byte[] message) {
    return ("<?xml version=\"1.0\"?>\n<secured xmlns=\"urn:gridwarden:http:1\">\n  <message>"
            + Base64.getMimeEncoder().encodeToString(message)
            + "</message>\n</secured>\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] cbor(byte[] message) {
    return Format.CBOR.write("secured", Map.of("message", message));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_1_1,application/cose",
    "HTTP_1_1,application/json",
    "HTTP_1_1,application/cbor",
    "HTTP_1_1,application/xml",
    "HTTP_2,application/cose; cose-type=\"cose-encrypt0\"",
    "HTTP_2,application/json",
    "HTTP_2,application/cbor",
    "HTTP_2,text/xml; charset=utf-8"
  })
  void takesWhatMetersPost(Line line, String type) throws Exception {
    try (TestOffice office = line.office();
        HttpClient client = line.client(office)) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      byte[] body =
          type.contains("json")
              ? json(message)
              : type.contains("xml")
                  ? xml(message)
                  : type.contains("cbor") ? cbor(message) : message;
      HttpRequest request = post(office, A, "/gw/" + A + "/usage", type, body);
      HttpResponse<byte[]> stored = send(client, request);
      assertThat(stored.version()).isEqualTo(Version.valueOf(line.name()));
      assertThat(stored.statusCode()).isEqualTo(201);
      assertThat(stored.body()).isEmpty();
      assertThat(office.submitted).hasSize(1);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      assertThat(office.submitted.getFirst().how()).isEqualTo(Assurance.MAC);
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
      assertThat(send(client, request).statusCode()).as("C1: the same again").isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(Line.class)
  @DisplayName("C38: no answer leaves before the commit")
  void answersAfterTheCommit(Line line) throws Exception {
    try (TestOffice office = line.office();
        HttpClient client = line.client(office)) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      CompletableFuture<HttpResponse<byte[]>> answer =
          client.sendAsync(
              post(office, A, "/gw/" + A + "/usage", "application/cose", message),
              BodyHandlers.ofByteArray());
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      // what is asked for afterwards, on another connection or stream, is answered
      assertThat(send(client, office.request(A, "/gw/" + A).build()).statusCode()).isEqualTo(200);
      assertThat(answer).isNotDone();
      commit.complete(new Outcome.Stored());
      assertThat(answer.get(SOON.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(201);
    }
  }

  @ParameterizedTest
  @EnumSource(Line.class)
  @DisplayName("C22: meter A neither posts nor reads as meter B")
  void nobodySpeaksAsAnother(Line line) throws Exception {
    try (TestOffice office = line.office();
        HttpClient client = line.client(office)) {
      byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
      byte[] ofA = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      String cose = "application/cose";
      for (HttpRequest wrong :
          List.of(
              post(office, A, "/gw/" + B + "/usage", cose, ofB),
              post(office, A, "/gw/" + A + "/usage", cose, ofB),
              post(office, A, "/gw/" + B + "/usage", cose, ofA),
              office.request(A, "/gw/" + B).build(),
              office.request(A, "/gw/" + B + "/orders").build(),
              office.request(A, "/gw/" + B + "/orders/1").DELETE().build())) {
        assertThat(send(client, wrong).statusCode()).as(wrong.toString()).isEqualTo(403);
      }
      HttpResponse<byte[]> class2 =
          send(client, post(office, A, "/gw/" + A + "/warning", cose, ofA));
      assertThat(class2.statusCode()).isEqualTo(400);
      assertThat(office.submitted).isEmpty();
      assertThat(send(client, post(office, A, "/gw/" + A + "/usage", cose, ofA)).statusCode())
          .isEqualTo(201);
    }
  }

  @ParameterizedTest
  @EnumSource(Line.class)
  void aWrongKeyIsRefusedBeforeTheBodyIsRead(Line line) throws Exception {
    try (TestOffice office = line.office();
        HttpClient client = line.client(office)) {
      String ofB = TestOffice.authorization(B);
      String mixed =
          "Basic "
              + Base64.getEncoder()
                  .encodeToString(
                      (A + ":" + TestOffice.password(B)).getBytes(StandardCharsets.US_ASCII));
      for (String wrong : List.of(mixed, "Basic", "Basic ????", "Bearer x", ofB.substring(0, 12))) {
        HttpResponse<byte[]> refused =
            send(
                client,
                HttpRequest.newBuilder(office.uri("/gw/" + A + "/usage"))
                    .timeout(SOON)
                    .header("Authorization", wrong)
                    .POST(BodyPublishers.ofByteArray(new byte[line == Line.HTTP_2 ? 300 : 20_000]))
                    .build());
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("www-authenticate")).isPresent();
        assertThat(refused.headers().firstValue("content-type"))
            .contains("application/problem+json");
        assertThat(text(refused)).contains("UNAUTHENTICATED").contains("remedy");
      }
      assertThat(office.channel.tally().of(Tally.What.UNAUTHENTICATED)).isEqualTo(5);
      assertThat(office.submitted).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Line.class)
  void problemsNamePlaceAndRemedyInTheFormThatIsLiked(Line line) throws Exception {
    try (TestOffice office = line.office();
        HttpClient client = line.client(office)) {
      HttpRequest json = post(office, A, "/gw/" + A + "/usage", "application/cose", new byte[] {1});
      assertThat(send(client, json).statusCode()).isEqualTo(400);
      assertThat(text(send(client, json))).contains("\"where\"", "\"remedy\"", "\"status\":400");
      HttpRequest xml =
          office.request(A, "/gw/" + A + "/nothing").header("Accept", "application/xml").build();
      assertThat(text(send(client, xml)))
          .contains("<problem xmlns=\"urn:ietf:rfc:7807\">", "<status>404</status>", "<remedy>");
      HttpRequest cbor =
          office.request(A, "/gw/" + A + "/nothing").header("Accept", "application/cbor").build();
      HttpResponse<byte[]> concise = send(client, cbor);
      assertThat(concise.headers().firstValue("content-type"))
          .contains("application/concise-problem-details+cbor");
      HttpRequest method = office.request(A, "/gw/" + A + "/usage").DELETE().build();
      assertThat(send(client, method).statusCode()).isEqualTo(405);
      assertThat(send(client, method).headers().firstValue("allow")).contains("POST");
      HttpRequest type = post(office, A, "/gw/" + A + "/usage", "text/plain", new byte[] {1});
      assertThat(send(client, type).statusCode()).isEqualTo(415);
      HttpRequest liked =
          office.request(A, "/gw/" + A).header("Accept", "image/png;q=1, text/html").build();
      assertThat(send(client, liked).statusCode()).isEqualTo(406);
      HttpRequest upgrade = office.request(A, "/gw/" + A + "/socket").build();
      assertThat(send(client, upgrade).statusCode()).isEqualTo(426);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_1_1,application/json", "HTTP_1_1,application/cbor", "HTTP_1_1,application/xml",
    "HTTP_2,application/json", "HTTP_2,application/cbor", "HTTP_2,application/xml"
  })
  void whatAMeterHasAlreadyIsNotSentAgain(Line line, String type) throws Exception {
    try (TestOffice office = line.office();
        HttpClient client = line.client(office)) {
      HttpResponse<byte[]> first =
          send(client, office.request(A, "/gw/" + A).header("Accept", type).build());
      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(first.headers().firstValue("content-type")).contains(type);
      assertThat(text(first)).contains(A.value()).contains("Europe/Zurich");
      String tag = first.headers().firstValue("etag").orElseThrow();
      HttpRequest.Builder again =
          office
              .request(A, "/gw/" + A)
              .header("Accept", type)
              .header("If-None-Match", "\"x\", " + tag);
      HttpResponse<byte[]> same = send(client, again.build());
      assertThat(same.statusCode()).isEqualTo(304);
      assertThat(same.body()).isEmpty();
      assertThat(same.headers().firstValue("etag")).contains(tag);
      HttpResponse<byte[]> head =
          send(client, office.request(A, "/gw/" + A).header("Accept", type).HEAD().build());
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().firstValue("content-length"))
          .contains(Integer.toString(first.body().length));
      assertThat(send(client, office.request(A, "/gw/" + A + "/acknowledged").build()).statusCode())
          .isEqualTo(404);
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      send(client, post(office, A, "/gw/" + A + "/usage", "application/cose", message));
      assertThat(text(send(client, office.request(A, "/gw/" + A + "/acknowledged").build())))
          .contains("\"counter\":0", "\"class\":\"usage\"");
    }
  }

  @ParameterizedTest
  @EnumSource(Line.class)
  @DisplayName("C9, C10: an order is asked for and answered by its receipt")
  void anOrderAndItsReceipt(Line line) throws Exception {
    try (TestOffice office = line.office();
        HttpClient client = line.client(office)) {
      TestDesk desk = TestDesk.of(A);
      assertThat(office.channel.reaches(A)).isFalse();
      CompletableFuture<HttpResponse<byte[]>> question =
          client.sendAsync(
              office.request(A, "/gw/" + A + "/orders?wait=9").build(), BodyHandlers.ofByteArray());
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      CompletableFuture<org.gridwarden.core.Receipt> receipt =
          CompletableFuture.supplyAsync(() -> desk.send(office.channel));
      HttpResponse<byte[]> order = question.get(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(order.statusCode()).isEqualTo(200);
      assertThat(order.headers().firstValue("content-type")).contains("application/cose");
      String place = order.headers().firstValue("content-location").orElseThrow();
      // a lost answer can be asked for again, in another form, too
      HttpRequest again = office.request(A, place).header("Accept", "application/json").build();
      assertThat(text(send(client, again))).contains("\"number\":1", "\"message\":\"");
      byte[] answer = desk.answer(office.end(A), order.body());
      HttpResponse<byte[]> taken =
          send(
              client,
              office
                  .request(A, place + "/receipt")
                  .header("Content-Type", "application/cose")
                  .PUT(BodyPublishers.ofByteArray(answer))
                  .build());
      assertThat(taken.statusCode()).isEqualTo(200);
      desk.confirms(receipt.get(SOON.toSeconds(), TimeUnit.SECONDS));
      assertThat(send(client, office.request(A, place).build()).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void anOrderIsTakenOutUnanswered() throws Exception {
    try (TestOffice office = new TestOffice();
        HttpClient client = client(office)) {
      assertThat(send(client, office.request(A, "/gw/" + A + "/orders").build()).statusCode())
          .isEqualTo(204);
      assertThat(office.channel.reaches(A)).as("it has just asked").isTrue();
      SignedCommand command =
          new SignedCommand(new CommandId(new UUID(1, 1)), A, new byte[] {1, 2, 3});
      CompletableFuture<Fault.Code> end =
          CompletableFuture.supplyAsync(() -> {
            try (var session =
                office.channel.open(A, Deadline.in(java.time.Duration.ofSeconds(4)))) {
              session.send(command);
              return Fault.Code.INTERNAL;
            } catch (ChannelException e) {
              return e.fault().code();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      HttpRequest ask = office.request(A, "/gw/" + A + "/orders?wait=9").build();
      HttpResponse<byte[]> order = send(client, ask);
      assertThat(office.end(A).open(order.body())).isInstanceOf(Payload.Dispatch.class);
      HttpRequest delete = office.request(A, "/gw/" + A + "/orders/1").DELETE().build();
      assertThat(send(client, delete).statusCode()).isEqualTo(204);
      assertThat(send(client, delete).statusCode()).isEqualTo(404);
      assertThat(end.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Fault.Code.TIMEOUT);
    }
  }

  @Test
  void whoIsAwayIsNotReached() throws Exception {
    try (TestOffice office = new TestOffice(Map.of("grace", "1ms"), AdmissionLimits.defaults());
        HttpClient client = client(office)) {
      send(client, office.request(A, "/gw/" + A + "/orders").build());
      await().atMost(SOON).until(() -> !office.channel.reaches(A));
      assertThatThrownBy(() -> office.channel.open(A, Deadline.in(SOON)))
          .isInstanceOf(ChannelException.class);
      // a question whose connection ends is no question any more
      try (Socket socket = office.socket()) {
        socket.getOutputStream().write(raw("GET /gw/" + A + "/orders?wait=60", A, ""));
        await().atMost(SOON).until(() -> office.channel.reaches(A));
      }
      await().atMost(SOON).until(() -> !office.channel.reaches(A));
    }
  }

  @Test
  @DisplayName("C21: one meter's flood is slowed; another is served")
  void aFloodIsSlowed() throws Exception {
    try (TestOffice office =
            new TestOffice(Map.of("rate", 1, "burst", 3), AdmissionLimits.defaults());
        HttpClient client = client(office)) {
      // one a second: of two hundred some come faster, on whatever machine
      int sent = 0;
      int status = 0;
      while (status != 429 && sent < 200) {
        byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, sent));
        HttpResponse<byte[]> answer =
            send(client, post(office, A, "/gw/" + A + "/usage", "application/cose", message));
        status = answer.statusCode();
        sent++;
        if (status == 429) {
          assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        } else {
          assertThat(status).isEqualTo(201);
        }
      }
      assertThat(status).isEqualTo(429);
      assertThat(sent).as("three at once are allowed").isGreaterThan(3);
      assertThat(office.channel.tally().of(Tally.What.TOO_FAST)).isEqualTo(1);
      assertThat(office.submitted).hasSize(sent - 1);
      try (HttpClient other = office.client(B, Version.HTTP_1_1)) {
        byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
        assertThat(
                send(other, post(office, B, "/gw/" + B + "/usage", "application/cose", ofB))
                    .statusCode())
            .isEqualTo(201);
      }
    }
  }

  static byte[] raw(String first, MeterId meter, String fields) {
    return (first
            + " HTTP/1.1\r\nHost: office\r\nAuthorization: "
            + TestOffice.authorization(meter)
            + "\r\n"
            + fields
            + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String exchange(TestOffice office, byte[] request) throws Exception {
    try (Socket socket = office.socket()) {
      socket.setSoTimeout((int) SOON.toMillis());
      socket.getOutputStream().write(request);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  @DisplayName("C39, C40: before a meter is proven there is one deadline and few bytes")
  void limitsBeforeProof() throws Exception {
    try (TestOffice office =
        new TestOffice(
            Map.of("connect", "1s", "maxUnproven", 4096, "maxHeader", 1024),
            AdmissionLimits.defaults())) {
      assertThat(exchange(office, "POST /gw/x".getBytes(StandardCharsets.US_ASCII))).isEmpty();
      assertThat(
              exchange(
                  office, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
          .as("our settings, then nothing")
          .hasSizeLessThan(100);
      assertThat(office.channel.tally().of(Tally.What.TIMED_OUT)).isEqualTo(2);
      String longLine = "GET /" + "x".repeat(1_200);
      assertThat(exchange(office, raw(longLine, A, ""))).startsWith("HTTP/1.1 414 ");
      String longField = "X: " + "y".repeat(1_200) + "\r\n";
      assertThat(exchange(office, raw("GET /", A, longField))).startsWith("HTTP/1.1 431 ");
      String manyFields = "X: y\r\n".repeat(70);
      assertThat(exchange(office, raw("GET /", A, manyFields))).startsWith("HTTP/1.1 431 ");
      assertThat(office.submitted).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'Content-Length: 5|Transfer-Encoding: chunked|', 400",
    "'Content-Length: 5|Content-Length: 6|', 400",
    "'Content-Length: -1|', 400",
    "'Content-Length: 99999999999|', 413",
    "'Host: twice|', 400",
    "'Transfer-Encoding: gzip|', 400"
  })
  @DisplayName("C39: what could be read in two ways, or is too long, is refused")
  void ambiguousRequestsAreRefused(String fields, int status) throws Exception {
    try (TestOffice office = new TestOffice()) {
      String answer =
          exchange(office, raw("POST /gw/" + A + "/usage", A, fields.replace("|", "\r\n")));
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
      assertThat(answer).contains("connection: close");
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  void requestsOnOneLineAreAnsweredInTheirOrder() throws Exception {
    try (TestOffice office = new TestOffice()) {
      byte[] both =
          (new String(raw("GET /gw/" + A, A, ""), StandardCharsets.US_ASCII)
                  + new String(
                      raw("GET /gw/" + A + "/nothing", A, "Connection: close\r\n"),
                      StandardCharsets.US_ASCII))
              .getBytes(StandardCharsets.US_ASCII);
      String answers = exchange(office, both);
      assertThat(answers.indexOf("HTTP/1.1 200")).isZero();
      assertThat(answers.indexOf("HTTP/1.1 404")).isPositive();
    }
  }

  @Test
  @DisplayName("C22: a connection is one meter's")
  void aConnectionIsOneMeters() throws Exception {
    try (TestOffice office = new TestOffice()) {
      byte[] both =
          (new String(raw("GET /gw/" + A, A, ""), StandardCharsets.US_ASCII)
                  + new String(raw("GET /gw/" + B, B, ""), StandardCharsets.US_ASCII))
              .getBytes(StandardCharsets.US_ASCII);
      assertThat(exchange(office, both)).contains("HTTP/1.1 200", "HTTP/1.1 403");
    }
  }

  @Test
  void aBodyComesInChunksToo() throws Exception {
    try (TestOffice office = new TestOffice();
        Socket socket = office.socket()) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 3));
      socket
          .getOutputStream()
          .write(
              raw(
                  "POST /gw/" + A + "/usage",
                  A,
                  "Content-Type: application/cose\r\nTransfer-Encoding: chunked\r\n"
                      + "Expect: 100-continue\r\n"));
      byte[] on = socket.getInputStream().readNBytes(25);
      assertThat(new String(on, StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      for (byte[] part :
          List.of(
              java.util.Arrays.copyOf(message, 10),
              java.util.Arrays.copyOfRange(message, 10, message.length))) {
        socket
            .getOutputStream()
            .write((Integer.toHexString(part.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(part);
        socket.getOutputStream().write(new byte[] {'\r', '\n'});
      }
      socket.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readNBytes(20), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 201 Created");
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
    }
  }
}
