package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Firmware through the API of a running server, to a meter that checks its command. */
class FirmwareApiIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String FIRST = "heron saddle copper 17";
  private static final String OWN = "walnut ferry meadow 63";
  private static final String METER = "FIRM-1";
  private static final KeyPair KEY = TownChannel.pair();
  private static final KeyPair MAKER = TownChannel.pair();
  private static final byte[] IMAGE = "the new firmware".getBytes(StandardCharsets.UTF_8);

  @TempDir static Path folder;
  private static RunningServer server;
  private static Api admin;
  private static Api olivia;
  private static Api peter;

  @BeforeAll
  static void start() {
    server =
        GridwardenServer.start(
            GridwardenConfig.parse(
                    """
                    console: {port: 0}
                    channels: {town: {}}
                    collection: {enabled: false}
                    logging: {level: warn}
                    """,
                    "test",
                    Map.of())
                .withData(folder.resolve("data")));
    admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    good(admin.logIn("admin", first));
    good(admin.changePassword(first, OWN));
    olivia = person("olivia");
    peter = person("peter");
    String keyId =
        good(post(
                olivia,
                "/operator-keys",
                Map.of(
                    "spki", base64(KEY.getPublic().getEncoded()), "name", "desk", "kind", "file")))
            .get("keyId")
            .asString();
    good(admin.post("/api/v1/operator-keys/" + keyId + "/approve", ""));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Api person(String name) {
    good(
        post(
            admin,
            "/users",
            Map.of("user", name, "password", FIRST, "roles", List.of("operator"))));
    Api api = new Api(server);
    good(api.logIn(name, FIRST));
    good(api.changePassword(FIRST, OWN));
    return api;
  }

  private static HttpResponse<String> post(Api by, String path, Map<String, ?> body) {
    return by.post("/api/v1" + path, Api.JSON.writeValueAsString(body));
  }

  private static JsonNode good(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return answer.body().isEmpty() ? Api.JSON.createObjectNode() : Api.json(answer);
  }

  private static void refused(HttpResponse<String> answer, int status, String why) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static HttpResponse<String> add(byte[] image, byte[] signed) {
    String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    return olivia.send(
        olivia
            .request("/api/v1/firmware/images?signature=" + signature)
            .header("Content-Type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(image)));
  }

  private static void ship() {
    TownChannel.House house = TownChannel.build(METER);
    house.trust(KEY.getPublic());
    byte[] key = HexFormat.of().parseHex("0123456789abcdeffedcba9876543210");
    String wrapped = TestMeter.wrapped(olivia.get("/api/v1/office-key").body(), key);
    byte[] second = HexFormat.of().parseHex("1123456789abcdeffedcba9876543210");
    String other = TestMeter.wrapped(olivia.get("/api/v1/office-key").body(), second);
    String shipment =
        "serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak,feeder,"
            + "receipt_key\n"
            + String.join(
                ",",
                METER,
                "54574E0000000001",
                "street",
                "Gasse 1",
                "Europe/Zurich",
                "authenticated",
                "k1",
                wrapped,
                other,
                "F-1",
                base64(house.key.getPublic().getEncoded()))
            + "\n";
    JsonNode answer =
        good(
            olivia.send(
                olivia
                    .request("/api/v1/meters/import")
                    .header("Content-Type", "text/csv")
                    .POST(BodyPublishers.ofString(shipment))));
    assertThat(answer.get("accepted").asInt()).as(answer.toString()).isEqualTo(1);
  }

  @Test
  @DisplayName("C34: a maker's image goes to a meter as a command that two persons let out")
  void campaign() throws Exception {
    ship();
    FirmwareManifest manifest =
        FirmwareManifest.of(
            "GW-1", FirmwareVersion.parse("2.0.0"), FirmwareVersion.parse("1.0.0"), IMAGE);
    byte[] signed = Signed.sign(Purpose.FIRMWARE, Signer.of(MAKER), manifest.bytes()).bytes();
    refused(add(IMAGE, signed), 409, "no maker's key");
    Map<String, String> maker =
        Map.of("spki", base64(MAKER.getPublic().getEncoded()), "name", "the maker");
    refused(post(olivia, "/firmware/keys", maker), 403, "roles do not allow");
    good(post(admin, "/firmware/keys", maker));
    refused(
        add("another one".getBytes(StandardCharsets.UTF_8), signed), 409, "that was signed has");
    assertThat(good(add(IMAGE, signed)).get("version").asString()).isEqualTo("2.0.0");
    refused(add(IMAGE, signed), 409, "never exchanged");

    Map<String, String> wanted =
        Map.of("model", "GW-1", "version", "2.0.0", "reason", "a security fix");
    refused(post(olivia, "/firmware/campaigns", wanted), 409, "no meter of model GW-1 is known");
    good(
        olivia.call(
            "PUT",
            "/api/v1/meters/" + METER + "/firmware",
            "{\"model\": \"GW-1\", \"version\": \"1.0.0\"}"));
    refused(
        post(
            olivia,
            "/firmware/campaigns",
            Map.of("model", "GW-1", "version", "2.0.0", "reason", "x", "plan", "rings = 5%")),
        400,
        "rings are 2 to 10");
    String id = good(post(olivia, "/firmware/campaigns", wanted)).get("id").asString();
    await().atMost(SOON).untilAsserted(() -> assertThat(report(id).get("unsigned")).hasSize(1));
    String command = report(id).get("unsigned").get(0).asString();
    approveAndSign(command);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(runs().get("version").asString()).isEqualTo("2.0.0"));
    assertThat(runs().get("source").asString()).isEqualTo("its receipt");
    refused(post(olivia, "/firmware/campaigns", wanted), 409, "in another campaign");
    good(post(peter, "/firmware/campaigns/" + id + "/stop", Map.of("reason", "a look first")));
    assertThat(report(id).get("campaign").get("state").asString()).isEqualTo("STOPPED");
    good(post(peter, "/firmware/campaigns/" + id + "/resume", Map.of("reason", "looked")));
    refused(
        post(peter, "/firmware/campaigns/" + id + "/resume", Map.of("reason", "again")),
        409,
        "running already");
  }

  private static JsonNode report(String id) {
    return good(olivia.get("/api/v1/firmware/campaigns/" + id));
  }

  private static JsonNode runs() {
    return good(olivia.get("/api/v1/meters/" + METER + "/firmware"));
  }

  private static void approveAndSign(String command) throws Exception {
    String order = good(olivia.get("/api/v1/commands/" + command)).get("order").asString();
    refused(
        post(olivia, "/commands/" + command + "/approve", Map.of("order", order)),
        403,
        "cannot release it");
    good(post(peter, "/commands/" + command + "/approve", Map.of("order", order)));
    byte[] keyId = Signed.keyId(KEY.getPublic());
    byte[] signature =
        Signer.of(KEY)
            .sign(Signed.toBeSigned(Purpose.ORDER, keyId, Base64.getDecoder().decode(order)));
    good(
        post(
            olivia,
            "/commands/" + command + "/sign",
            Map.of("keyId", HexFormat.of().formatHex(keyId), "signature", base64(signature))));
  }
}
