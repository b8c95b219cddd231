package org.gridwarden.channel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.http.TestOffice.A;
import static org.gridwarden.channel.http.TestOffice.B;
import static org.gridwarden.channel.http.TestOffice.SOON;
import static org.gridwarden.channel.http.TestOffice.usage;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.message.Form;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The listener and the JDK's WebSocket over loopback, with TLS and without. */
class WebSocketIT {
  /** What comes down, one message after the other. */
  private static final class Heard implements WebSocket.Listener {
    final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final java.io.ByteArrayOutputStream whole = new java.io.ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      whole.writeBytes(part);
      if (last) {
        messages.add(whole.toByteArray());
        whole.reset();
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
      pongs.add(StandardCharsets.US_ASCII.decode(data).toString());
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }

    byte[] next() throws InterruptedException {
      byte[] message = messages.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      return message;
    }
  }

  private static TestOffice office(boolean tls) throws ChannelException {
    return office(tls, Map.of());
  }

  private static TestOffice office(boolean tls, Map<String, Object> settings)
      throws ChannelException {
    return new TestOffice(
        settings,
        AdmissionLimits.defaults(),
        tls ? Optional.of(TestAuthority.shared()) : Optional.empty());
  }

  private static WebSocket open(TestOffice office, MeterId as, MeterId whose, Heard heard)
      throws Exception {
    return open(office.client(as, Version.HTTP_1_1), office, as, whose, heard);
  }

