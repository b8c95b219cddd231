package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Billing;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Received;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.server.SharedServer.Who;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;

/** S31: what was stored comes out of the API as it went in, as JSON, as XML and as CSV. */
@ExtendWith(SharedServer.Lender.class)
class ReadingsIT {
  private static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
  private static final MeterId METER = new MeterId("RDG0000001");
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final ObisCode REGISTER = ObisCode.parse("1.0.1.8.0.255");
  private static final String PATH = "/api/v1/meters/" + METER + "/readings?channel=" + ENERGY;

  /** With 100 quarter-hours, and the one before it. */
  private static final LocalDate LONG = LocalDate.of(2026, 10, 25);

  private static final Instant BEGIN = LONG.minusDays(1).atStartOfDay(ZONE).toInstant();
  private static final Instant END = LONG.plusDays(1).atStartOfDay(ZONE).toInstant();

  /** 196 slots; these are not known, one is estimated. */
  private static final int MISSING = 50;

  private static final int ESTIMATED = 7;

  private static Api api;

  @BeforeAll
  static void store(SharedServer shared) {
    api = shared.as(Who.VIEWER);
    shared
        .server()
        .store()
        .meters()
        .put(
            new Meter(
                METER,
                METER.value(),
                new byte[] {'R', 'D', 'G', 0, 0, 0, 0, 1},
                "street",
                ZONE,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            "=cmd|'/c calc'!A1, \"Läden\" 7");
    List<IntervalBlock> blocks = new ArrayList<>();
    int slot = 0;
    for (LocalDate date : List.of(LONG.minusDays(1), LONG)) {
      Day day = Day.of(date, ZONE, Duration.ofMinutes(15));
      long[] values = new long[day.slots()];
      byte[] quality = new byte[day.slots()];
      for (int i = 0; i < values.length; i++, slot++) {
        values[i] = raw(slot);
        quality[i] =
            slot == MISSING
                ? Quality.MISSING
                : slot == ESTIMATED ? Quality.ESTIMATED : Quality.GOOD;
      }
      blocks.add(
          new IntervalBlock(METER, ENERGY, Layer.RAW, day, -1, Unit.WATT_HOUR, values, quality));
    }
    Reading register =
        new Reading(REGISTER, BEGIN, new ScaledValue(123_456, -2, Unit.WATT_HOUR), (byte) 0);
    byte[] bytes = {1, 2, 3};
    shared
        .server()
        .store()
        .intake()
        .commit(
            List.of(
                new Received(
                    new MessageId(METER, new byte[] {1}, 1, new byte[32]),
                    new ChannelId("dlms", "test"),
                    END,
                    Assurance.MAC,
                    bytes,
                    List.of(
                        new Usage(METER, List.of(), List.of(), blocks, List.of()),
                        new Billing(METER, List.of(register))))));
  }

  private static long raw(int slot) {
    return 1_000 + slot * 7L;
  }

  /** What slot a range's nth is, as a decimal text. */
  private static String value(int slot) {
    return BigDecimal.valueOf(raw(slot), 1).toPlainString();
  }

  private static String range(Instant from, Instant to) {
    return "&from=" + from + "&to=" + to;
  }

  private static HttpResponse<String> csv(String path) {
    return api.send(api.request(path).header("Accept", "text/csv").GET());
  }

  @Test
  void jsonHoldsEverySlotOfTheRange() {
    HttpResponse<String> answer = api.get(PATH + range(BEGIN, END));
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode all = Api.json(answer);
    assertThat(all.get("meter").asString()).isEqualTo(METER.value());
    assertThat(all.get("unit").asString()).isEqualTo("Wh");
    assertThat(all.get("scaler").asInt()).isEqualTo(-1);
    assertThat(all.get("intervalSeconds").asInt()).isEqualTo(900);
    assertThat(all.get("zone").asString()).isEqualTo("Europe/Zurich");
    JsonNode slots = all.get("slots");
    assertThat(slots).hasSize(96 + 100);
    for (int i = 0; i < slots.size(); i++) {
      JsonNode slot = slots.get(i);
      assertThat(slot.get("start").asString())
          .isEqualTo(BEGIN.plus(Duration.ofMinutes(15L * i)).toString());
      if (i == MISSING) {
        assertThat(slot.get("value").isNull()).isTrue();
        assertThat(slot.get("quality").toString()).isEqualTo("[\"missing\"]");
      } else {
        assertThat(slot.get("value").asString()).isEqualTo(value(i));
        assertThat(slot.get("quality").toString())
            .isEqualTo(i == ESTIMATED ? "[\"estimated\"]" : "[]");
      }
    }
  }

  @Test
  void csvHoldsTheSameValues() {
    HttpResponse<String> answer = csv(PATH + range(BEGIN, END));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/csv;charset=UTF-8");
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"" + METER + ".csv\"");
    List<String> expected = new ArrayList<>();
    expected.add("meter,channel,start,end,value,unit,quality");
    for (int i = 0; i < 196; i++) {
      if (i != MISSING) {
        Instant start = BEGIN.plus(Duration.ofMinutes(15L * i));
        expected.add(
            "%s,%s,%s,%s,%s,Wh,%s"
                .formatted(
                    METER,
                    ENERGY,
                    start,
                    start.plus(Duration.ofMinutes(15)),
                    value(i),
                    i == ESTIMATED ? "estimated" : ""));
      }
    }
    assertThat(answer.body()).isEqualTo(String.join("\r\n", expected) + "\r\n");
  }

