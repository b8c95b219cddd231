package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.gridwarden.server.SharedServer.Who;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What a consumer sees of meters: those of the own service point, since it is theirs. */
@ExtendWith(SharedServer.Lender.class)
class OwnMetersIT {
  private static final byte[] GUEK =
      "own-meters-guek!".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final byte[] GAK =
      "own-meters-gak!!".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private static SharedServer shared;

  @BeforeAll
  static void start(SharedServer server) {
    shared = server;
  }

  @Test
  @DisplayName("C28 a consumer sees the meters of their own account only, from its beginning on")
  void ownAlone() throws Exception {
    TestMeter mine = meter("OWN0000001", (byte) 1);
    TestMeter yours = meter("OWN0000002", (byte) 2);
    Instant slot = Instant.ofEpochSecond(Instant.now().getEpochSecond() / 900 * 900);
    mine.push(shared.server(), TestMeter.energy(slot, 7), 1);
    Api clerk = shared.as(Who.CUSTOMER_SERVICE);
    Api viewer = shared.as(Who.VIEWER);
    Api consumer = shared.as(Who.CONSUMER);
    String point =
        Api.json(viewer.get("/api/v1/meters/" + mine.serial())).get("servicePoint").asString();
    assertThat(point).isNotEmpty();
    String other =
        Api.json(viewer.get("/api/v1/meters/" + yours.serial())).get("servicePoint").asString();
    assertThat(other).isNotEqualTo(point);

    assertThat(items(consumer)).isEmpty();
    assertThat(consumer.get(channels(mine)).statusCode()).isEqualTo(404);
    String account = "/api/v1/users/" + SharedServer.name(Who.CONSUMER) + "/points";
    String since = link(point, slot.minusSeconds(86_400));
    assertThat(clerk.call("PUT", account, since).statusCode()).isEqualTo(200);

    List<JsonNode> seen = items(consumer);
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().get("id").asString()).isEqualTo(mine.serial());
    assertThat(seen.getFirst().get("systemTitle").asString()).isEmpty();
    HttpResponse<String> csv =
        consumer.send(consumer.request("/api/v1/meters").header("Accept", "text/csv").GET());
    assertThat(csv.body()).contains(mine.serial()).doesNotContain(yours.serial());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> consumer.get(channels(mine)).body().contains("obis"));
    for (String path : List.of(channels(yours), readings(yours, ""), channels(yours) + "/")) {
      assertThat(consumer.get(path).statusCode()).as(path).isIn(403, 404);
    }
    for (String path :
        List.of(
            "/api/v1/meters/" + mine.serial(),
            "/api/v1/meters/" + mine.serial() + "/events",
            "/api/v1/events",
            "/api/v1/alarms",
            "/api/v1/commands",
            "/api/v1/state",
            "/api/v1/live")) {
      assertThat(consumer.get(path).statusCode()).as(path).isEqualTo(403);
    }
    String before =
        "&from=" + slot.minusSeconds(10 * 86_400) + "&to=" + slot.minusSeconds(2 * 86_400);
    assertThat(consumer.get(readings(mine, before)).statusCode())
        .as("who lived there before")
        .isEqualTo(403);
    assertThat(viewer.get(readings(mine, before)).statusCode()).isEqualTo(200);
    assertThat(consumer.get(readings(mine, "")).statusCode()).isEqualTo(200);

    // who moved in a moment ago sees nothing of before, though the range begins earlier
    String now = link(point, slot.plusSeconds(1));
    assertThat(clerk.call("PUT", account, now).statusCode()).isEqualTo(200);
    JsonNode left =
        Api.json(
            consumer.get(
                readings(
                    mine, "&from=" + slot.minusSeconds(86_400) + "&to=" + slot.plusSeconds(900))));
    assertThat(left.get("slots").size()).isZero();
    assertThat(
            clerk
                .call("DELETE", account + "?servicePoint=" + point.replace(" ", "%20"), "")
                .statusCode())
        .isEqualTo(204);
    assertThat(consumer.get(channels(mine)).statusCode()).isEqualTo(404);
    assertThat(items(consumer)).isEmpty();
  }

  private static TestMeter meter(String serial, byte number) throws Exception {
    byte[] title = {'O', 'W', 'N', 0, 0, 0, 0, number};
    TestMeter meter = new TestMeter(serial, title, GUEK, GAK);
    Api operator = shared.as(Who.OPERATOR);
    // each at a service point of its own
    String shipment =
        meter
            .shipment(operator.get("/api/v1/office-key").body())
            .replace("Testweg 1", "Eigenweg " + number);
    HttpResponse<String> taken = operator.post("/api/v1/meters/import", shipment);
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    assertThat(Api.json(taken).get("stored").asBoolean()).as(taken.body()).isTrue();
    return meter;
  }

  private static String link(String point, Instant since) {
    return Api.JSON.writeValueAsString(
        java.util.Map.of("servicePoint", point, "since", since.toString()));
  }

  private static List<JsonNode> items(Api api) {
    return Api.json(api.get("/api/v1/meters")).get("items").valueStream().toList();
  }

  private static String channels(TestMeter meter) {
    return "/api/v1/meters/" + meter.serial() + "/channels";
  }

  private static String readings(TestMeter meter, String range) {
    return "/api/v1/meters/" + meter.serial() + "/readings?channel=1.0.1.29.0.255" + range;
  }
}
