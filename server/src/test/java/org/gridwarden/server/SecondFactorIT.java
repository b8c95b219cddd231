package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Secret;
import org.gridwarden.security.access.Totp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A second factor's life, against a server that asks operators for one. */
class SecondFactorIT {
  private static final String OWN = "walnut ferry meadow 63";

  @TempDir static Path folder;
  private static RunningServer server;
  private static Api admin;

  @BeforeAll
  static void start() {
    server =
        GridwardenServer.start(
            GridwardenConfig.parse(
                    """
                    console: {port: 0, sessions: 3, secondFactor: operator}
                    channels: {dlms: {plaintext: allowed, tcp: {bind: 127.0.0.1, port: 0}, udp: {bind: 127.0.0.1, port: 0}}}
                    collection: {enabled: false}
                    logging: {level: error}
                    """,
                    "test",
                    Map.of())
                .withData(folder.resolve("data")));
    admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    admin.logIn("admin", first);
    assertThat(admin.changePassword(first, OWN).statusCode()).isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Api person(String name, String role) {
    String first = "first " + OWN;
    String body =
        Api.JSON.writeValueAsString(
            Map.of("user", name, "roles", List.of(role), "password", first));
    assertThat(admin.post("/api/v1/users", body).statusCode()).isEqualTo(201);
    Api api = new Api(server);
    api.logIn(name, first);
    assertThat(api.changePassword(first, OWN).statusCode()).isEqualTo(200);
    return api;
  }

  private static HttpResponse<String> logIn(Api api, String name, String code) {
    return api.logIn(Map.of("user", name, "password", OWN, "code", code));
  }

  /** The secret as an authenticator reads it from its letters. */
  static Secret secret(String base32) {
    byte[] bytes = new byte[base32.length() * 5 / 8];
    int held = 0;
    int bits = 0;
    int at = 0;
    for (char letter : base32.toCharArray()) {
      held = held << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter);
      bits += 5;
      if (bits >= 8) {
        bytes[at++] = (byte) (held >> bits - 8);
        bits -= 8;
      }
    }
    return new Secret(bytes);
  }

  private static String code(Secret secret, int stepsOff) {
    return Totp.code(secret, Totp.step(Instant.now()) + stepsOff);
  }

  private static String json(String code) {
    return Api.JSON.writeValueAsString(Map.of("code", code));
  }

  @Test
  @DisplayName(
      "C29 who must have a second factor gets one first; a code opens once, a recovery code, too")
  void life() {
    Api olivia = person("olivia", "operator");
    assertThat(Api.json(olivia.get("/api/v1/session")).get("mustEnrol").asBoolean()).isTrue();
    HttpResponse<String> refused = olivia.get("/api/v1/meters");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(Api.json(refused).get("where").asString()).isEqualTo("second factor");
    Api elsewhere = new Api(server);
    assertThat(elsewhere.logIn("olivia", OWN).statusCode()).isEqualTo(200);

    JsonNode begun = Api.json(olivia.post("/api/v1/session/factor", ""));
    String letters = begun.get("secret").asString();
    assertThat(begun.get("uri").asString())
        .isEqualTo(
            "otpauth://totp/Gridwarden:olivia?secret="
                + letters
                + "&issuer=Gridwarden&algorithm=SHA1&digits=6&period=30");
    assertThat(begun.get("qr").asString()).startsWith("<svg ").doesNotContain("style");
    Secret secret = secret(letters);
    assertThat(olivia.post("/api/v1/session/factor/confirm", json("000000")).statusCode())
        .isEqualTo(403);
    assertThat(olivia.get("/api/v1/meters").statusCode()).as("begun is not had").isEqualTo(403);
    HttpResponse<String> confirmed =
        olivia.post("/api/v1/session/factor/confirm", json(code(secret, 0)));
    assertThat(confirmed.statusCode()).as(confirmed.body()).isEqualTo(200);
    olivia.take(Api.json(confirmed).get("session"));
    assertThat(olivia.get("/api/v1/meters").statusCode()).isEqualTo(200);
    assertThat(elsewhere.get("/api/v1/session").statusCode()).as("others ended").isEqualTo(401);

    Api again = new Api(server);
    HttpResponse<String> asked = again.logIn("olivia", OWN);
    assertThat(asked.statusCode()).isEqualTo(401);
    assertThat(Api.json(asked).get("where").asString()).isEqualTo("code");
    assertThat(logIn(again, "olivia", code(secret, 5)).statusCode()).isEqualTo(401);
    String next = code(secret, 1);
    assertThat(logIn(again, "olivia", next).statusCode()).isEqualTo(200);
    assertThat(logIn(new Api(server), "olivia", next).statusCode()).as("again").isEqualTo(401);

    List<String> spare =
        Api.json(confirmed).get("recoveryCodes").valueStream().map(JsonNode::asString).toList();
    assertThat(spare).hasSize(10).doesNotHaveDuplicates();
    assertThat(logIn(new Api(server), "olivia", spare.get(3)).statusCode()).isEqualTo(200);
    assertThat(logIn(new Api(server), "olivia", spare.get(3)).statusCode()).isEqualTo(401);
    JsonNode stands = Api.json(again.get("/api/v1/session/factor"));
    assertThat(stands.get("on").asBoolean()).isTrue();
    assertThat(stands.get("recoveryCodes").asInt()).isEqualTo(9);
    assertThat(again.call("DELETE", "/api/v1/session/factor", json(spare.get(4))).statusCode())
        .as("her role must have one")
        .isEqualTo(403);

    assertThat(admin.call("DELETE", "/api/v1/users/olivia/factor", "").statusCode()).isEqualTo(204);
    assertThat(again.get("/api/v1/meters").statusCode()).isEqualTo(401);
    Api anew = new Api(server);
    assertThat(Api.json(anew.logIn("olivia", OWN)).get("mustEnrol").asBoolean()).isTrue();
  }