  @Test
  void xmlHoldsWhatJsonHolds() throws Exception {
    Element all = xml(PATH + range(BEGIN, END));
    JsonNode json = Api.json(api.get(PATH + range(BEGIN, END)));
    assertThat(all.getNamespaceURI()).isEqualTo(ReadingsXml.NAMESPACE);
    for (String field : List.of("meter", "channel", "unit", "scaler", "intervalSeconds", "zone")) {
      assertThat(all.getAttribute(field)).isEqualTo(json.get(field).asString());
    }
    NodeList slots = all.getElementsByTagNameNS(ReadingsXml.NAMESPACE, "slot");
    assertThat(slots.getLength()).isEqualTo(196);
    for (int i = 0; i < slots.getLength(); i++) {
      Element slot = (Element) slots.item(i);
      JsonNode same = json.get("slots").get(i);
      assertThat(slot.getAttribute("start")).isEqualTo(same.get("start").asString());
      assertThat(slot.hasAttribute("value")).isEqualTo(i != MISSING);
      assertThat(slot.getAttribute("value")).isEqualTo(i == MISSING ? "" : value(i));
      assertThat(slot.getAttribute("quality"))
          .isEqualTo(i == MISSING ? "missing" : i == ESTIMATED ? "estimated" : "");
    }
    Element registers =
        xml("/api/v1/meters/" + METER + "/registers?" + range(BEGIN, END).substring(1));
    Element register = (Element) registers.getFirstChild();
    assertThat(register.getLocalName()).isEqualTo("reading");
    assertThat(register.getAttribute("value")).isEqualTo("1234.56");
    assertThat(register.getAttribute("unit")).isEqualTo("Wh");
    assertThat(xml("/api/v1/meters/" + METER + "/momentary").hasChildNodes()).isFalse();
  }