  private static WebSocket open(
      HttpClient client, TestOffice office, MeterId as, MeterId whose, Heard heard)
      throws Exception {
    URI http = office.uri("/gw/" + whose + "/socket");
    return client
        .newWebSocketBuilder()
        .header("Authorization", TestOffice.authorization(as))
        .connectTimeout(SOON)
        .subprotocols("gridwarden.cose.1")
        .buildAsync(URI.create(http.toString().replaceFirst("http", "ws")), heard)
        .get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  /** [n, status] in CBOR. */
  private static byte[] acknowledgement(int number, int status) {
    return new byte[] {(byte) 0x82, (byte) number, 0x18, (byte) status};
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesWhatMetersSay(boolean tls) throws Exception {
    try (TestOffice office = office(tls)) {
      Heard heard = new Heard();
      WebSocket socket = open(office, A, A, heard);
      assertThat(socket.getSubprotocol()).isEqualTo("gridwarden.cose.1");
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      socket.sendBinary(ByteBuffer.wrap(message), true).join();
      assertThat(heard.next()).isEqualTo(acknowledgement(1, 201));
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
      // in two fragments, and the same again: C1
      socket.sendBinary(ByteBuffer.wrap(message, 0, 20), false).join();
      socket.sendBinary(ByteBuffer.wrap(message, 20, message.length - 20), true).join();
      assertThat(heard.next()).isEqualTo(acknowledgement(2, 200));
      socket.sendPing(ByteBuffer.wrap("here".getBytes(StandardCharsets.US_ASCII))).join();
      assertThat(heard.pongs.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("here");
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
      assertThat(heard.closed.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1000);
      await().atMost(SOON).until(() -> !office.channel.reaches(A));
    }
  }

  @Test
  @DisplayName("C38: no acknowledgement leaves before the commit")
  void acknowledgesAfterTheCommit() throws Exception {
    try (TestOffice office = office(false)) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      Heard heard = new Heard();
      WebSocket socket = open(office, A, A, heard);
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      socket.sendBinary(ByteBuffer.wrap(message), true).join();
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      socket.sendPing(ByteBuffer.wrap("x".getBytes(StandardCharsets.US_ASCII))).join();
      assertThat(heard.pongs.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("x");
      assertThat(heard.messages).isEmpty();
      commit.complete(new Outcome.Stored());
      assertThat(heard.next()).isEqualTo(acknowledgement(1, 201));
    }
  }

  @Test
  @DisplayName("C21: no more is read while too many messages wait for their commit")
  void readingStopsWhileIntakeIsFull() throws Exception {
    try (TestOffice office = office(false, Map.of("inFlight", 2))) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      Heard heard = new Heard();
      WebSocket socket = open(office, A, A, heard);
      for (int i = 0; i < 5; i++) {
        byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, i));
        socket.sendBinary(ByteBuffer.wrap(message), true).join();
      }
      await().atMost(SOON).until(() -> office.submitted.size() == 2);
      socket.sendPing(ByteBuffer.wrap("x".getBytes(StandardCharsets.US_ASCII))).join();
      assertThat(heard.pongs.poll(300, TimeUnit.MILLISECONDS)).as("nobody reads it").isNull();
      assertThat(office.submitted).hasSize(2);
      commit.complete(new Outcome.Stored());
      for (int i = 1; i <= 5; i++) {
        assertThat(heard.next()[2]).isEqualTo((byte) 0x18);
      }
      assertThat(heard.pongs.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("x");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("C9, C10: an order goes down the meter's own socket, and its receipt comes up")
  void anOrderAndItsReceipt(boolean tls) throws Exception {
    try (TestOffice office = office(tls)) {
      TestDesk desk = TestDesk.of(A);
      Heard heard = new Heard();
      assertThat(office.channel.reaches(A)).isFalse();
      WebSocket socket = open(office, A, A, heard);
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      CompletableFuture<Receipt> receipt =
          CompletableFuture.supplyAsync(() -> desk.send(office.channel));
      byte[] answer = desk.answer(office.end(A), heard.next());
      socket.sendBinary(ByteBuffer.wrap(answer), true).join();
      desk.confirms(receipt.get(SOON.toSeconds(), TimeUnit.SECONDS));
      assertThat(heard.next()).isEqualTo(acknowledgement(1, 200));
      socket.abort();
      await().atMost(SOON).until(() -> !office.channel.reaches(A));
    }
  }

  @Test
  @DisplayName("C22: meter A has no socket of meter B's and says nothing as it")
  void nobodySpeaksAsAnother() throws Exception {
    try (TestOffice office = office(false)) {
      assertThatThrownBy(() -> open(office, A, B, new Heard()))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(WebSocketHandshakeException.class);
      Heard heard = new Heard();
      WebSocket socket = open(office, A, A, heard);
      byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
      socket.sendBinary(ByteBuffer.wrap(ofB), true).join();
      byte[] refused = heard.next();
      // [1, 403, remedy]
      assertThat(refused).startsWith(0x83, 0x01, 0x19, 0x01, 0x93);
      assertThat(new String(refused, StandardCharsets.US_ASCII)).contains("not genuine");
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  @DisplayName("C39: a message that is too long, or a frame that is none, ends the connection")
  void whatIsTooLongEndsIt() throws Exception {
    try (TestOffice office = office(false)) {
      Heard heard = new Heard();
      WebSocket socket = open(office, A, A, heard);
      socket.sendBinary(ByteBuffer.wrap(new byte[30_000]), true);
      assertThat(heard.closed.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1009);
      Heard text = new Heard();
      open(office, A, A, text).sendText("no text", true);
      assertThat(text.closed.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1003);
      // a frame that announces 2^63 bytes, and one without a mask
      for (byte[] frame :
          List.of(
              new byte[] {(byte) 0x82, -1, 0x7f, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0},
              new byte[] {(byte) 0x82, 1, 0})) {
        try (Socket raw = office.socket()) {
          raw.setSoTimeout((int) SOON.toMillis());
          raw.getOutputStream().write(handshake("/gw/" + A + "/socket", ""));
          assertThat(opened(raw)).startsWith("HTTP/1.1 101 ");
          raw.getOutputStream().write(frame);
          // a close frame, and the end
          assertThat(raw.getInputStream().readAllBytes()).startsWith(0x88);
        }
      }
      assertThat(office.submitted).isEmpty();
    }
  }

  private static String opened(Socket raw) throws Exception {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = raw.getInputStream().read();
      assertThat(next).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }

  @Test
  void whoDoesNotWaitForTheHandshakeIsRefused() throws Exception {
    try (TestOffice office = office(false);
        Socket raw = office.socket()) {
      raw.setSoTimeout((int) SOON.toMillis());
      byte[] handshake = handshake("/gw/" + A + "/socket", "");
      byte[] both = java.util.Arrays.copyOf(handshake, handshake.length + 6);
      both[handshake.length] = (byte) 0x89; // a ping
      both[handshake.length + 1] = (byte) 0x80;
      raw.getOutputStream().write(both);
      assertThat(opened(raw)).startsWith("HTTP/1.1 400 ");
    }
  }

  private static byte[] handshake(String path, String more) {
    return HttpEndpointIT.raw(
        "GET " + path,
        A,
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: "
            + Base64.getEncoder().encodeToString(new byte[16])
            + "\r\n"
            + more);
  }

  @Test
  void aPageInABrowserOpensNone() throws Exception {
    try (TestOffice office = office(false);
        Socket raw = office.socket()) {
      raw.getOutputStream()
          .write(handshake("/gw/" + A + "/socket", "Origin: https://elsewhere.example\r\n"));
      assertThat(new String(raw.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 403 ");
      assertThat(office.channel.reaches(A)).isFalse();
    }
  }

  @Test
  @DisplayName("C40: silence has an end, though it was pinged")
  void silenceHasAnEnd() throws Exception {
    try (TestOffice office = office(false, Map.of("keepAlive", "2s"));
        Socket raw = office.socket()) {
      raw.setSoTimeout((int) SOON.toMillis());
      raw.getOutputStream().write(handshake("/gw/" + A + "/socket", ""));
      byte[] all = raw.getInputStream().readAllBytes();
      assertThat(office.channel.tally().of(Tally.What.TIMED_OUT)).isEqualTo(1);
      // an empty ping: 0x89 0x00
      assertThat(new String(all, StandardCharsets.ISO_8859_1)).contains("\u0089\0");
    }
  }
}
