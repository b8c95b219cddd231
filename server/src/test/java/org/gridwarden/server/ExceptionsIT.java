package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.vee.NightWatch;
import org.gridwarden.mdm.vee.RuleBook;
import org.gridwarden.server.SharedServer.Who;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** S13, S15: what validation finds in a running server waits for a person, who settles it. */
@ExtendWith(SharedServer.Lender.class)
class ExceptionsIT {
  private static SharedServer shared;
  private static int meters;

  @BeforeAll
  static void start(SharedServer server) {
    shared = server;
  }

  private static MeterId odd() {
    MeterId meter =
        OfficeData.meter(shared.server().store(), "ODD-" + ++meters, "Eichweg " + meters);
    OfficeData.readings(shared.server().store(), meter, 5);
    return meter;
  }

  /** A run that somebody asks for, followed to its end. */
  private static JsonNode run(MeterId meter) {
    Api clerk = shared.as(Who.BILLING_CLERK);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            clerk
                    .post("/api/v1/validation/runs", "{\"meter\":\"" + meter + "\",\"days\":7}")
                    .statusCode()
                == 202);
    await().atMost(Duration.ofSeconds(60)).until(() -> !last().path("ended").isNull());
    JsonNode last = last();
    assertThat(last.get("failed").asInt()).as(last.toString()).isZero();
    return last;
  }

  private static JsonNode last() {
    return Api.json(shared.as(Who.BILLING_CLERK).get("/api/v1/validation/runs"))
        .get("items")
        .get(0);
  }

  private static JsonNode items(MeterId meter, String query) {
    HttpResponse<String> answer =
        shared.as(Who.BILLING_CLERK).get("/api/v1/exceptions?meter=" + meter + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Api.json(answer).get("items");
  }

  private static JsonNode of(MeterId meter, String rule) {
    JsonNode items = items(meter, "&state=open,accepted,edited,gone&rule=" + rule);
    assertThat(items).as(rule).hasSize(1);
    return items.get(0);
  }

  private static JsonNode done(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Api.json(answer);
  }

  private static JsonNode act(JsonNode item, String act, Map<String, ?> body) {
    return done(
        shared
            .as(Who.BILLING_CLERK)
            .post(
                "/api/v1/exceptions/" + item.get("id").asLong() + "/" + act,
                Api.JSON.writeValueAsString(body)));
  }

  @Test
  @DisplayName("the night finds a gap and a spike: an estimate, and two items of the queue")
  void theNight() {
    MeterId meter = odd();

    new NightWatch(
            shared.server().store(),
            RuleBook.shipped(),
            InstantSource.fixed(
                OfficeData.yesterday()
                    .plusDays(1)
                    .atTime(4, 30)
                    .atZone(OfficeData.ZONE)
                    .toInstant()))
        .look();

    JsonNode gap = of(meter, "gap");
    assertThat(gap.get("day").asString()).isEqualTo(OfficeData.yesterday().toString());
    assertThat(gap.get("slots").asInt()).isEqualTo(OfficeData.GAP_TO - OfficeData.GAP_FROM);
    assertThat(gap.get("action").asString()).isEqualTo("estimated");
    assertThat(gap.get("method").asString()).isEqualTo("blend");
    assertThat(gap.get("state").asString()).isEqualTo("open");
    JsonNode spike = of(meter, "spike");
    assertThat(spike.get("action").asString()).isEqualTo("flagged");
    assertThat(spike.get("measured").asDouble()).isGreaterThan(spike.get("permitted").asDouble());

    JsonNode curve =
        done(shared.as(Who.VIEWER).get("/api/v1/exceptions/" + gap.get("id").asLong()))
            .get("curve");
    JsonNode slot = curve.get("slots").get(OfficeData.GAP_FROM);
    assertThat(slot.get("raw").isNull()).isTrue();
    assertThat(slot.get("value").asDouble()).isBetween(50.0, 400.0);
    assertThat(slot.get("quality").get(0).asString()).isEqualTo("estimated");
    assertThat(slot.get("versions").get(0).get("cause").asString()).isEqualTo("gap");
    assertThat(curve.get("slots").get(OfficeData.SPIKE).get("value").asString())
        .as("what is doubtful stays until a person says otherwise")
        .isEqualTo(String.valueOf(OfficeData.SPIKE_WH));

    // the readings' own route tells the same
    String range =
        "?channel="
            + OfficeData.ENERGY
            + "&layer=final&from="
            + slot.get("start").asString()
            + "&to="
            + curve.get("slots").get(OfficeData.GAP_TO).get("start").asString();
    JsonNode told =
        done(shared.as(Who.VIEWER).get("/api/v1/meters/" + meter + "/readings" + range))
            .get("slots");
    assertThat(told).hasSize(OfficeData.GAP_TO - OfficeData.GAP_FROM);
    assertThat(told.get(0).get("value")).isEqualTo(slot.get("value"));
    assertThat(told.get(0).get("quality").get(0).asString()).isEqualTo("estimated");
  }

  @Test
  void aRunAddsNothingTheSecondTimeAndPeopleSettle() {
    MeterId meter = odd();
    JsonNode once = run(meter);
    assertThat(once.get("opened").asInt()).isGreaterThanOrEqualTo(2);
    assertThat(once.get("versions").asInt()).isEqualTo(8);
    JsonNode twice = run(meter);
    assertThat(twice.get("opened").asInt()).isZero();
    assertThat(twice.get("versions").asInt()).isZero();
    JsonNode spike = of(meter, "spike");

    JsonNode refused =
        Api.json(
            shared
                .as(Who.BILLING_CLERK)
                .post(
                    "/api/v1/exceptions/" + spike.get("id").asLong() + "/edit",
                    "{\"from\":\"2026-01-01T00:00:00Z\",\"values\":[\"100\"],\"reason\":\"x\"}"));
    assertThat(refused.get("where").asString()).isEqualTo("from");

    JsonNode edited =
        act(
            spike,
            "edit",
            Map.of(
                "from",
                spike.get("since").asString(),
                "values",
                List.of("120"),
                "reason",
                "read off by eye"));
    assertThat(edited.get("about").get("state").asString()).isEqualTo("edited");
    JsonNode slot = edited.get("curve").get("slots").get(OfficeData.SPIKE);
    assertThat(slot.get("raw").asString()).isEqualTo(String.valueOf(OfficeData.SPIKE_WH));
    assertThat(slot.get("value").asString()).isEqualTo("120");
    assertThat(slot.get("versions").get(0).get("by").asString())
        .isEqualTo(SharedServer.name(Who.BILLING_CLERK));
    run(meter);
    assertThat(of(meter, "spike").get("state").asString())
        .as("what a person set is not found again")
        .isEqualTo("edited");

    JsonNode undone = act(spike, "undo", Map.of("reason", "a slip"));
    assertThat(undone.get("about").get("state").asString()).isEqualTo("open");
    assertThat(undone.get("curve").get("slots").get(OfficeData.SPIKE).get("value").asString())
        .isEqualTo(String.valueOf(OfficeData.SPIKE_WH));
    assertThat(undone.get("curve").get("slots").get(OfficeData.SPIKE).get("versions")).hasSize(2);

    act(spike, "accept", Map.of("reason", "they fired up the kiln"));
    run(meter);
    assertThat(of(meter, "spike").get("state").asString()).isEqualTo("accepted");
    HttpResponse<String> again =
        shared
            .as(Who.BILLING_CLERK)
            .post(
                "/api/v1/exceptions/" + spike.get("id").asLong() + "/accept",
                "{\"reason\":\"again\"}");
    assertThat(again.statusCode()).isEqualTo(409);
  }

  @Test
  void whatComesLateSettlesItselfAndManyAreAcceptedAtOnce() {
    MeterId meter = odd();
    run(meter);
    long gap = of(meter, "gap").get("id").asLong();
    OfficeData.lateSlots(shared.server().store(), meter);

    run(meter);

    JsonNode gone = of(meter, "gap");
    assertThat(gone.get("id").asLong()).isEqualTo(gap);
    assertThat(gone.get("state").asString()).isEqualTo("gone");
    assertThat(gone.get("settledBy").asString()).isEqualTo("validation");
    JsonNode left = items(meter, "");
    List<Long> ids = new ArrayList<>();
    left.forEach(item -> ids.add(item.get("id").asLong()));
    ids.add(gap);
    JsonNode accepted =
        done(
            shared
                .as(Who.BILLING_CLERK)
                .post(
                    "/api/v1/exceptions/accept",
                    Api.JSON.writeValueAsString(Map.of("ids", ids, "reason", "all seen"))));
    assertThat(accepted.get("accepted").asInt()).isEqualTo(left.size());
    assertThat(accepted.get("refused")).hasSize(1);
    assertThat(accepted.get("refused").get(0).get("id").asLong()).isEqualTo(gap);
    assertThat(items(meter, "")).isEmpty();
  }
}
