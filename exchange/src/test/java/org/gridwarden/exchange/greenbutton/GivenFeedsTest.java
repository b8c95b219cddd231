package org.gridwarden.exchange.greenbutton;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.gridwarden.exchange.xml.XmlLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/** The two feeds of the Green Button Alliance: read, checked and written again without loss. */
class GivenFeedsTest {
  private static final XmlLimits LIMITS = XmlLimits.of(16 << 20);

  @ParameterizedTest
  @CsvSource({
    "test_usage_data_01.xml, 7, 96, 1",
    "test_usage_data_1.xml, 11, 480, 5",
  })
  @DisplayName("S15 both given feeds are valid, and hold what their text says")
  void checked(String name, int entries, long readings, int blocks) throws Exception {
    FeedReport report = FeedCheck.check(file(name), LIMITS);
    assertThat(report.findings()).isEmpty();
    assertThat(report.entries()).isEqualTo(entries);
    assertThat(report.resources())
        .containsEntry("IntervalBlock", blocks)
        .containsEntry("UsagePoint", 1)
        .containsEntry("LocalTimeParameters", 1)
        .containsEntry("ElectricPowerQualitySummary", 1);
    FeedReport.Series series = report.series().getFirst();
    assertThat(report.series()).hasSize(1);
    assertThat(series.readings()).isEqualTo(readings);
    assertThat(series.missing()).isZero();
    assertThat(series.unit()).isEqualTo("Wh");
    assertThat(series.usagePoint()).isEqualTo("Front Electric Meter");
    assertThat(series.from()).isEqualTo(Instant.parse("2012-03-01T05:00:00Z"));
    assertThat(series.to()).isEqualTo(series.from().plusSeconds(readings * 900));
    // summed by another way: every <value> in an IntervalReading of the document
    assertThat(series.sum()).isEqualByComparingTo(sumByDom(file(name)));
    assertThat(report.local())
        .isEqualTo(
            "UTC-05:00, summer from the second Sunday in March at 02:00"
                + " to the first Sunday in November at 02:00");
  }

  @ParameterizedTest
  @ValueSource(strings = {"test_usage_data_01.xml", "test_usage_data_1.xml"})
  @DisplayName("S15 both given feeds are written again element by element as they were")
  void withoutLoss(String name) throws Exception {
    StringWriter text = new StringWriter();
    FeedWriter writer = new FeedWriter(text);
    try (InputStream in = Files.newInputStream(file(name))) {
      FeedReader.read(in, LIMITS, writer);
    }
    writer.end();
    byte[] written = text.toString().getBytes(StandardCharsets.UTF_8);

    // by a parser that is not ours: each element's name, attributes and text, in document order
    assertThat(content(new ByteArrayInputStream(written)))
        .containsExactlyElementsOf(content(Files.newInputStream(file(name))))
        .hasSizeGreaterThan(700);
    assertThat(SchemaCheck.check(new ByteArrayInputStream(written))).isEmpty();
    // and by ours
    assertThat(entries(written)).isEqualTo(entries(Files.readAllBytes(file(name))));
  }

  @Test
  @DisplayName("what is modelled of a feed means what the feed says")
  void modelled() throws Exception {
    List<Resource> resources = new ArrayList<>();
    for (Entry entry : entries(Files.readAllBytes(file("test_usage_data_01.xml")))) {
      resources.add(entry.resource().orElseThrow());
    }
    Resource.ReadingType type =
        resources.stream()
            .filter(Resource.ReadingType.class::isInstance)
            .map(Resource.ReadingType.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(type.uom()).hasValue(72);
    assertThat(type.flow()).hasValue(1);
    assertThat(type.interval()).hasValue(900);
    assertThat(type.multiplier()).hasValue(0);
    Resource.IntervalBlock block =
        resources.stream()
            .filter(Resource.IntervalBlock.class::isInstance)
            .map(Resource.IntervalBlock.class::cast)
            .findFirst()
            .orElseThrow();
    Resource.IntervalReading first = block.readings().getFirst();
    assertThat(first.value()).hasValue(282);
    assertThat(first.cost()).hasValue(974);
    assertThat(first.qualities()).containsExactly(8);
    assertThat(resources).anyMatch(Resource.UsageSummary.class::isInstance);
    assertThat(resources)
        .anyMatch(r ->
            r instanceof Resource.QualitySummary q
                && Long.valueOf(5).equals(q.values().get("mainsVoltage")));
  }

  static Path file(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(GivenFeedsTest.class.getResource(name), name).toURI());
  }

  private static List<Entry> entries(byte[] feed) throws Exception {
    List<Entry> entries = new ArrayList<>();
    FeedReader.read(
        new ByteArrayInputStream(feed),
        LIMITS,
        new FeedReader.Handler() {
          @Override
          public void head(org.gridwarden.exchange.xml.Element element) {
            entries.add(new Entry(element));
          }

          @Override
          public void entry(Entry entry) {
            entries.add(entry);
          }
        });
    entries.removeFirst();
    return entries;
  }

  /** A line an element: how deep, its name, its attributes by name, its text where it is a leaf. */
  private static List<String> content(InputStream in) throws Exception {
    List<String> lines = new ArrayList<>();
    walk(dom(in).getDocumentElement(), 0, lines);
    return lines;
  }

  private static void walk(Node node, int depth, List<String> lines) {
    TreeMap<String, String> attributes = new TreeMap<>();
    NamedNodeMap all = node.getAttributes();
    for (int i = 0; i < all.getLength(); i++) {
      Node attribute = all.item(i);
      if (!XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(attribute.getNamespaceURI())) {
        attributes.put(attribute.getNodeName(), attribute.getNodeValue());
      }
    }
    List<Node> children = new ArrayList<>();
    for (Node c = node.getFirstChild(); c != null; c = c.getNextSibling()) {
      if (c.getNodeType() == Node.ELEMENT_NODE) {
        children.add(c);
      }
    }
    String text = children.isEmpty() ? node.getTextContent() : "";
    lines.add(
        depth + " {" + node.getNamespaceURI() + "}" + node.getLocalName() + attributes + text);
    children.forEach(c -> walk(c, depth + 1, lines));
  }

  private static Document dom(InputStream in) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
    factory.setIgnoringComments(true);
    try (in) {
      return factory.newDocumentBuilder().parse(in);
    }
  }

  private static BigDecimal sumByDom(Path file) throws Exception {
    var values = dom(Files.newInputStream(file)).getElementsByTagNameNS("*", "value");
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < values.getLength(); i++) {
      if (values.item(i).getParentNode().getLocalName().equals("IntervalReading")) {
        sum = sum.add(new BigDecimal(values.item(i).getTextContent()));
      }
    }
    return sum;
  }

  static byte[] bytes(String name) throws IOException, URISyntaxException {
    return Files.readAllBytes(file(name));
  }
}