  @Test
  @DisplayName(
      "C29 one sees where one is logged in, ends it, and has no more sessions than allowed")
  void sessions() {
    Api here = person("vera", "viewer");
    Api second = new Api(server);
    Api third = new Api(server);
    assertThat(second.logIn("vera", OWN).statusCode()).isEqualTo(200);
    assertThat(third.logIn("vera", OWN).statusCode()).isEqualTo(200);
    JsonNode items = Api.json(here.get("/api/v1/sessions")).get("items");
    assertThat(items.size()).isEqualTo(3);
    assertThat(items.valueStream().filter(s -> s.get("here").asBoolean())).hasSize(1);
    Api fourth = new Api(server);
    assertThat(fourth.logIn("vera", OWN).statusCode()).isEqualTo(200);
    assertThat(second.get("/api/v1/session").statusCode()).as("the longest silent").isEqualTo(401);
    String other =
        Api.json(here.get("/api/v1/sessions"))
            .get("items")
            .valueStream()
            .filter(s -> !s.get("here").asBoolean())
            .findFirst()
            .orElseThrow()
            .get("id")
            .asString();
    assertThat(admin.call("DELETE", "/api/v1/sessions/" + other, "").statusCode())
        .as("another's")
        .isEqualTo(404);
    assertThat(here.call("DELETE", "/api/v1/sessions/" + other, "").statusCode()).isEqualTo(204);
    assertThat(Api.json(here.get("/api/v1/sessions")).get("items").size()).isEqualTo(2);
  }

  @Test
  @DisplayName("C28 a role that the office made opens what it may, and is taken away at once")
  void roleOfTheOffice() {
    String role = "{\"permissions\":[\"VIEW\",\"READ_HEALTH\"],\"note\":\"night shift\"}";
    assertThat(admin.call("PUT", "/api/v1/roles/night-shift", role).statusCode()).isEqualTo(200);
    Api nina = person("nina", "night-shift");
    assertThat(nina.get("/api/v1/health").statusCode()).isEqualTo(200);
    assertThat(admin.call("DELETE", "/api/v1/roles/NIGHT_SHIFT", "").statusCode()).isEqualTo(409);
    String less = "{\"permissions\":[\"VIEW\"]}";
    assertThat(admin.call("PUT", "/api/v1/roles/night-shift", less).statusCode()).isEqualTo(200);
    assertThat(nina.get("/api/v1/health").statusCode()).isEqualTo(403);
    assertThat(nina.get("/api/v1/meters").statusCode()).isEqualTo(200);
    String clash = "{\"permissions\":[\"COMMAND\",\"MANAGE_USERS\"]}";
    HttpResponse<String> refused = admin.call("PUT", "/api/v1/roles/both", clash);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("give them to two people");
  }
}