  private static Element xml(String path) throws Exception {
    HttpResponse<String> answer =
        api.send(api.request(path).header("Accept", "application/xml").GET());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("application/xml;charset=UTF-8");
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
    return factory
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(answer.body())))
        .getDocumentElement();
  }

  @Test
  void aRangeBeginsWithItsFirstAndEndsBeforeItsLastInstant() {
    JsonNode slots =
        Api.json(
                api.get(
                    PATH
                        + range(
                            BEGIN.plus(Duration.ofMinutes(15)),
                            BEGIN.plus(Duration.ofMinutes(60)))))
            .get("slots");
    assertThat(slots)
        .extracting(s -> s.get("value").asString())
        .containsExactly(value(1), value(2), value(3));
    assertThat(Api.json(api.get(PATH + range(END, END.plusSeconds(900)))).get("slots")).isEmpty();
    assertThat(Api.json(api.get(PATH + "&layer=final" + range(BEGIN, END))).get("slots"))
        .as("what counts, where nothing stands in for anything")
        .isEqualTo(Api.json(api.get(PATH + range(BEGIN, END))).get("slots"));
  }

  @ParameterizedTest
  @CsvSource({
    "from=2026-10-25T00:00:00Z&to=2026-10-25T00:00:00Z, from, is before to",
    "from=2026-10-26T00:00:00Z&to=2026-10-25T00:00:00Z, from, is before to",
    "from=yesterday, from, is an instant such as",
    "to=2026-10-25, to, is an instant such as",
    "layer=cooked, layer, is raw or final",
  })
  void aBadRangeIsAProblemWithItsPlaceAndRemedy(String query, String where, String remedy) {
    for (HttpResponse<String> answer :
        List.of(api.get(PATH + "&" + query), csv(PATH + "&" + query))) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
      JsonNode problem = Api.json(answer);
      assertThat(problem.get("status").asInt()).isEqualTo(400);
      assertThat(problem.get("code").asString()).isEqualTo("MALFORMED");
      assertThat(problem.get("where").asString()).isEqualTo(where);
      assertThat(problem.get("remedy").asString()).startsWith(remedy);
      assertThat(problem.get("detail").asString()).startsWith(where + ": " + remedy);
    }
  }

  @Test
  void aChannelThatIsNoneAndAMeterThatIsUnknownAreTold() {
    String meter = "/api/v1/meters/" + METER + "/readings";
    assertThat(Api.json(api.get(meter)).get("where").asString()).isEqualTo("channel");
    assertThat(Api.json(api.get(meter + "?channel=1.0.x")).get("where").asString())
        .isEqualTo("channel");
    HttpResponse<String> unknown = api.get(PATH.replace(METER.value(), "RDG9"));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(Api.json(unknown).get("code").asString()).isEqualTo("UNKNOWN_METER");
  }

  @Test
  void registersAndChannelsTellWhatThereIs() {
    JsonNode registers =
        Api.json(
                api.get("/api/v1/meters/" + METER + "/registers?" + range(BEGIN, END).substring(1)))
            .get("items");
    assertThat(registers).hasSize(1);
    assertThat(registers.get(0).get("value").asString()).isEqualTo("1234.56");
    assertThat(registers.get(0).get("at").asString()).isEqualTo(BEGIN.toString());
    assertThat(Api.json(api.get("/api/v1/meters/" + METER + "/channels")))
        .extracting(c -> c.get("obis").asString() + " " + c.get("kind").asString())
        .containsExactlyInAnyOrder(ENERGY + " interval", REGISTER + " register");
  }

  @Test
  void aListOfMetersIsPagedAndItsCsvHoldsAllWithoutAFormula() {
    String search = "/api/v1/meters?q=" + URLEncoder.encode("läden", StandardCharsets.UTF_8);
    JsonNode page = Api.json(api.get(search));
    assertThat(page.get("total").asInt()).isEqualTo(1);
    assertThat(page.get("items").get(0).get("id").asString()).isEqualTo(METER.value());
    assertThat(csv(search).body().lines().toList().get(1))
        .contains("\"'=cmd|'/c calc'!A1, \"\"Läden\"\" 7\"");
    for (Map.Entry<String, String> wrong :
        Map.of("size=0", "query", "page=-1", "query", "sort=colour", "query", "size=x", "size")
            .entrySet()) {
      HttpResponse<String> answer = api.get("/api/v1/meters?" + wrong.getKey());
      assertThat(answer.statusCode()).as(wrong.getKey()).isEqualTo(400);
      assertThat(Api.json(answer).get("where").asString()).isEqualTo(wrong.getValue());
    }
  }

  /** A street of twelve among sixty: the search is the database's, not the page's. */
  @Test
  void aSearchFindsBeyondTheFirstPage(SharedServer shared) {
    ConsoleData.fill(shared.server().store());
    JsonNode found = Api.json(api.get("/api/v1/meters?q=Sonnhalde"));
    assertThat(found.get("total").asInt()).isEqualTo(ConsoleData.METERS / 5);
    assertThat(found.get("items")).hasSize(ConsoleData.METERS / 5);
  }
}
