package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Secret;
import org.gridwarden.core.Tx;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.store.Erasure;
import org.gridwarden.store.Store;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import tools.jackson.databind.JsonNode;

/** C32 over HTTP: what an analyst is told of 36 households, and what nobody finds out. */
class AnalyticsApiIT {
  private static final Actor SAM = new Actor(Actor.Kind.PERSON, "sam");
  private static final YearMonth MONTH =
      YearMonth.from(java.time.Instant.now().atOffset(ZoneOffset.UTC)).minusMonths(2);
  private static final YearMonth OTHER = MONTH.minusMonths(1);

  @TempDir private static Path folder;
  private static RunningServer server;
  private static Api admin;
  private static Api analyst;

  @BeforeAll
  static void start() {
    server = GridwardenServer.start(TestConfig.in(folder));
    admin = new Api(server);
    String made = server.adminPassword().orElseThrow();
    assertThat(admin.logIn("admin", made).statusCode()).isEqualTo(200);
    assertThat(admin.changePassword(made, "heron saddle copper 17").statusCode() / 100)
        .isEqualTo(2);
    assertThat(
            admin
                .post(
                    "/api/v1/users",
                    Api.JSON.writeValueAsString(
                        Map.of(
                            "user", "anouk",
                            "roles", List.of("ANALYST"),
                            "password", "first walnut ferry 63")))
                .statusCode())
        .isEqualTo(201);
    analyst = new Api(server);
    assertThat(analyst.logIn("anouk", "first walnut ferry 63").statusCode()).isEqualTo(200);
    assertThat(
            analyst.changePassword("first walnut ferry 63", "walnut ferry meadow 64").statusCode()
                / 100)
        .isEqualTo(2);
    Store store = server.store();
    for (int i = 0; i < 36; i++) {
      // 15 flat, 9 tou, 12 dynamic
      String tariff = i < 15 ? "flat" : i < 24 ? "tou" : "dynamic";
      HouseholdsData.household(
          store, i, tariff, "feeder-" + i % 3, MONTH, tariff.equals("flat") ? 400 : 800);
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode ask(String path) {
    var answer = analyst.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Api.JSON.readTree(answer.body());
  }

  private static JsonNode group(JsonNode answer, String name) {
    for (JsonNode group : answer.path("groups")) {
      if (group.path("group").asString().equals(name)) {
        return group;
      }
    }
    throw new AssertionError("no group " + name + " in " + answer);
  }

  private static String of(String what, YearMonth month, String dimension) {
    return "/api/v1/analytics/" + what + "?month=" + month + "&dimension=" + dimension;
  }

  @Test
  @DisplayName(
      "C32: a group of 9 is hidden with the one it follows from; the others' figures are right")
  void figures() {
    JsonNode groups = ask(of("groups", MONTH, "tariff"));
    assertThat(groups.path("leastGroup").asInt()).isEqualTo(10);
    JsonNode flat = group(groups, "flat");
    assertThat(flat.path("hidden").asBoolean()).isFalse();
    assertThat(flat.path("households").asInt()).isEqualTo(15);
    assertThat(flat.path("dailyKwh").asString()).isEqualTo("9.6");
    assertThat(flat.path("baseW").asString()).isEqualTo("0");
    assertThat(flat.path("peakW").asString()).isEqualTo("800");
    assertThat(flat.path("peakHour").asInt()).isEqualTo(18);
    for (String name : List.of("tou", "dynamic")) {
      JsonNode hidden = group(groups, name);
      assertThat(hidden.path("hidden").asBoolean()).as(name).isTrue();
      assertThat(hidden.path("households").isNull() || hidden.path("households").isMissingNode())
          .isTrue();
    }
    JsonNode profile = group(ask(of("profile", MONTH, "tariff")), "flat");
    assertThat(profile.path("workday")).hasSize(24);
    assertThat(profile.path("workday").get(3).asString()).isEqualTo("0");
    assertThat(profile.path("workday").get(12).asString()).isEqualTo("400");
    assertThat(profile.path("weekend").get(20).asString()).isEqualTo("800");
    JsonNode spread = group(ask(of("distribution", MONTH, "tariff")), "flat");
    assertThat(spread.path("bins")).hasSize(1);
    JsonNode all = group(ask(of("groups", MONTH, "all")), "");
    assertThat(all.path("households").asInt()).isEqualTo(35);
  }

  @Test
  @DisplayName("C32: no name, no meter, no service point and no pseudonym stands in any answer")
  void noName() {
    List<String> told = new ArrayList<>();
    for (String what : List.of("groups", "profile", "distribution")) {
      for (String dimension : List.of("all", "tariff", "zone", "feeder", "area")) {
        var answer = analyst.get(of(what, MONTH, dimension));
        assertThat(answer.statusCode()).isEqualTo(200);
        told.add(answer.body());
      }
      told.add(analyst.get(of(what, MONTH, "meter")).body());
      told.add(analyst.get("/api/v1/analytics/" + what + "?month=2999-01").body());
    }
    assertThat(told)
        .hasSize(21)
        .anyMatch(t -> t.contains("feeder-0"))
        .anyMatch(t -> t.contains("\"80\""));
    assertThat(told)
        .allSatisfy(body ->
            assertThat(body)
                .doesNotContainIgnoringCase(HouseholdsData.CANARY)
                .doesNotContain("household/", "meter/")
                .doesNotContainPattern("[0-9a-f]{32}"));
    for (String path :
        List.of("/api/v1/meters", "/api/v1/accounts", "/api/v1/state", "/api/v1/events")) {
      assertThat(analyst.get(path).statusCode()).as(path).isEqualTo(403);
    }
    assertThat(admin.get("/api/v1/analytics/groups").statusCode())
        .as("who grants does not analyse")
        .isEqualTo(403);
  }

  @Test
  @DisplayName(
      "C32: the key of pseudonyms is in no row of the database and in none of its files; it can be replaced")
  void keyIsApart() throws Exception {
    ask(of("groups", MONTH, "tariff"));
    Path keys = server.data().resolve("keys");
    byte[] before = Files.readAllBytes(keys.resolve("pseudonym-key.wrapped"));
    try (OfficeKey office = OfficeKey.open(keys);
        Secret secret = office.unseal(before, "pseudonyms")) {
      String hex = HexFormat.of().formatHex(secret.copy());
      String wrapped = HexFormat.of().formatHex(before);
      String dump = dump();
      assertThat(dump).contains("\\x").doesNotContain(hex, wrapped);
      byte[] raw = secret.copy();
      try (Stream<Path> files = Files.walk(server.data().resolve("postgresql"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(holds(Files.readAllBytes(file), raw)).as(file.toString()).isFalse();
        }
      }
    }
    assertThat(admin.post("/api/v1/analytics/key/replace", "").statusCode()).isEqualTo(204);
    assertThat(Files.readAllBytes(keys.resolve("pseudonym-key.wrapped"))).isNotEqualTo(before);
    // the figures are the same under other pseudonyms
    assertThat(group(ask(of("groups", MONTH, "tariff")), "flat").path("dailyKwh").asString())
        .isEqualTo("9.6");
  }

  @Test
  @DisplayName("C32 C33: an erased person vanishes at once; where 9 are left their group is hidden")
  void erased() {
    Store store = server.store();
    List<HouseholdsData.Made> made = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      made.add(HouseholdsData.household(store, 1_000 + i, "only", "f", OTHER, 500));
    }
    assertThat(group(ask(of("groups", OTHER, "tariff")), "only").path("households").asInt())
        .isEqualTo(10);
    HouseholdsData.Made one = made.getFirst();
    store
        .agreements()
        .moveOut(one.account(), one.point(), java.time.Instant.now().minusSeconds(60), SAM);
    Function<Tx, Erasure.Result> erase =
        tx -> store.erasure().account(tx, one.account(), SAM, "asked for it");
    var unused = store.unitOfWork().call(erase);
    assertThat(group(ask(of("groups", OTHER, "tariff")), "only").path("hidden").asBoolean())
        .isTrue();
    assertThat(group(ask(of("groups", OTHER, "all")), "").path("hidden").asBoolean()).isTrue();
  }

  @Test
  void monthsThatAreNotOver() {
    var answer = analyst.get(of("groups", YearMonth.now(ZoneOffset.UTC).plusMonths(1), "tariff"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("month", "is over: the last one is");
  }

  /** What a dump would hold: every row of every table, as text. */
  private static String dump() throws Exception {
    StringWriter all = new StringWriter();
    try (Connection c = server.store().dataSource().getConnection();
        Statement s = c.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet r =
          s.executeQuery(
              "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid ="
                  + " c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'")) {
        while (r.next()) {
          tables.add(r.getString(1));
        }
      }
      assertThat(tables).hasSizeGreaterThan(50);
      for (String table : tables) {
        c.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY " + table + " TO STDOUT", all);
      }
    }
    return all.toString();
  }

  private static boolean holds(byte[] file, byte[] wanted) {
    return new String(file, StandardCharsets.ISO_8859_1)
        .contains(new String(wanted, StandardCharsets.ISO_8859_1));
  }
}
