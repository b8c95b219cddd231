package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.gridwarden.core.MeterId;
import org.gridwarden.server.SharedServer.Who;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * S20: accounts over the API, moved in and out, with their whole story and work at their meters.
 */
@ExtendWith(SharedServer.Lender.class)
class AccountApiIT {
  private static SharedServer shared;
  private static int count;

  @BeforeAll
  static void start(SharedServer server) {
    shared = server;
  }

  private static JsonNode ok(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Api.json(answer);
  }

  private static JsonNode post(Who who, String path, Map<String, ?> body) {
    return ok(shared.as(who).post("/api/v1" + path, Api.JSON.writeValueAsString(body)));
  }

  private static String account(String name) {
    JsonNode made =
        post(
            Who.CUSTOMER_SERVICE,
            "/accounts",
            Map.of(
                "name", name, "street", "Ahornweg 7", "city", "9000 St. Gallen", "language", "de"));
    return made.get("account").get("id").asString();
  }

  private static String point() {
    String point = "AC-" + ++count;
    OfficeData.meter(shared.server().store(), "ACM-" + count, point);
    return point;
  }

  @Test
  void anAccountIsOpenedChangedMovedAndFound() {
    String id = account("Nora Baumgartner");
    String point = point();
    JsonNode moved =
        post(
            Who.CUSTOMER_SERVICE,
            "/accounts/" + id + "/move-in",
            Map.of("servicePoint", point, "tariff", "flat", "since", "2026-01-01T00:00:00Z"));
    assertThat(moved.get("account").get("servicePoints").get(0).asString()).isEqualTo(point);
    JsonNode tariff =
        post(
            Who.BILLING_CLERK,
            "/accounts/" + id + "/tariff",
            Map.of("servicePoint", point, "tariff", "time-of-use", "from", "2026-06-01T00:00:00Z"));
    assertThat(tariff.get("agreements")).hasSize(2);
    assertThat(tariff.get("agreements").get(0).get("until").asString())
        .isEqualTo("2026-06-01T00:00:00Z");

    JsonNode changed =
        ok(
            shared
                .as(Who.CUSTOMER_SERVICE)
                .call(
                    "PUT",
                    "/api/v1/accounts/" + id,
                    "{\"name\":\"Nora Baumgartner\",\"street\":\"Ahornweg 9\",\"city\":\"9000 St."
                        + " Gallen\",\"language\":\"de\"}"));
    assertThat(changed.get("account").get("street").asString()).isEqualTo("Ahornweg 9");

    for (String part : new String[] {"baumgart", "ahornweg%209", point.toLowerCase(), id}) {
      JsonNode found = ok(shared.as(Who.BILLING_CLERK).get("/api/v1/accounts?q=" + part));
      assertThat(found.get("items")).as(part).isNotEmpty();
      assertThat(found.get("items").toString()).as(part).contains("\"" + id + "\"");
    }

    HttpResponse<String> twice =
        shared
            .as(Who.CUSTOMER_SERVICE)
            .post(
                "/api/v1/accounts/" + account("Otto Zwei") + "/move-in",
                "{\"servicePoint\":\"" + point + "\",\"tariff\":\"flat\"}");
    assertThat(twice.statusCode()).isEqualTo(409);
    assertThat(Api.json(twice).get("remedy").asString()).contains("move them out first");
    HttpResponse<String> nowhere =
        shared
            .as(Who.CUSTOMER_SERVICE)
            .post(
                "/api/v1/accounts/" + id + "/move-in",
                "{\"servicePoint\":\"NO-SUCH-PLACE\",\"tariff\":\"flat\"}");
    assertThat(nowhere.statusCode()).isEqualTo(400);
    assertThat(Api.json(nowhere).get("where").asString()).isEqualTo("servicePoint");
  }

  @Test
  @DisplayName("C33: who only sees meters is told no name")
  void namesAreForThoseWhoServe() {
    String id = account("Petra Privat");
    for (Who who : new Who[] {Who.VIEWER, Who.ENGINEER, Who.AUDITOR, Who.CONSUMER}) {
      assertThat(shared.as(who).get("/api/v1/accounts/" + id).statusCode()).isEqualTo(403);
      assertThat(shared.as(who).get("/api/v1/accounts?q=petra").statusCode()).isEqualTo(403);
    }
    assertThat(ok(shared.as(Who.AUDITOR).get("/api/v1/audit")).toString())
        .contains("account " + id)
        .doesNotContain("Petra", "Privat", "Ahornweg");
  }

