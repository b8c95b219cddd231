package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.server.TownChannel.House;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Commands through the API of a running server, by people, to meters that check them. */
class CommandApiIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String FIRST = "heron saddle copper 17";
  private static final String OWN = "walnut ferry meadow 63";
  private static final KeyPair KEY = TownChannel.pair();

  @TempDir static Path folder;
  private static RunningServer server;
  private static Api admin;
  private static Api olivia;
  private static Api peter;
  private static Api audrey;
  private static int built;

  @BeforeAll
  static void start() {
    server = GridwardenServer.start(config());
    admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    good(admin.logIn("admin", first));
    good(admin.changePassword(first, OWN));
    olivia = person("olivia", "operator");
    peter = person("peter", "operator");
    audrey = person("audrey", "auditor");
    String keyId = ask(olivia, KEY);
    good(admin.post("/api/v1/operator-keys/" + keyId + "/approve", ""));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void policyOfBefore() {
    setPolicy("perWindow = 1000\nperFeeder = 1000\nperUser = 1000\nspacing = PT0S");
  }

  private static GridwardenConfig config() {
    return GridwardenConfig.parse(
            """
            console: {port: 0}
            channels: {town: {}}
            collection: {enabled: false}
            logging: {level: warn}
            """,
            "test",
            Map.of())
        .withData(folder.resolve("data"));
  }

  private static Api person(String name, String role) {
    good(
        admin.post(
            "/api/v1/users",
            json(Map.of("user", name, "password", FIRST, "roles", List.of(role)))));
    Api api = new Api(server);
    good(api.logIn(name, FIRST));
    good(api.changePassword(FIRST, OWN));
    return api;
  }

  private static String json(Map<String, ?> fields) {
    return Api.JSON.writeValueAsString(fields);
  }

  private static JsonNode good(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return answer.body().isEmpty() ? Api.JSON.createObjectNode() : Api.json(answer);
  }

  private static void refused(HttpResponse<String> answer, int status, String why) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  private static String ask(Api api, KeyPair key) {
    return good(api.post(
            "/api/v1/operator-keys",
            json(
                Map.of(
                    "spki", base64(key.getPublic().getEncoded()),
                    "name", "desk",
                    "kind", "file"))))
        .get("keyId")
        .asString();
  }

  private static void setPolicy(String content) {
    int version =
        good(olivia.post(
                "/api/v1/command-policy", json(Map.of("content", content, "reason", "a test"))))
            .get("version")
            .asInt();
    good(peter.post("/api/v1/command-policy/" + version + "/approve", ""));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** A house whose meter the office knows. */
  private record Known(String meter, House house) {}

  private static Known meter() {
    return meter("F-1");
  }

  private static Known meter(String feeder) {
    String name = "TOWN-" + ++built;
    House house = TownChannel.build(name);
    house.trust(KEY.getPublic());
    String shipment =
        "serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak,feeder,"
            + "receipt_key\n"
            + String.join(
                ",",
                name,
                HexFormat.of().formatHex(new byte[] {'T', 'W', 'N', 0, 0, 0, 0, (byte) built}),
                "street",
                "Gasse " + built,
                "Europe/Zurich",
                "authenticated",
                "k1",
                wrapped(),
                wrapped(),
                feeder,
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
    return new Known(name, house);
  }

  private static String wrapped() {
    byte[] key = new byte[16];
    key[0] = (byte) built;
    key[1] = 77;
    for (int i = 2; i < key.length; i++) {
      key[i] = (byte) (i * 13 + built);
    }
    return TestMeter.wrapped(olivia.get("/api/v1/office-key").body(), key);
  }

  private static JsonNode draft(Api by, Known meter, String action) {
    return good(by.post(
            "/api/v1/commands",
            json(Map.of("meter", meter.meter(), "action", action, "reason", "unpaid"))))
        .get("items")
        .get(0);
  }

  private static JsonNode command(String id) {
    return good(olivia.get("/api/v1/commands/" + id));
  }

  private static HttpResponse<String> sign(Api by, String id, KeyPair key) throws CommandException {
    byte[] keyId = Signed.keyId(key.getPublic());
    byte[] order = Base64.getDecoder().decode(command(id).get("order").asString());
    byte[] signature = Signer.of(key).sign(Signed.toBeSigned(Purpose.ORDER, keyId, order));
    return by.post(
        "/api/v1/commands/" + id + "/sign",
        json(
            Map.of(
                "keyId", HexFormat.of().formatHex(keyId),
                "signature", base64(signature))));
  }

  private static void becomes(String id, String state) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(command(id).get("state").asString()).isEqualTo(state));
  }

  private static List<String> states(JsonNode command) {
    List<String> states = new ArrayList<>();
    command.get("steps").forEach(step -> states.add(step.get("state").asString()));
    return states;
  }

  @Test
  @DisplayName("C9: one drafts, another releases, the first signs; the meter's receipt comes back")
  void twoPersons() throws CommandException {
    setPolicy("perWindow = 0");
    Known meter = meter();
    List<JsonNode> heard = new CopyOnWriteArrayList<>();
    JsonNode drafted;
    try (var _ = LiveWatch.open(server, olivia, heard)) {
      drafted = draft(olivia, meter, "disconnect");
      String id = drafted.get("id").asString();
      assertThat(drafted.get("verdict").asString()).isEqualTo("quarantine");
      assertThat(drafted.get("words").asString())
          .isEqualTo(
              "Disconnects "
                  + meter.meter()
                  + ": its consumer has no power until the meter is connected again.");
      refused(sign(olivia, id, KEY), 409, "quarantined");
      String order = command(id).get("order").asString();
      good(peter.post("/api/v1/commands/" + id + "/approve", json(Map.of("order", order))));
      assertThat(command(id).get("releasedBy").asString()).isEqualTo("peter");
      good(sign(olivia, id, KEY));
      becomes(id, "CONFIRMED");
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(heard.stream().map(e -> e.get("state").asString()))
                  .contains("QUARANTINED", "RELEASED", "QUEUED", "SENT", "CONFIRMED"));
    }
    JsonNode done = command(drafted.get("id").asString());
    assertThat(meter.house().connected).isFalse();
    assertThat(meter.house().acts.get()).isEqualTo(1);
    assertThat(done.at("/receipt/signed").asBoolean()).isTrue();
    assertThat(done.at("/receipt/outcome").asString()).isEqualTo("CONFIRMED");
    assertThat(done.at("/receipt/detail").asString()).isEqualTo("disconnected");
    assertThat(done.get("feeder").asString()).isEqualTo("F-1");
    assertThat(done.get("gate").isNull()).isTrue();
    assertThat(states(done))
        .containsExactly(
            "DRAFTED", "QUARANTINED", "RELEASED", "SIGNED", "QUEUED", "SENT", "CONFIRMED");
    assertThat(done.at("/steps/6/actorKind").asString()).isEqualTo("METER");
  }

  @Test
  @DisplayName("C12: nobody releases what they drafted, nor an order that they did not look at")
  void selfApproval() {
    setPolicy("perWindow = 0");
    Known meter = meter();
    String id = draft(olivia, meter, "disconnect").get("id").asString();
    String other = draft(olivia, meter, "connect").get("order").asString();
    String order = command(id).get("order").asString();
    String path = "/api/v1/commands/" + id + "/approve";
    refused(olivia.post(path, json(Map.of("order", order))), 403, "ask somebody else");
    refused(peter.post(path, json(Map.of("order", other))), 409, "look again");
    refused(admin.post(path, json(Map.of("order", order))), 403, "roles");
    refused(audrey.post(path, json(Map.of("order", order))), 403, "roles");
    good(
        peter.post(
            "/api/v1/commands/" + id + "/refuse", json(Map.of("reason", "the bill is paid"))));
    refused(peter.post(path, json(Map.of("order", order))), 409, "refused already");
    assertThat(command(id).get("why").asString()).isEqualTo("the bill is paid");
    assertThat(meter.house().acts.get()).isZero();
  }

  @Test
  @DisplayName("C13: a threshold changes by two persons; who proposed it does not decide")
  void policyByTwo() {
    int version =
        good(olivia.post(
                "/api/v1/command-policy",
                json(Map.of("content", "perFeeder = 500", "reason", "a storm"))))
            .get("version")
            .asInt();
    String path = "/api/v1/command-policy/" + version;
    refused(olivia.post(path + "/approve", ""), 403, "ask somebody else");
    refused(olivia.post(path + "/refuse", ""), 403, "ask somebody else");
    refused(admin.post(path + "/approve", ""), 403, "roles");
    JsonNode open = good(audrey.get("/api/v1/command-policy"));
    assertThat(open.at("/inForce/content").asString()).contains("perFeeder = 1000");
    assertThat(open.at("/proposals/0/version").asInt()).isEqualTo(version);
    assertThat(open.at("/proposals/0/content").asString())
        .as("whole, with what the proposal does not name")
        .contains("perFeeder = 500", "perWindow = 100\n");
    good(peter.post(path + "/approve", ""));
    JsonNode now = good(olivia.get("/api/v1/command-policy"));
    assertThat(now.at("/inForce/version").asInt()).isEqualTo(version);
    assertThat(now.at("/inForce/decidedBy").asString()).isEqualTo("peter");
    refused(peter.post(path + "/refuse", ""), 409, "no such open proposal");
    refused(
        olivia.post(
            "/api/v1/command-policy", json(Map.of("content", "perFeedr = 1", "reason", "x"))),
        400,
        "no part of a policy");
  }

  @Test
  @DisplayName("a dry run says what would become of each, one after the other, and changes nothing")
  void dryRun() {
    setPolicy("perFeeder = 2\nspacing = PT30S");
    List<String> meters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      meters.add(meter("F-dry").meter());
    }
    good(
        olivia.call(
            "PUT",
            "/api/v1/meters/" + meters.get(1) + "/protection",
            json(Map.of("reason", "ventilator"))));
    assertThat(good(olivia.get("/api/v1/meters/" + meters.get(1))).at("/protection/by").asString())
        .isEqualTo("olivia");
    long commands = good(olivia.get("/api/v1/commands")).get("total").asLong();
    long entries = good(audrey.get("/api/v1/audit?size=1")).at("/items/0/id").asLong();
    Map<String, Object> wanted = new HashMap<>();
    wanted.put("meters", meters);
    wanted.put("action", "limit-load");
    wanted.put("parameters", Map.of("watts", 2_300, "lasting", "PT2H"));
    wanted.put("dryRun", true);
    HttpResponse<String> answer = olivia.post("/api/v1/commands", json(wanted));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode would = Api.json(answer);
    List<String> verdicts = new ArrayList<>();
    would.get("items").forEach(item -> verdicts.add(item.get("verdict").asString()));
    assertThat(would.get("counts").toString())
        .isEqualTo("{\"release\":2,\"quarantine\":1,\"refuse\":1}");
    assertThat(verdicts).containsExactly("release", "refuse", "release", "quarantine");
    assertThat(would.at("/items/0/words").asString()).endsWith("to 2300 W for 2 h.");
    assertThat(would.at("/items/1/why").asString()).contains("ventilator");
    assertThat(would.at("/items/0/id").isNull()).isTrue();
    assertThat(good(olivia.get("/api/v1/commands")).get("total").asLong()).isEqualTo(commands);
    assertThat(good(audrey.get("/api/v1/audit?size=1")).at("/items/0/id").asLong())
        .isEqualTo(entries);

    wanted.put("dryRun", false);
    wanted.put("reason", "a storm");
    JsonNode made = good(olivia.post("/api/v1/commands", json(wanted)));
    List<String> came = new ArrayList<>();
    made.get("items").forEach(item -> came.add(item.get("verdict").asString()));
    assertThat(came).as("as the dry run said").isEqualTo(verdicts);
  }

  @Test
  @DisplayName("C16: a protected customer is told apart from all others, until somebody ends it")
  void protection() {
    Known meter = meter();
    String path = "/api/v1/meters/" + meter.meter() + "/protection";
    refused(olivia.call("PUT", path, "{}"), 400, "reason");
    refused(admin.call("PUT", path, json(Map.of("reason", "x"))), 403, "roles");
    good(olivia.call("PUT", path, json(Map.of("reason", "dialysis"))));
    JsonNode refused = draft(peter, meter, "disconnect");
    assertThat(refused.get("state").asString()).isEqualTo("REFUSED");
    assertThat(refused.get("why").asString()).contains("dialysis");
    refused(olivia.call("POST", path + "/lift/release", ""), 409, "nobody asks");
    JsonNode asked = good(olivia.post(path + "/lift", json(Map.of("reason", "moved away"))));
    assertThat(asked.at("/lift/askedBy").asString()).isEqualTo("olivia");
    refused(olivia.post(path + "/lift/release", ""), 403, "cannot decide");
    assertThat(good(olivia.get("/api/v1/protections")).at("/items/0/meter").asString())
        .as("those that are asked to end come first")
        .isEqualTo(meter.meter());
    assertThat(draft(peter, meter, "disconnect").get("state").asString()).isEqualTo("REFUSED");
    good(peter.post(path + "/lift/release", ""));
    refused(olivia.post(path + "/lift", json(Map.of("reason", "again"))), 409, "not protected");
    assertThat(draft(peter, meter, "disconnect").get("state").asString()).isEqualTo("RELEASED");
  }

  @Test
  @DisplayName("C12: many commands are released in one request, each with its own outcome")
  void manyApproved() {
    List<Map<String, String>> seen = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Known meter = meter();
      good(
          olivia.call(
              "PUT",
              "/api/v1/meters/" + meter.meter() + "/protection",
              json(Map.of("reason", "dialysis"))));
      JsonNode refused = draft(olivia, meter, "disconnect");
      ids.add(refused.get("id").asString());
      seen.add(Map.of("id", ids.getLast(), "order", refused.get("order").asString()));
    }
    JsonNode outcomes =
        good(peter.post("/api/v1/commands/approve", json(Map.of("items", seen)))).get("items");
    assertThat(outcomes).hasSize(3);
    assertThat(outcomes)
        .allSatisfy(o -> {
          assertThat(o.get("state").isNull()).isTrue();
          assertThat(o.get("code").asString()).isEqualTo("CONFLICT");
          assertThat(o.get("why").asString()).contains("refused already");
        });
    JsonNode again =
        good(peter.post("/api/v1/commands/refuse", json(Map.of("ids", ids, "reason", "a drill"))))
            .get("items");
    assertThat(again).allSatisfy(o -> assertThat(o.get("state").asString()).isEqualTo("REFUSED"));
    refused(
        peter.post(
            "/api/v1/commands/refuse",
            json(
                Map.of(
                    "ids", java.util.Collections.nCopies(1_001, ids.getFirst()), "reason", "x"))),
        400,
        "1 to 1000");
  }

  @Test
  @DisplayName("C9: no signature but the drafter's own, by a key in force, sends anything")
  void signatures() throws CommandException {
    Known meter = meter();
    String id = draft(olivia, meter, "disconnect").get("id").asString();
    KeyPair stranger = TownChannel.pair();
    refused(sign(olivia, id, stranger), 409, "no operator has this key");
    refused(sign(peter, id, KEY), 403, "who drafted it signs it");
    // a key that is asked for counts for nothing yet, and its owner cannot take it
    KeyPair own = TownChannel.pair();
    String keyId = ask(peter, own);
    refused(peter.post("/api/v1/operator-keys/" + keyId + "/approve", ""), 403, "roles");
    refused(sign(peter, id, own), 409, "no operator has this key");
    refused(olivia.call("DELETE", "/api/v1/operator-keys/" + keyId, ""), 403, "another operator's");
    assertThat(good(olivia.get("/api/v1/operator-keys")).get("items")).hasSize(1);
    assertThat(good(audrey.get("/api/v1/operator-keys")).get("items").size())
        .isGreaterThanOrEqualTo(2);
    byte[] signature = new byte[64];
    refused(
        olivia.post(
            "/api/v1/commands/" + id + "/sign",
            json(
                Map.of(
                    "keyId", HexFormat.of().formatHex(Signed.keyId(KEY.getPublic())),
                    "signature", base64(signature)))),
        409,
        "not by this key");
    assertThat(command(id).get("state").asString()).isEqualTo("RELEASED");
    assertThat(meter.house().acts.get()).isZero();
  }

  @Test
  @DisplayName("a key that is revoked signs no more, nor does its owner's who is removed")
  void revoked() throws CommandException {
    Api ruth = person("ruth", "operator");
    KeyPair first = TownChannel.pair();
    String keyId = ask(ruth, first);
    good(admin.post("/api/v1/operator-keys/" + keyId + "/approve", ""));
    Known meter = meter();
    meter.house().trust(first.getPublic());
    meter.house().reachable = false;
    String queued = draft(ruth, meter, "disconnect").get("id").asString();
    good(sign(ruth, queued, first));
    good(ruth.call("DELETE", "/api/v1/operator-keys/" + keyId, ""));
    String late = draft(ruth, meter, "disconnect").get("id").asString();
    refused(sign(ruth, late, first), 409, "no operator has this key");
    refused(
        ruth.post(
            "/api/v1/operator-keys",
            json(Map.of("spki", base64(first.getPublic().getEncoded()), "name", "again"))),
        409,
        "revoked before");
    meter.house().reachable = true;
    becomes(queued, "REFUSED");
    assertThat(command(queued).get("why").asString()).contains("revoked");

    KeyPair second = TownChannel.pair();
    String other = ask(ruth, second);
    good(admin.post("/api/v1/operator-keys/" + other + "/approve", ""));
    good(admin.call("DELETE", "/api/v1/users/ruth", ""));
    JsonNode keys = good(admin.get("/api/v1/operator-keys")).get("items");
    for (JsonNode key : keys) {
      if (key.get("operator").asString().equals("ruth")) {
        assertThat(key.get("state").asString()).as(key.toString()).isEqualTo("revoked");
      }
    }
    assertThat(meter.house().acts.get()).isZero();
  }

  @Test
  @DisplayName("what is wrong with a command is said with its place")
  void wrongs() {
    Known meter = meter();
    Map<String, Object> body = new HashMap<>(Map.of("meter", meter.meter(), "reason", "x"));
    body.put("action", "explode");
    refused(olivia.post("/api/v1/commands", json(body)), 400, "is disconnect, connect");
    body.put("action", "limit-load");
    refused(olivia.post("/api/v1/commands", json(body)), 400, "parameters.watts");
    body.put("parameters", Map.of("watts", "1e999999999", "lasting", "PT2H"));
    refused(olivia.post("/api/v1/commands", json(body)), 400, "is a number");
    body.put("parameters", Map.of("watts", 5, "lasting", "PT2H", "volts", 1));
    refused(olivia.post("/api/v1/commands", json(body)), 400, "lasting, watts");
    body.put("parameters", Map.of("watts", 5, "lasting", "PT0S"));
    refused(olivia.post("/api/v1/commands", json(body)), 400, "lasts a second");
    body.put("parameters", Map.of("watts", 5, "lasting", "PT1H"));
    body.put("expires", "2020-01-01T00:00:00Z");
    refused(olivia.post("/api/v1/commands", json(body)), 400, "expires");
    body.put("meters", List.of("NONE-SUCH"));
    body.remove("expires");
    refused(olivia.post("/api/v1/commands", json(body)), 404, "NONE-SUCH");
    refused(olivia.get("/api/v1/commands?state=lost"), 400, "in_doubt");
    refused(olivia.get("/api/v1/commands?sort=colour"), 400, "draftedBy");
    refused(olivia.get("/api/v1/commands/1"), 404, "UUID");
  }

  @Test
  @DisplayName("lists are filtered and sorted; many are signed at once, a wrong one stops no other")
  void manyAtOnce() throws CommandException {
    List<String> meters = new ArrayList<>();
    List<House> houses = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Known meter = meter();
      meters.add(meter.meter());
      houses.add(meter.house());
    }
    JsonNode made =
        good(
            olivia.post(
                "/api/v1/commands",
                json(Map.of("meters", meters, "action", "arm", "reason", "many"))));
    byte[] keyId = Signed.keyId(KEY.getPublic());
    List<Map<String, String>> items = new ArrayList<>();
    for (JsonNode item : made.get("items")) {
      byte[] order = Base64.getDecoder().decode(item.get("order").asString());
      assertThat(Order.parse(order).meter()).isEqualTo(new MeterId(item.get("meter").asString()));
      byte[] signature = Signer.of(KEY).sign(Signed.toBeSigned(Purpose.ORDER, keyId, order));
      if (items.size() == 2) {
        signature[5] ^= 1;
      }
      items.add(Map.of("id", item.get("id").asString(), "signature", base64(signature)));
    }
    JsonNode signed =
        good(olivia.post(
                "/api/v1/commands/sign",
                json(Map.of("keyId", HexFormat.of().formatHex(keyId), "items", items))))
            .get("items");
    for (int i = 0; i < 5; i++) {
      assertThat(signed.get(i).get("id").asString()).isEqualTo(items.get(i).get("id"));
      assertThat(signed.get(i).get("code").isNull()).isEqualTo(i != 2);
      if (i != 2) {
        becomes(signed.get(i).get("id").asString(), "CONFIRMED");
      }
    }
    assertThat(houses.get(2).acts.get()).isZero();
    JsonNode page = good(peter.get("/api/v1/commands?word=arm&by=olivia&sort=meter&size=3"));
    assertThat(page.get("total").asInt()).isEqualTo(5);
    assertThat(page.get("items")).hasSize(3);
    assertThat(page.at("/items/0/meter").asString()).isEqualTo(meters.getFirst());
    JsonNode waiting = good(peter.get("/api/v1/commands?word=arm&state=released,quarantined"));
    assertThat(waiting.get("total").asInt()).isEqualTo(1);
    assertThat(waiting.at("/items/0/meter").asString()).isEqualTo(meters.get(2));
  }

  @Test
  @DisplayName(
      "a server that stops between signature and receipt loses no command and doubles none")
  void restart() throws Exception {
    Known waits = meter();
    waits.house().reachable = false;
    String signed = draft(olivia, waits, "disconnect").get("id").asString();
    good(sign(olivia, signed, KEY));
    Known mute = meter();
    mute.house().losesReceipts = true;
    String sent = draft(olivia, mute, "disconnect").get("id").asString();
    good(sign(olivia, sent, KEY));
    assertThat(mute.house().acted.await(30, TimeUnit.SECONDS)).isTrue();

    server.close();
    waits.house().reachable = true;
    mute.house().losesReceipts = false;
    server = GridwardenServer.start(config());
    admin = again("admin");
    olivia = again("olivia");
    peter = again("peter");
    audrey = again("audrey");

    becomes(signed, "CONFIRMED");
    becomes(sent, "CONFIRMED");
    assertThat(waits.house().acts.get()).isEqualTo(1);
    assertThat(mute.house().acts.get()).as("asked, not sent again").isEqualTo(1);
    assertThat(states(command(sent))).contains("IN_DOUBT");
    assertThat(command(sent).get("why").asString()).contains("read back");
  }

  private static Api again(String name) {
    Api api = new Api(server);
    good(api.logIn(name, OWN));
    return api;
  }
}
