package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.server.SharedServer.Who;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** S4 over the API: a ciphered push of an opened cover, and what people do about it. */
@ExtendWith(SharedServer.Lender.class)
class TamperApiIT {
  /** What is promised; on a shared machine that builds, the machine itself may take longer. */
  private static final Duration STATED = Duration.ofSeconds(System.getenv("CI") == null ? 2 : 60);

  private static final int METER_COVER = 44;

  private static SharedServer shared;

  @BeforeAll
  static void start(SharedServer server) {
    shared = server;
  }

  private static TestMeter meter(int number) {
    byte[] title = HexFormat.of().parseHex("54414d50000000%02X".formatted(number));
    TestMeter meter = new TestMeter("TAMPER-" + number, title, new byte[16], new byte[16]);
    meter.encryption()[0] = (byte) number;
    meter.authentication()[0] = (byte) (number + 1);
    meter.importBy(shared.as(Who.OPERATOR));
    return meter;
  }

  static Apdu fraud(Instant at, int code) {
    return new Apdu.DataNotification(
        0x4000_0009L,
        Optional.empty(),
        DlmsData.Structure.of(
            DlmsData.OctetString.of(CosemDateTime.of(at, TestMeter.ZONE).bytes()),
            new DlmsData.Unsigned8(0),
            DlmsData.Structure.of(
                DlmsData.OctetString.of(ObisCode.parse("0.0.96.11.1.255")),
                new DlmsData.Unsigned8(code),
                DlmsData.Structure.of(new DlmsData.Integer8(0), new DlmsData.Enumerated(255)))));
  }

  private static JsonNode ok(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Api.json(answer);
  }

  @Test
  @DisplayName("C19: an opened cover's push shows as alarm, case and quarantine within 2 s")
  void fromPushToQuarantine() throws Exception {
    TestMeter meter = meter(1);
    Api operator = shared.as(Who.OPERATOR);
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    meter.push(shared.server(), fraud(now, METER_COVER), 10);
    await()
        .atMost(STATED)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() ->
            assertThat(ok(operator.get("/api/v1/meters/TAMPER-1")).get("state").asString())
                .isEqualTo("quarantined"));
    JsonNode alarm = ok(operator.get("/api/v1/alarms?meter=TAMPER-1")).get("items").get(0);
    assertThat(alarm.get("word").asString()).isEqualTo("tamper.meter-cover");
    assertThat(alarm.get("severity").asString()).isEqualTo("CRITICAL");
    long about = alarm.get("caseId").asLong();
    JsonNode whole = ok(operator.get("/api/v1/cases/" + about));
    assertThat(whole.get("story").findValuesAsString("what"))
        .containsExactly("opened", "alarm", "quarantined");
    assertThat(whole.get("evidence").get(0).get("raw").asString())
        .as("the ciphered push itself")
        .startsWith("DB08" + HexFormat.of().withUpperCase().formatHex(meter.title()));
  }

  @Test
  @DisplayName("C20: a quarantined meter's readings are kept and shown as held until a release")
  void readingsAreHeld() throws Exception {
    TestMeter meter = meter(2);
    Api operator = shared.as(Who.OPERATOR);
    Api machine = shared.as(Who.COMMAND_LINE);
    Instant quarter =
        Instant.ofEpochSecond(Math.floorDiv(Instant.now().getEpochSecond(), 900) * 900);
    meter.push(shared.server(), TestMeter.energy(quarter.minusSeconds(900), 111), 10);
    meter.push(shared.server(), fraud(quarter.minusSeconds(600), METER_COVER), 11);
    meter.push(shared.server(), TestMeter.energy(quarter, 222), 12);
    await()
        .atMost(STATED)
        .untilAsserted(() -> assertThat(qualities(operator)).containsExactly("", "held"));
    long about =
        ok(operator.get("/api/v1/cases?meter=TAMPER-2")).get("items").get(0).get("id").asLong();
    String why = "{\"reason\":\"the seal was broken by our fitter\"}";
    assertThat(machine.post("/api/v1/meters/TAMPER-2/release", why).statusCode())
        .as("its case is open")
        .isEqualTo(409);
    ok(operator.post("/api/v1/cases/" + about + "/note", "{\"note\":\"Asked the fitter.\"}"));
    ok(
        operator.post(
            "/api/v1/cases/" + about + "/close",
            "{\"verdict\":\"maintenance\",\"note\":\"He was there.\"}"));
    assertThat(operator.post("/api/v1/meters/TAMPER-2/release", why).statusCode())
        .as("the verdict was theirs")
        .isEqualTo(403);
    ok(machine.post("/api/v1/meters/TAMPER-2/release", why));
    assertThat(qualities(operator)).containsExactly("", "");
    JsonNode holds = ok(operator.get("/api/v1/meters/TAMPER-2/holds"));
    assertThat(holds.get("state").asString()).isEqualTo("active");
    assertThat(holds.get("held")).isEmpty();
    assertThat(holds.get("releases").get(0).get("reason").asString()).contains("our fitter");
    assertThat(ok(operator.get("/api/v1/cases/" + about)).get("story").findValuesAsString("what"))
        .containsExactly("opened", "alarm", "quarantined", "note", "closed", "released");
  }

  private static List<String> qualities(Api api) {
    List<String> words = new ArrayList<>();
    ok(api.get("/api/v1/meters/TAMPER-2/readings?channel=1.0.1.29.0.255"))
        .get("slots")
        .forEach(slot -> words.add(String.join(" ", strings(slot.get("quality")))));
    return words;
  }

  private static List<String> strings(JsonNode array) {
    List<String> all = new ArrayList<>();
    array.forEach(word -> all.add(word.asString()));
    return all;
  }

  @Test
  void badRequestsSayWhatIsWrong() {
    Api operator = shared.as(Who.OPERATOR);
    meter(3);
    assertThat(operator.get("/api/v1/alarms?state=loud").body()).contains("acknowledged");
    assertThat(operator.get("/api/v1/cases?state=half").statusCode()).isEqualTo(400);
    HttpResponse<String> silent = operator.post("/api/v1/meters/TAMPER-3/quarantine", "{}");
    assertThat(silent.statusCode()).isEqualTo(400);
    assertThat(Api.json(silent).get("where").asString()).isEqualTo("reason");
    ok(operator.post("/api/v1/meters/TAMPER-3/quarantine", "{\"reason\":\"seal missing\"}"));
    assertThat(
            operator
                .post("/api/v1/meters/TAMPER-3/quarantine", "{\"reason\":\"again\"}")
                .statusCode())
        .isEqualTo(409);
    HttpResponse<String> street = operator.get("/api/v1/street/meters/TAMPER-3");
    assertThat(street.statusCode()).as("no demo runs").isEqualTo(404);
    assertThat(street.body()).contains("no simulated street");
  }
}
