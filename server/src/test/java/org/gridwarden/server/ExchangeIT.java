package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.exchange.greenbutton.FeedCheck;
import org.gridwarden.exchange.greenbutton.FeedReport;
import org.gridwarden.exchange.xml.XmlLimits;
import org.gridwarden.server.SharedServer.Who;
import org.gridwarden.store.ImportBook;
import org.gridwarden.store.Store;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** S15: files and messages of other systems, in and out, asked of a running server. */
@ExtendWith(SharedServer.Lender.class)
class ExchangeIT {
  private static final byte[] GUEK = "exchange-guek!!!".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] GAK = "exchange-gak!!!!".getBytes(StandardCharsets.US_ASCII);

  private static SharedServer shared;

  @TempDir private Path folder;

  @BeforeAll
  static void start(SharedServer server) {
    shared = server;
  }

  @Test
  @DisplayName("S15 a CSV is taken in as meters' readings are, and a second time changes nothing")
  void importsAndExports() throws Exception {
    String meter = meter("XCH0000001", (byte) 1);
    String text = csv(meter, Instant.parse("2026-03-01T00:00:00Z"), 96);
    JsonNode dry = take("a.csv&dryRun=true", text);
    assertThat(dry.get("stored").asBoolean()).isFalse();
    assertThat(dry.get("intervals").asInt()).isEqualTo(96);
    assertThat(slots(meter, "2026-03-01")).isEmpty();

    JsonNode taken = take("a.csv", text);
    assertThat(taken.get("stored").asBoolean()).as(taken.toString()).isTrue();
    assertThat(taken.get("again").asBoolean()).isFalse();
    assertThat(taken.at("/run/messages").asInt()).isPositive();
    assertThat(taken.at("/run/by").asString()).isEqualTo(SharedServer.name(Who.OPERATOR));
    List<JsonNode> slots = slots(meter, "2026-03-01");
    assertThat(slots).hasSize(96);
    assertThat(slots.get(5).get("value").asString()).isEqualTo("105");
    assertThat(slots.get(5).get("quality")).isEmpty();

    JsonNode again = take("other-name.csv", text);
    assertThat(again.get("again").asBoolean()).isTrue();
    assertThat(again.at("/run/id").asLong()).isEqualTo(taken.at("/run/id").asLong());
    assertThat(slots(meter, "2026-03-01")).isEqualTo(slots);
    // a file that somebody took in is no sign of life of the meter
    JsonNode shown = Api.json(shared.as(Who.VIEWER).get("/api/v1/meters/" + meter));
    assertThat(shown.get("lastContact").isNull()).isTrue();
    JsonNode run =
        Api.json(shared.as(Who.VIEWER).get("/api/v1/imports/" + taken.at("/run/id").asLong()));
    assertThat(run.get("state").asString()).isEqualTo("done");
    String sha256 =
        java.util.HexFormat.of()
            .formatHex(
                java.security.MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)));
    assertThat(run.get("sha256").asString()).isEqualTo(sha256);
    // the evidence names the file by its hash, and each value by its line
    Store store = shared.server().store();
    assertThat(store.evidence().of(new MeterId(meter), LocalDate.now(ZoneOffset.UTC)))
        .extracting(raw -> new String(raw.bytes(), StandardCharsets.UTF_8))
        .anySatisfy(raw ->
            assertThat(raw).contains("file sha256 " + sha256, "\n7,2026-03-01T01:15:00Z,105,0\n"));
    assertThat(shared.as(Who.AUDITOR).get("/api/v1/audit?size=200").body())
        .contains("readings.imported", sha256);
  }

  @Test
  @DisplayName("S15 an import that was cut off is finished by the same file, without doubles")
  void cutOff() throws Exception {
    String meter = meter("XCH0000007", (byte) 7);
    String text = csv(meter, Instant.parse("2026-03-07T00:00:00Z"), 96);
    JsonNode dry = take("e.csv&dryRun=true", text);
    // as a server leaves it that dies behind its first step
    ImportBook book = shared.server().store().imports();
    long id =
        book.begin(
                new ImportBook.Begun(
                    "e.csv",
                    dry.get("form").asString(),
                    dry.get("sha256").asString(),
                    "1.0.1.29.0.255",
                    1,
                    96,
                    Instant.parse("2026-03-07T00:00:00Z"),
                    Instant.parse("2026-03-08T00:00:00Z")),
                Actor.system("test"))
            .orElseThrow();
    assertThat(Api.json(shared.as(Who.VIEWER).get("/api/v1/imports/" + id)).get("state").asString())
        .isEqualTo("taking");
    JsonNode taken = take("e.csv", text);
    assertThat(taken.at("/run/id").asLong()).isEqualTo(id);
    assertThat(taken.at("/run/state").asString()).isEqualTo("done");
    assertThat(slots(meter, "2026-03-07")).hasSize(96);
  }

  @Test
  @DisplayName("S15 a file that errs in the middle leaves nothing, and says which line")
  void allOrNothing() throws Exception {
    String meter = meter("XCH0000002", (byte) 2);
    String text =
        csv(meter, Instant.parse("2026-03-02T00:00:00Z"), 96)
            .replace("2026-03-02T12:00:00Z,", "2026-03-02T12:00:00Z,about ");
    JsonNode taken = take("b.csv", text);
    assertThat(taken.get("stored").asBoolean()).isFalse();
    assertThat(taken.at("/problems/0").asString()).startsWith("line 50 has the kwh 'about");
    assertThat(slots(meter, "2026-03-02")).isEmpty();
    JsonNode stranger = take("c.csv", text.replace(meter, "NOBODY").replace("about ", ""));
    assertThat(stranger.at("/problems/0").asString())
        .contains("'NOBODY'", "import a shipment that names it");
  }

  @Test
  @DisplayName("S15 what was taken in goes out as a valid feed, which another meter takes in equal")
  void greenButton() throws Exception {
    String meter = meter("XCH0000003", (byte) 3);
    String other = meter("XCH0000004", (byte) 4);
    take("d.csv", csv(meter, Instant.parse("2026-03-28T00:00:00Z"), 3 * 96));
    String range = "&from=2026-03-27T00:00:00Z&to=2026-04-02T00:00:00Z";
    HttpResponse<String> feed =
        shared
            .as(Who.VIEWER)
            .get("/api/v1/service-points/export?servicePoint=Tauschweg%203" + range);
    // the meter is there since its shipment came: nothing of before is the service point's
    assertThat(feed.statusCode()).isEqualTo(403);
    feed = shared.as(Who.VIEWER).get("/api/v1/meters/" + meter + "/export?layer=raw" + range);
    assertThat(feed.statusCode()).as(feed.body()).isEqualTo(200);
    assertThat(feed.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/atom+xml");
    Path file = Files.writeString(folder.resolve("feed.xml"), feed.body());
    FeedReport report = FeedCheck.check(file, XmlLimits.of(1 << 22));
    assertThat(report.findings()).isEmpty();
    assertThat(report.series().getFirst().readings()).isEqualTo(288);
    assertThat(report.series().getFirst().sum()).isEqualByComparingTo(new BigDecimal(sum(288)));

    JsonNode taken = take("feed.xml&meter=" + other, feed.body());
    assertThat(taken.get("stored").asBoolean()).as(taken.toString()).isTrue();
    for (String day : List.of("2026-03-28", "2026-03-29", "2026-03-30")) {
      assertThat(slots(other, day)).isNotEmpty().isEqualTo(slots(meter, day));
    }
    HttpResponse<String> csv =
        shared
            .as(Who.VIEWER)
            .get("/api/v1/meters/" + meter + "/export?format=csv&layer=raw" + range);
    assertThat(csv.body().lines().skip(1).findFirst().orElseThrow())
        .isEqualTo(meter + ",2026-03-28T01:00:00+01:00,0.100,good");
    JsonNode cim =
        Api.json(
            shared
                .as(Who.VIEWER)
                .get("/api/v1/meters/" + meter + "/export?format=cim-json" + range));
    assertThat(cim.at("/EventMessage/Payload/MeterReadings/MeterReading/0/Meter/mRID").asString())
        .isEqualTo(meter);
  }

  @Test
  @DisplayName("S15 MeterReadings, EndDeviceEvents and MeterConfig are answered in XML and JSON")
  void cim() throws Exception {
    String meter = meter("XCH0000005", (byte) 5);
    String created =
        """
        {"EventMessage":{"Header":{"Verb":"created","Noun":"MeterReadings","Source":"HES-2",
        "MessageID":"m-1"},"Payload":{"MeterReadings":{"MeterReading":[{"Meter":{"mRID":"%s"},
        "IntervalBlocks":[{"ReadingType":{"@ref":"0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"},
        "IntervalReadings":[{"timeStamp":"2026-03-05T00:15:00Z","value":"0.25"},
        {"timeStamp":"2026-03-05T00:30:00Z","value":"0.5",
        "ReadingQualities":[{"ReadingQualityType":{"@ref":"3.8.0"}}]}]}]}]}}}}
        """
            .formatted(meter);
    HttpResponse<String> answer = cim(Who.OPERATOR, "readings", created, "application/json");
    assertThat(Api.json(answer).at("/ResponseMessage/Reply/Result").asString())
        .as(answer.body())
        .isEqualTo("OK");
    List<JsonNode> slots = slots(meter, "2026-03-05");
    assertThat(slots).hasSize(2);
    assertThat(slots.get(0).get("value").asString()).isEqualTo("250");
    assertThat(slots.get(1).get("quality").toString()).contains("estimated");

    String get =
        """
        <RequestMessage xmlns="http://iec.ch/TC57/2011/schema/message"><Header><Verb>get</Verb>
        <Noun>%s</Noun><CorrelationID>c-7</CorrelationID></Header><Request>
        <StartTime>2026-03-05T00:00:00Z</StartTime><EndTime>2026-03-06T00:00:00Z</EndTime>
        <EndDevice><mRID>%s</mRID></EndDevice></Request></RequestMessage>
        """;
    String readings =
        cim(Who.VIEWER, "get", get.formatted("MeterReadings", meter), "application/xml").body();
    assertThat(readings)
        .contains(
            "<CorrelationID>c-7</CorrelationID>",
            "<Result>OK</Result>",
            "<timeStamp>2026-03-05T00:15:00Z</timeStamp>",
            "<value>0.250</value>",
            "<ReadingType ref=\"0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0\"/>");
    assertThat(
            cim(Who.VIEWER, "get", get.formatted("EndDeviceEvents", meter), "application/xml")
                .body())
        .contains("<EndDeviceEvents xmlns=\"http://iec.ch/TC57/2011/EndDeviceEvents#\"");
    assertThat(
            cim(Who.VIEWER, "get", get.formatted("MeterConfig", meter), "application/xml").body())
        .contains("<mRID>" + meter + "</mRID>", "<name>Tauschweg 5</name>");
    assertThat(
            cim(Who.VIEWER, "get", get.formatted("MeterReadings", "NOBODY"), "application/xml")
                .body())
        .contains("<Result>FAILED</Result>", "<code>2.4</code>");

    String config =
        """
        {"EventMessage":{"Header":{"Verb":"changed","Noun":"MeterConfig"},"Payload":{"MeterConfig":
        {"Meter":[{"mRID":"%s","Names":[{"name":"%s","NameType":{"name":"ServicePoint"}}]%s}]}}}}
        """;
    assertThat(
            cim(Who.OPERATOR, "meters", config.formatted(meter, "Neuweg 9", ""), "application/json")
                .body())
        .contains("\"OK\"");
    assertThat(
            Api.json(shared.as(Who.VIEWER).get("/api/v1/meters/" + meter))
                .get("servicePoint")
                .asString())
        .isEqualTo("Neuweg 9");
    assertThat(
            cim(
                    Who.OPERATOR,
                    "meters",
                    config.formatted(meter, "Neuweg 9", ",\"serialNumber\":\"another\""),
                    "application/json")
                .body())
        .contains("FAILED", "another serialNumber");
  }

  @Test
  @DisplayName(
      "C12 an EndDeviceControl makes a draft that people sign, and a token may not send it")
  void controls() throws Exception {
    String meter = meter("XCH0000006", (byte) 6);
    String control =
        """
        {"RequestMessage":{"Header":{"Verb":"create","Noun":"EndDeviceControls","Source":"CIS"},
        "Payload":{"EndDeviceControls":{"EndDeviceControl":[{"mRID":"e-1","reason":"unpaid",
        "EndDeviceControlType":{"@ref":"3.31.0.23"},"EndDevices":[{"mRID":"%s"}]}]}}}}
        """;
    HttpResponse<String> answer =
        cim(Who.OPERATOR, "controls", control.formatted(meter), "application/json");
    JsonNode drafted =
        Api.json(answer).at("/ResponseMessage/Payload/EndDeviceControls/EndDeviceControl/0");
    assertThat(drafted.get("mRID").asString()).as(answer.body()).hasSize(36);
    JsonNode command =
        Api.json(shared.as(Who.VIEWER).get("/api/v1/commands/" + drafted.get("mRID").asString()));
    assertThat(command.get("state").asString().toLowerCase(java.util.Locale.ROOT))
        .isIn("drafted", "released", "quarantined");
    assertThat(command.get("reason").asString()).contains("e-1", "CIS", "unpaid");
    assertThat(
            cim(Who.COMMAND_LINE, "controls", control.formatted(meter), "application/json")
                .statusCode())
        .isEqualTo(403);
    int before = commands();
    assertThat(
            cim(Who.OPERATOR, "controls", control.formatted("NOBODY"), "application/json").body())
        .contains("FAILED", "2.4");
    assertThat(cim(Who.OPERATOR, "readings", control.formatted(meter), "application/json").body())
        .contains("FAILED", "MeterReadings");
    assertThat(commands()).isEqualTo(before);
  }

  private static int commands() {
    return Api.json(shared.as(Who.VIEWER).get("/api/v1/commands")).get("total").asInt();
  }

  private static HttpResponse<String> cim(Who who, String to, String message, String type) {
    Api api = shared.as(who);
    return api.send(
        api.request("/api/v1/cim/" + to)
            .header("Content-Type", type)
            .header("Accept", type)
            .POST(BodyPublishers.ofString(message)));
  }

  private static JsonNode take(String query, String text) {
    Api operator = shared.as(Who.OPERATOR);
    HttpResponse<String> answer =
        operator.send(
            operator
                .request("/api/v1/imports?file=" + query)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(text)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Api.json(answer);
  }

  private static List<JsonNode> slots(String meter, String day) {
    Api viewer = shared.as(Who.VIEWER);
    HttpResponse<String> answer =
        viewer.get(
            "/api/v1/meters/%s/readings?channel=1.0.1.29.0.255&from=%sT00:00:00Z&to=%sT23:59:59Z"
                .formatted(meter, day, day));
    return Api.json(answer).get("slots").valueStream().toList();
  }

  /** Quarter-hours of 100 Wh, 101 Wh and so on. */
  private static String csv(String meter, Instant from, int count) {
    StringBuilder text = new StringBuilder("meter,start,kwh\n");
    for (int i = 0; i < count; i++) {
      text.append(meter)
          .append(',')
          .append(from.plusSeconds(900L * i))
          .append(",0.")
          .append(100 + i)
          .append('\n');
    }
    return text.toString();
  }

  private static int sum(int count) {
    return count * 100 + count * (count - 1) / 2;
  }

  private static String meter(String serial, byte number) throws Exception {
    byte[] title = {'X', 'C', 'H', 0, 0, 0, 0, number};
    TestMeter meter = new TestMeter(serial, title, GUEK, GAK);
    Api operator = shared.as(Who.OPERATOR);
    String shipment =
        meter
            .shipment(operator.get("/api/v1/office-key").body())
            .replace("Testweg 1", "Tauschweg " + number);
    HttpResponse<String> taken = operator.post("/api/v1/meters/import", shipment);
    assertThat(Api.json(taken).get("stored").asBoolean()).as(taken.body()).isTrue();
    return serial;
  }
}
