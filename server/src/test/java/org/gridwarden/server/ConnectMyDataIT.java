package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.MeterId;
import org.gridwarden.server.SharedServer.Who;
import org.gridwarden.store.Store;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** S15: a consumer lets a third party see readings, and takes that back. */
@ExtendWith(SharedServer.Lender.class)
class ConnectMyDataIT {
  private static final byte[] GUEK = "connect-guek!!!!".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] GAK = "connect-gak!!!!!".getBytes(StandardCharsets.US_ASCII);
  private static final String POINT = "Verbindungsweg 1";

  private static SharedServer shared;

  @BeforeAll
  static void start(SharedServer server) {
    shared = server;
  }

  @Test
  @DisplayName(
      "S15 a token opens what its consumer allows, since it is theirs, until they withdraw")
  void consent() throws Exception {
    Api clerk = shared.as(Who.CUSTOMER_SERVICE);
    Api consumer = shared.as(Who.CONSUMER);
    meterWithReadings();
    Instant since = hour().minus(6, ChronoUnit.HOURS);
    assertThat(
            clerk
                .call(
                    "PUT",
                    "/api/v1/users/" + SharedServer.name(Who.CONSUMER) + "/points",
                    json(Map.of("servicePoint", POINT, "since", since.toString())))
                .statusCode())
        .isEqualTo(200);
    JsonNode party =
        Api.json(
            clerk.post(
                "/api/v1/third-parties",
                json(Map.of("name", "Energy Advice", "contact", "it@advice.example"))));
    String client = party.get("clientId").asString();
    String secret = party.get("secret").asString();
    assertThat(clerk.get("/api/v1/third-parties").body()).contains(client).doesNotContain(secret);
    assertThat(consumer.get("/api/v1/third-parties").body())
        .contains("Energy Advice")
        .doesNotContain(client);

    String until = Instant.now().plus(30, ChronoUnit.DAYS).toString();
    Map<String, String> wanted =
        Map.of("thirdParty", "Energy Advice", "servicePoint", POINT, "until", until);
    HttpResponse<String> foreign =
        consumer.post(
            "/api/v1/consents",
            json(
                Map.of(
                    "thirdParty", "Energy Advice", "servicePoint", "Elsewhere 1", "until", until)));
    assertThat(foreign.statusCode()).isEqualTo(404);
    JsonNode given = Api.json(consumer.post("/api/v1/consents", json(wanted)));
    String id = given.at("/consent/id").asString();
    String code = given.get("code").asString();
    assertThat(consumer.get("/api/v1/consents").body()).contains(id).doesNotContain(code);

    assertThat(token(client, "gt_wrong", code).statusCode()).isEqualTo(401);
    HttpResponse<String> exchanged = token(client, secret, code);
    assertThat(exchanged.statusCode()).as(exchanged.body()).isEqualTo(200);
    String token = Api.json(exchanged).get("access_token").asString();
    String resource = Api.json(exchanged).get("resourceURI").asString();
    assertThat(resource).isEqualTo("/espi/1_1/resource/Batch/Subscription/" + id);
    assertThat(token(client, secret, code).statusCode()).as("a code twice").isEqualTo(401);

    HttpResponse<String> feed = ask(resource, token);
    assertThat(feed.statusCode()).as(feed.body()).isEqualTo(200);
    List<Long> starts =
        java.util.regex.Pattern.compile("<start>(\\d+)</start>")
            .matcher(feed.body())
            .results()
            .map(m -> Long.parseLong(m.group(1)))
            .toList();
    // of twelve hours' quarter-hours, those of the six hours that are the consumer's
    assertThat(starts).isNotEmpty().allMatch(s -> s >= since.getEpochSecond());
    assertThat(feed.body()).contains("<title>" + POINT + "</title>");

    assertThat(ask(resource, "ga_wrong").statusCode()).isEqualTo(401);
    assertThat(ask(resource.replace(id, "0"), token).statusCode()).isEqualTo(403);
    // the token opens nothing else, and no session opens this
    assertThat(ask("/api/v1/meters", token).statusCode()).isEqualTo(401);
    assertThat(consumer.get(resource).statusCode()).isEqualTo(401);

    assertThat(consumer.call("DELETE", "/api/v1/consents/" + id, "").statusCode()).isEqualTo(204);
    assertThat(ask(resource, token).statusCode()).as("after withdrawal").isEqualTo(401);
    assertThat(Api.json(consumer.get("/api/v1/consents")).at("/items/0/state").asString())
        .isEqualTo("withdrawn");
    String log = shared.as(Who.AUDITOR).get("/api/v1/audit?size=200").body();
    assertThat(log)
        .contains(
            "third-party.registered", "consent.given", "consent.token-given", "consent.withdrawn")
        .doesNotContain(code, token, secret);
  }

  @Test
  @DisplayName("S15 a token ends with its third party, and with the consumer's service point")
  void endsWithOthers() throws Exception {
    Api clerk = shared.as(Who.CUSTOMER_SERVICE);
    Api consumer = shared.as(Who.CONSUMER);
    meterWithReadings();
    String account = "/api/v1/users/" + SharedServer.name(Who.CONSUMER) + "/points";
    String link = json(Map.of("servicePoint", POINT, "since", "2026-01-01T00:00:00Z"));
    assertThat(clerk.call("PUT", account, link).statusCode()).isEqualTo(200);
    JsonNode party =
        Api.json(
            clerk.post(
                "/api/v1/third-parties", json(Map.of("name", "Second", "contact", "x@y.example"))));
    String until = Instant.now().plus(1, ChronoUnit.DAYS).toString();
    JsonNode given =
        Api.json(
            consumer.post(
                "/api/v1/consents",
                json(Map.of("thirdParty", "Second", "servicePoint", POINT, "until", until))));
    JsonNode exchanged =
        Api.json(
            token(
                party.get("clientId").asString(),
                party.get("secret").asString(),
                given.get("code").asString()));
    String token = exchanged.get("access_token").asString();
    String resource = exchanged.get("resourceURI").asString();
    assertThat(ask(resource, token).statusCode()).isEqualTo(200);

    String unlink = account + "?servicePoint=" + POINT.replace(" ", "%20");
    assertThat(clerk.call("DELETE", unlink, "").statusCode()).isEqualTo(204);
    assertThat(ask(resource, token).statusCode()).as("moved out").isEqualTo(401);
    assertThat(clerk.call("PUT", account, link).statusCode()).isEqualTo(200);
    assertThat(ask(resource, token).statusCode()).isEqualTo(200);
    assertThat(clerk.call("DELETE", "/api/v1/third-parties/Second", "").statusCode())
        .isEqualTo(204);
    assertThat(ask(resource, token).statusCode()).as("third party revoked").isEqualTo(401);
    assertThat(clerk.call("DELETE", unlink, "").statusCode()).isEqualTo(204);
  }

  private static Instant hour() {
    return Instant.now().truncatedTo(ChronoUnit.HOURS);
  }

  private static void meterWithReadings() throws Exception {
    byte[] title = {'C', 'M', 'D', 0, 0, 0, 0, 1};
    TestMeter meter = new TestMeter("CMD0000001", title, GUEK, GAK);
    Api operator = shared.as(Who.OPERATOR);
    String shipment =
        meter.shipment(operator.get("/api/v1/office-key").body()).replace("Testweg 1", "");
    assertThat(operator.post("/api/v1/meters/import", shipment).statusCode()).isEqualTo(200);
    Store store = shared.server().store();
    store.meters().put(store.meters().byId(new MeterId("CMD0000001")).orElseThrow(), POINT);
    // it has been there for longer than its readings go back
    try (var c = store.dataSource().getConnection();
        var s =
            c.prepareStatement(
                "UPDATE service_point_term SET since = '2026-01-01' WHERE service_point = ?")) {
      s.setString(1, POINT);
      s.executeUpdate();
    }
    StringBuilder text = new StringBuilder("meter,start,kwh\n");
    for (int i = 48; i > 0; i--) {
      text.append("CMD0000001,").append(hour().minusSeconds(900L * i)).append(",0.25\n");
    }
    HttpResponse<String> taken =
        operator.send(
            operator
                .request("/api/v1/imports?file=c.csv")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(text.toString())));
    assertThat(Api.json(taken).get("stored").asBoolean()).as(taken.body()).isTrue();
  }

  private static HttpResponse<String> token(String client, String secret, String code) {
    Api nobody = shared.anew(Who.NOBODY);
    String basic =
        Base64.getEncoder()
            .encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
    return nobody.send(
        nobody
            .request("/espi/1_1/oauth/token")
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("grant_type=authorization_code&code=" + code)));
  }

  private static HttpResponse<String> ask(String path, String token) {
    Api nobody = shared.anew(Who.NOBODY);
    return nobody.send(nobody.request(path).header("Authorization", "Bearer " + token).GET());
  }

  private static String json(Map<String, String> body) {
    return Api.JSON.writeValueAsString(body);
  }
}
