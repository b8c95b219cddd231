package org.gridwarden.exchange.cim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.EventId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.XmlLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Messages of IEC 61968-9, laid by hand after messages that head-ends have published: the envelope
 * and MeterReadings as a head-end in Taiwan sends them, the get as one in Iran is asked, the
 * control as in the examples of a collection for Camel. The standard's own schemas were not at
 * hand.
 */
class CimMessagesTest {
  private static final XmlLimits LIMITS = XmlLimits.of(1 << 20);

  private static final String GET =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <RequestMessage xmlns="http://iec.ch/TC57/2011/schema/message"
          xmlns:m="http://iec.ch/TC57/2011/GetMeterReadings#">
        <Header><Verb>get</Verb><Noun>MeterReadings</Noun><Revision>2.0</Revision>
          <Timestamp>2026-03-14T20:04:39+04:30</Timestamp><Source>MDM</Source>
          <MessageID>83c643e6-85c5-43c0-9e0a-fa1deb469b72</MessageID>
          <CorrelationID>1001</CorrelationID></Header>
        <Request><StartTime>2026-03-14T00:00:00Z</StartTime><EndTime>2026-03-15T00:00:00Z</EndTime>
          <m:GetMeterReadings>
            <m:EndDevice><m:mRID>M1</m:mRID></m:EndDevice>
            <m:EndDevice><m:Names><m:name>M2</m:name></m:Names></m:EndDevice>
            <m:UsagePoint><m:mRID>Testweg 1</m:mRID></m:UsagePoint>
          </m:GetMeterReadings></Request>
      </RequestMessage>
      """;

  private static final String CONTROL =
      """
      {"RequestMessage": {
        "Header": {"Verb": "create", "Noun": "EndDeviceControls", "MessageID": "aab72e66"},
        "Payload": {"EndDeviceControls": {"EndDeviceControl": {
          "mRID": "2b928834", "reason": "unpaid since March",
          "EndDeviceControlType": {"@ref": "3.31.0.23"},
          "EndDevices": [{"mRID": "M1"}, {"Names": {"name": "M2"}}]}}}}}
      """;

  @Test
  @DisplayName("a get in XML says of whom and when")
  void get() throws Exception {
    CimMessage message = message(GET, false);
    assertThat(message.kind()).isEqualTo("RequestMessage");
    assertThat(message.header().correlationId()).isEqualTo("1001");
    CimRequest asked = CimRequest.of(message);
    assertThat(asked.meters()).containsExactly("M1", "M2");
    assertThat(asked.usagePoints()).containsExactly("Testweg 1");
    assertThat(asked.from()).contains(Instant.parse("2026-03-14T00:00:00Z"));
    assertThat(asked.to()).contains(Instant.parse("2026-03-15T00:00:00Z"));
  }

  @Test
  @DisplayName("a control in JSON is an order for each device; an unknown type is none")
  void control() throws Exception {
    List<CimControls.Order> orders = CimControls.orders(message(CONTROL, true).needed());
    assertThat(orders)
        .containsExactly(
            new CimControls.Order(
                "2b928834", "disconnect", List.of("M1", "M2"), "unpaid since March"));
    assertThatThrownBy(() ->
            CimControls.orders(message(CONTROL.replace("3.31.0.23", "3.31.0.99"), true).needed()))
        .isInstanceOf(CimException.class)
        .hasMessageContaining("3.31.0.23");
    assertThatThrownBy(() ->
            message(CONTROL.replace("\"EndDeviceControls\": {\"EndD", "\"Other\": {\"EndD"), true)
                .needed())
        .hasMessageContaining("EndDeviceControls");
  }

  @Test
  @DisplayName("the same message in XML and JSON is the same")
  void bothForms() throws Exception {
    Element xml = CimReader.read(in(GET), false, LIMITS);
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    CimReader.write(xml, true, json);
    CimMessage again = message(json.toString(StandardCharsets.UTF_8), true);
    assertThat(CimRequest.of(again)).isEqualTo(CimRequest.of(message(GET, false)));
    assertThat(again.header()).isEqualTo(message(GET, false).header());
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    CimReader.write(xml, false, back);
    assertThat(CimReader.read(in(back.toString(StandardCharsets.UTF_8)), false, LIMITS))
        .isEqualTo(xml);
  }

  @Test
  @DisplayName("an answer names what it answers, its result and its error")
  void answers() throws Exception {
    CimMessage asked = message(GET, false);
    UUID id = new UUID(7, 8);
    Instant at = Instant.parse("2026-03-15T01:00:00Z");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CimReader.write(
        Envelope.failed(
                asked.header(), id, at, new CimException(CimException.Code.METER, "no such meter"))
            .element(),
        false,
        out);
    CimMessage answer =
        CimMessage.of(CimReader.read(in(out.toString(StandardCharsets.UTF_8)), false, LIMITS));
    assertThat(answer.kind()).isEqualTo("ResponseMessage");
    assertThat(answer.header())
        .isEqualTo(new CimHeader("reply", "MeterReadings", "Gridwarden", id.toString(), "1001"));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "<Result>FAILED</Result>", "<code>2.4</code>", "<details>no such meter</details>");
  }

  @Test
  @DisplayName("events go out with their type's code and our word beside it")
  void events() throws Exception {
    Warning cover =
        new Warning(
            new MeterId("M1"),
            new EventId(new UUID(1, 2)),
            Instant.parse("2026-03-15T01:00:00Z"),
            "tamper.meter-cover",
            Severity.CRITICAL,
            "The <cover> was opened");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CimEvents.write(
        Envelope.event("EndDeviceEvents", new UUID(3, 4), cover.at()),
        List.of(cover).iterator(),
        false,
        out);
    Element event =
        CimMessage.of(CimReader.read(in(out.toString(StandardCharsets.UTF_8)), false, LIMITS))
            .needed()
            .child("EndDeviceEvent")
            .orElseThrow();
    assertThat(event.namespace()).isEqualTo("http://iec.ch/TC57/2011/EndDeviceEvents#");
    assertThat(event.textOf("mRID")).isEqualTo(cover.id().value().toString());
    assertThat(event.textOf("createdDateTime")).isEqualTo("2026-03-15T01:00:00Z");
    assertThat(event.textOf("reason")).isEqualTo("The <cover> was opened");
    assertThat(event.textAt("Assets", "mRID")).isEqualTo("M1");
    assertThat(event.textAt("EndDeviceEventDetails", "value")).isEqualTo("tamper.meter-cover");
    assertThat(event.child("EndDeviceEventType").orElseThrow().attribute("ref"))
        .isEqualTo("3.12.141.212");
    assertThat(CimEvents.type("never.heard-of")).isEqualTo("3.0.0.0");
  }

  @Test
  @DisplayName("reading types are eighteen numbers, of which energy over an interval is understood")
  void readingTypes() {
    ReadingTypeCode hour =
        ReadingTypeCode.parse("0.0.7.4.19.1.12.0.0.0.0.0.0.0.0.3.72.0").orElseThrow();
    assertThat(hour.seconds()).isEqualTo(3600);
    assertThat(hour.measure().orElseThrow().channel()).hasToString("1.0.2.29.0.255");
    assertThat(hour.multiplier()).isEqualTo(3);
    for (int seconds : ReadingTypeCode.periods()) {
      ReadingTypeCode made =
          ReadingTypeCode.interval(hour.measure().orElseThrow(), seconds).orElseThrow();
      assertThat(ReadingTypeCode.parse(made.toString())).contains(made);
      assertThat(made.seconds()).isEqualTo(seconds);
    }
    assertThat(ReadingTypeCode.interval(hour.measure().orElseThrow(), 901)).isEmpty();
    // a register, a voltage, and what is none
    assertThat(
            ReadingTypeCode.parse("0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0").orElseThrow().measure())
        .isEmpty();
    assertThat(
            ReadingTypeCode.parse("0.0.0.12.0.1.54.0.0.0.0.0.0.0.128.0.29.0")
                .orElseThrow()
                .measure())
        .isEmpty();
    assertThat(ReadingTypeCode.parse("3.0.129.160")).isEqualTo(Optional.empty());
    assertThat(ReadingTypeCode.parse("1".repeat(4000))).isEmpty();
  }

  @Test
  @DisplayName("C39 a message that is too deep, too long or none is refused with its place")
  void refused() {
    String deep = "{\"a\":".repeat(200) + "1" + "}".repeat(200);
    assertThatThrownBy(() -> message(deep, true)).isInstanceOf(CimException.class);
    assertThatThrownBy(() -> message("{\"RequestMessage\":{\"Header\":[[1]]}}", true))
        .isInstanceOf(CimException.class)
        .hasMessageContaining("line 1");
    assertThatThrownBy(() -> message("<RequestMessage/>", false)).hasMessageContaining("Header");
    assertThatThrownBy(() -> CimReader.read(in(GET), false, XmlLimits.of(200)))
        .hasMessageContaining("more than 200 bytes");
    assertThatThrownBy(() -> message(GET.replace("get</Verb>", "</Verb>"), false))
        .hasMessageContaining("Verb");
  }

  private static CimMessage message(String text, boolean json) throws Exception {
    return CimMessage.of(CimReader.read(in(text), json, LIMITS));
  }

  private static ByteArrayInputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
