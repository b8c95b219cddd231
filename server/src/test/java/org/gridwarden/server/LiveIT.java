package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.gridwarden.server.SharedServer.Who;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** S31: the live stream over a WebSocket, fed by pushes that come in over the network. */
@ExtendWith(SharedServer.Lender.class)
class LiveIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final TestMeter METER = new TestMeter("LIV0000001", title(1), key(1), key(101));
  private static final TestMeter OTHER = new TestMeter("LIV0000002", title(2), key(2), key(102));

  private static SharedServer shared;
  private static String origin = "";

  @BeforeAll
  static void start(SharedServer server) {
    shared = server;
    URI url = server.server().url();
    origin = url.getScheme() + "://" + url.getAuthority();
    METER.importBy(server.as(Who.OPERATOR));
    OTHER.importBy(server.as(Who.OPERATOR));
  }

  private static byte[] title(int n) {
    return new byte[] {'L', 'I', 'V', 0, 0, 0, 0, (byte) n};
  }

  private static byte[] key(int first) {
    byte[] key = new byte[16];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (first + i);
    }
    return key;
  }

  /** Collects what the stream tells. */
  private static final class Watcher implements WebSocket.Listener {
    final List<JsonNode> events = new CopyOnWriteArrayList<>();
    volatile int closed;
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        Api.JSON.readTree(text.toString()).get("events").forEach(events::add);
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed = status;
      return null;
    }

    Optional<JsonNode> of(String type, TestMeter meter) {
      return events.stream()
          .filter(e -> e.get("type").asString().equals(type))
          .filter(e -> e.get("meter").asString().equals(meter.serial()))
          .findFirst();
    }
  }

  private static WebSocket open(Api api, String query, String from, Watcher watcher) {
    WebSocket.Builder builder = api.client().newWebSocketBuilder().connectTimeout(SOON);
    if (!from.isEmpty()) {
      builder.header("Origin", from);
    }
    URI url =
        URI.create(
            shared.server().url().toString().replaceFirst("^http", "ws") + "api/v1/live" + query);
    return builder.buildAsync(url, watcher).join();
  }

  private static int refused(Api api, String from) {
    try {
      open(api, "", from, new Watcher()).abort();
      return 101;
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  @Test
  void onlyThoseWhoAreLoggedInMayWatch() {
    assertThat(refused(shared.as(Who.NOBODY), origin)).isEqualTo(401);
    assertThat(refused(new Api(shared.server()).withToken("0".repeat(64)), origin)).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://elsewhere.example", "null", "http://localhost", "https://localhost"})
  void aPageOfAnotherOriginMayNot(String foreign) {
    assertThat(refused(shared.as(Who.VIEWER), foreign)).isEqualTo(403);
  }

  @Test
  void whatIsStoredArrivesAndOfOneMeterOnlyWhereThatIsAsked() throws Exception {
    Watcher all = new Watcher();
    Watcher one = new Watcher();
    Instant end = Instant.ofEpochSecond(Instant.now().getEpochSecond() / 900 * 900);
    WebSocket first = open(shared.as(Who.VIEWER), "", origin, all);
    WebSocket second = open(shared.as(Who.AUDITOR), "?meter=LIV0000001", origin, one);
    METER.push(shared.server(), TestMeter.energy(end, 4_711), 1);
    OTHER.push(shared.server(), TestMeter.energy(end, 815), 1);
    METER.push(shared.server(), TestMeter.event(end, 1), 2);

    await().atMost(SOON).until(() -> all.of("slot", METER).isPresent());
    JsonNode slot = all.of("slot", METER).orElseThrow();
    assertThat(slot.get("channel").asString()).isEqualTo("1.0.1.29.0.255");
    assertThat(slot.get("start").asString()).isEqualTo(end.minusSeconds(900).toString());
    assertThat(slot.get("value").asString()).isEqualTo("4711");
    assertThat(slot.get("unit").asString()).isEqualTo("Wh");
    // it was told after it was stored: the range holds it
    String range =
        "/api/v1/meters/LIV0000001/readings?channel=1.0.1.29.0.255&from="
            + end.minusSeconds(900)
            + "&to="
            + end;
    assertThat(Api.json(shared.as(Who.VIEWER).get(range)).get("slots").get(0).get("value"))
        .isEqualTo(slot.get("value"));

    await().atMost(SOON).until(() -> all.of("slot", OTHER).isPresent());
    await().atMost(SOON).until(() -> one.of("warning", METER).isPresent());
    JsonNode warning = one.of("warning", METER).orElseThrow();
    String events = shared.as(Who.VIEWER).get("/api/v1/meters/LIV0000001/events").body();
    assertThat(events).contains(warning.get("id").asString(), warning.get("code").asString());
    assertThat(one.of("slot", METER)).isPresent();
    assertThat(one.events).allMatch(e -> e.get("meter").asString().equals("LIV0000001"));
    first.abort();
    second.abort();
  }

  @Test
  @DisplayName("C28 a stream ends with the session that opened it")
  void logOutEndsIt() {
    Api api = shared.anew(Who.VIEWER);
    Watcher watcher = new Watcher();
    open(api, "", origin, watcher);
    assertThat(api.call("DELETE", "/api/v1/session", "").statusCode()).isEqualTo(204);
    await().atMost(SOON).until(() -> watcher.closed != 0);
    assertThat(watcher.closed).isEqualTo(1008);
  }

  @Test
  void itOnlyTalks() {
    Watcher watcher = new Watcher();
    WebSocket socket = open(shared.as(Who.VIEWER), "", origin, watcher);
    socket.sendText("hello", true).join();
    await().atMost(SOON).until(() -> watcher.closed != 0);
    Watcher bytes = new Watcher();
    open(shared.as(Who.VIEWER), "", origin, bytes)
        .sendBinary(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)), true)
        .join();
    await().atMost(SOON).until(() -> bytes.closed != 0);
  }
}
