package org.gridwarden.bench.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.gridwarden.bench.net.Link;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class HtmlReportTest {
  private static final Settings SETTINGS =
      new Settings(
          Variant.chosen("mqtt,coap-con", "1,con"),
          10,
          Link.preset("nb-iot").orElseThrow(),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          5,
          Duration.ofSeconds(60),
          Duration.ZERO,
          1,
          false,
          false,
          false,
          Optional.empty());

  private static Result result(String name, double wire) {
    return new Result(name)
        .put(Figure.WIRE_BYTES, wire)
        .put(Figure.PACKETS, 4)
        .put(Figure.PAYLOAD_BYTES, wire / 2)
        .put(Figure.SECURITY_BYTES, wire / 4)
        .put(Figure.INTERNET_BYTES, wire / 4)
        .put(Figure.ACKNOWLEDGED_P50, 1_700)
        .put(Figure.ACKNOWLEDGED_P95, 2_100)
        .put(Figure.ACKNOWLEDGED_P99, 4_000)
        .put(Figure.DELIVERED_PERCENT, 100)
        .put(Figure.DUPLICATES, 2)
        .put(Figure.OUTAGE_DELIVERED_PERCENT, 50)
        .put(Figure.DAY_ENERGY, wire);
  }

  @Test
  void thePageHasPlotsSentencesAndNothingFromElsewhere() throws Exception {
    List<Result> results = List.of(result("mqtt-qos1", 800), result("coap-con", 400));
    String page =
        new HtmlReport(
                SETTINGS,
                new Testbed.Outcome(
                    results, true, "a <link> & its 'model'", List.of("sip: it said <nothing>")),
                List.of("xmpp: Prosody is not installed"),
                Instant.parse("2026-11-26T12:00:00Z"))
            .page();
    assertThat(page)
        .contains("a &lt;link&gt; &amp; its &#39;model&#39;")
        .contains("Least of all: 400 bytes on the wire a message")
        .contains("800 bytes on the wire a message, 2.0 times the least")
        .contains("50 % of what was due during the outage had not come as long again")
        .contains("No order reaches the meter in this form")
        .contains("not measured")
        .contains("Not measured: xmpp: Prosody is not installed; sip: it said &lt;nothing&gt;.")
        .doesNotContain("http://", "https://", "src=", "NaN");
    Matcher plots = Pattern.compile("<svg.*?</svg>").matcher(page);
    int count = 0;
    while (plots.find()) {
      // each is well-formed by itself
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(plots.group())));
      count++;
    }
    assertThat(count).isEqualTo(5);
  }

  @Test
  void figuresAreWrittenForPrograms() {
    Result result = new Result("mqtt-qos1").put(Figure.METERS, 10).put(Figure.UP_P50, Double.NaN);
    assertThat(Result.head()).startsWith("variant,meters,setup_bytes");
    assertThat(result.csv().split(",", -1)).hasSize(Result.head().split(",").length);
    assertThat(result.json()).isEqualTo("{\"variant\":\"mqtt-qos1\",\"meters\":10.000}");
    assertThat(Result.millis(List.of(4_000_000L, 1_000_000L, 3_000_000L, 2_000_000L), 0.5))
        .isEqualTo(2.0);
    assertThat(Result.millis(List.of(4_000_000L, 1_000_000L), 0.99)).isEqualTo(4.0);
  }

  @Test
  void variantsAreChosenByChannelAndQuality() {
    assertThat(Variant.chosen("mqtt", "all"))
        .extracting(Variant::name)
        .containsExactly("mqtt-qos0", "mqtt-qos1", "mqtt-qos2");
    assertThat(Variant.chosen("coap, websocket", "non"))
        .extracting(Variant::name)
        .containsExactly("coap-non", "websocket");
    assertThat(Variant.chosen("mqtt-qos2", "con"))
        .extracting(Variant::name)
        .containsExactly("mqtt-qos2");
    assertThat(Variant.chosen("mqtt-qos1,coap-oscore,coap-dtls,xmpp", "all"))
        .extracting(variant -> variant.where(false) + " " + variant.where(true))
        .containsExactly(
            "mqtt.tcp mqtt.tls", "coap.udp coap.udp", "coap.dtls coap.dtls", "xmpp.c2s xmpp.c2s");
    assertThat(Variant.chosen("coap", "all"))
        .filteredOn(Variant::canBeSecure)
        .extracting(Variant::name)
        .containsExactly("coap-oscore", "coap-dtls");
    assertThatThrownBy(() -> Variant.chosen("morse", "all")).hasMessageContaining("mqtt-qos0");
    assertThatThrownBy(() -> Variant.chosen("all", "3")).hasMessageContaining("con, non");
  }

  @Test
  void aPagesFiguresLieBesideIt() {
    assertThat(ChannelsRun.beside(Path.of("out/nb-iot.html"))).hasToString("out/nb-iot.csv");
    assertThat(ChannelsRun.beside(Path.of("nb.iot.htm"))).hasToString("nb.iot.csv");
    assertThat(ChannelsRun.beside(Path.of("report"))).hasToString("report.csv");
    // the page itself is not written over
    assertThat(ChannelsRun.beside(Path.of("odd.csv"))).hasToString("odd.csv.csv");
  }

  @Test
  void aRadiosModelIsItsFormula() {
    Radio radio = new Radio("r", 500, 100, 200, 20, 10, 50, 25, "a test");
    // 1,000 bytes up: 160 ms at 500 mW; 500 down: 160 ms at 100 mW; 2 s at 200 mW; 10 s at 20 mW
    assertThat(radio.exchange(1_000, 500, 2)).isCloseTo(80 + 16 + 400 + 200, within(1e-9));
    assertThat(Radio.all()).extracting(Radio::name).contains("nb-iot", "lte", "rf-mesh");
    assertThat(Radio.all()).allSatisfy(r -> assertThat(r.source()).hasSizeGreaterThan(20));
    assertThat(Radio.of(Radio.all(), "fibre").name()).isEqualTo("nb-iot");
  }
}