  @Test
  void aConsumerSeesTheMetersOfTheirAccountOnlyWhileItIsSupplied() {
    String id = account("Carlo Consumer");
    String point = point();
    String meter = "ACM-" + count;
    String name = SharedServer.name(Who.CONSUMER);
    post(
        Who.CUSTOMER_SERVICE,
        "/accounts/" + id + "/move-in",
        Map.of("servicePoint", point, "tariff", "flat", "since", "2026-01-01T00:00:00Z"));
    String channels = "/api/v1/meters/" + meter + "/channels";
    assertThat(shared.as(Who.CONSUMER).get(channels).statusCode()).isEqualTo(404);

    ok(
        shared
            .as(Who.CUSTOMER_SERVICE)
            .call("PUT", "/api/v1/accounts/" + id + "/users/" + name, ""));
    assertThat(shared.as(Who.CONSUMER).get(channels).statusCode()).isEqualTo(200);

    post(
        Who.CUSTOMER_SERVICE,
        "/accounts/" + id + "/move-out",
        Map.of("servicePoint", point, "until", "2026-10-01T00:00:00Z"));
    assertThat(shared.as(Who.CONSUMER).get(channels).statusCode()).isEqualTo(404);
  }

  @Test
  void theStoryHoldsWhatHappenedWhileItWasSuppliedAndNothingOfBefore() {
    String before = account("Vera Vorher");
    String id = account("Nina Nachher");
    String point = point();
    MeterId meter = new MeterId("ACM-" + count);
    post(
        Who.CUSTOMER_SERVICE,
        "/accounts/" + before + "/move-in",
        Map.of("servicePoint", point, "tariff", "flat", "since", "2025-01-01T00:00:00Z"));
    post(
        Who.CUSTOMER_SERVICE,
        "/accounts/" + id + "/move-in",
        Map.of(
            "servicePoint",
            point,
            "tariff",
            "flat",
            "takeOver",
            true,
            "since",
            "2026-01-01T00:00:00Z"));
    post(Who.CUSTOMER_SERVICE, "/accounts/" + id + "/note", Map.of("note", "called twice"));
    post(Who.OPERATOR, "/meters/" + meter + "/quarantine", Map.of("reason", "the seal is broken"));
    JsonNode work =
        post(
            Who.OPERATOR,
            "/work",
            Map.of("kind", "inspect", "title", "Look at the seal", "meter", meter.value()));
    long order = work.get("about").get("id").asLong();
    assertThat(work.get("needs").get(0).asString()).isEqualTo("file");
    post(
        Who.OPERATOR,
        "/work/" + order + "/assign",
        Map.of("assignee", SharedServer.name(Who.INSTALLER)));
    photo(order);
    JsonNode closed =
        post(
            Who.INSTALLER,
            "/work/" + order + "/close",
            Map.of(
                "as",
                "done",
                "note",
                "sealed anew",
                "readings",
                new Object[] {Map.of("value", "812.4")}));
    assertThat(closed.get("about").get("state").asString()).isEqualTo("done");
    assertThat(closed.get("readings").get(0).get("channel").asString()).isEqualTo("1.0.1.8.0.255");

    JsonNode story = ok(shared.as(Who.CUSTOMER_SERVICE).get("/api/v1/accounts/" + id + "/story"));

    assertThat(story.get("meters")).hasSize(1);
    assertThat(story.get("meters").get(0).get("meter").asString()).isEqualTo(meter.value());
    assertThat(story.get("lines"))
        .extracting(line -> line.get("text").asString())
        .contains("called twice", "Work ordered: Look at the seal", "Work done: Look at the seal")
        .anyMatch(text -> text.matches("Case \\d+ opened"))
        .anyMatch(text -> text.startsWith("Moved in at " + point));
    JsonNode theirs =
        ok(shared.as(Who.CUSTOMER_SERVICE).get("/api/v1/accounts/" + before + "/story"));
    assertThat(theirs.get("lines").toString()).doesNotContain("Case ", "Look at the seal");
    JsonNode page =
        ok(shared.as(Who.CUSTOMER_SERVICE).get("/api/v1/accounts/" + id + "/story?size=2"));
    assertThat(page.get("lines")).hasSize(2);
    assertThat(page.get("older").asString()).isNotEmpty();
  }

  private static void photo(long order) {
    byte[] picture = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 0, 1, 2, 3, 4};
    Api installer = shared.as(Who.INSTALLER);
    HttpResponse<String> taken =
        installer.send(
            installer
                .request("/api/v1/work/" + order + "/evidence?name=seal.jpg")
                .header("Content-Type", "image/jpeg")
                .POST(BodyPublishers.ofByteArray(picture)));
    JsonNode file = ok(taken).get("files").get(0);
    assertThat(file.get("type").asString()).isEqualTo("image/jpeg");
    HttpResponse<String> back =
        installer.get("/api/v1/work/" + order + "/evidence/" + file.get("id").asLong());
    assertThat(back.statusCode()).isEqualTo(200);
    assertThat(back.headers().firstValue("Content-Disposition").orElse(""))
        .startsWith("attachment");
    assertThat(back.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(
            shared
                .as(Who.VIEWER)
                .get("/api/v1/work/" + order + "/evidence/" + file.get("id").asLong())
                .statusCode())
        .isEqualTo(403);
    HttpResponse<String> page =
        installer.send(
            installer
                .request("/api/v1/work/" + order + "/evidence?name=x.jpg")
                .POST(BodyPublishers.ofString("<html><script>alert(1)</script>")));
    assertThat(page.statusCode()).isEqualTo(400);
  }
}
