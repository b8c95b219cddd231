package org.gridwarden.exchange.greenbutton;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.XmlException;
import org.gridwarden.exchange.xml.XmlLimits;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: whatever comes as a feed, it is refused with its line, or is written again as it was and
 * checked without an exception.
 */
class FeedFuzz {
  private static final XmlLimits LIMITS = new XmlLimits(1 << 16, 2_000, 24, 4_096);

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) throws Exception {
    List<Element> first = new ArrayList<>();
    StringWriter text = new StringWriter();
    FeedWriter writer = new FeedWriter(text);
    try {
      read(input, first, writer);
    } catch (XmlException e) {
      assertThat(e.getMessage()).isNotBlank();
      assertThat(FeedCheck.meaning(new ByteArrayInputStream(input), LIMITS).findings())
          .isNotEmpty();
      return;
    }
    writer.end();
    List<Element> second = new ArrayList<>();
    byte[] written = text.toString().getBytes(StandardCharsets.UTF_8);
    FeedReader.read(
        new ByteArrayInputStream(written), XmlLimits.of(1 << 20), collecting(second, null));
    assertThat(second).isEqualTo(first);
    assertThat(FeedCheck.meaning(new ByteArrayInputStream(input), LIMITS)).isNotNull();
  }

  private static void read(byte[] input, List<Element> into, FeedWriter writer) throws Exception {
    FeedReader.read(new ByteArrayInputStream(input), LIMITS, collecting(into, writer));
  }

  private static FeedReader.Handler collecting(
      List<Element> into, @org.jspecify.annotations.Nullable FeedWriter writer) {
    return new FeedReader.Handler() {
      @Override
      public void head(Element feed) {
        into.add(feed);
        if (writer != null) {
          writer.head(feed);
        }
      }

      @Override
      public void entry(Entry entry) {
        into.add(entry.element());
        if (writer != null) {
          writer.entry(entry);
        }
      }

      @Override
      public void rest(List<Element> elements) {
        into.addAll(elements);
        if (writer != null) {
          writer.rest(elements);
        }
      }
    };
  }

  static Stream<Arguments> seeds() {
    String entry =
        "<entry><id>urn:uuid:1</id><link rel=\"self\" href=\"/a\"/><link rel='up' href='/a/x'/>"
            + "<title>t &amp; u</title><content>%s</content><updated>2026-01-01T00:00:00Z</updated>"
            + "</entry>";
    return Stream.of(
            "<IntervalBlock xmlns='http://naesb.org/espi'><interval><duration>900</duration><start>0"
                + "</start></interval><IntervalReading><ReadingQuality><quality>8</quality>"
                + "</ReadingQuality><timePeriod><duration>900</duration><start>0</start></timePeriod>"
                + "<value>-5</value></IntervalReading></IntervalBlock>",
            "<e:LocalTimeParameters xmlns:e='http://naesb.org/espi'><e:dstEndRule>B40E2000"
                + "</e:dstEndRule><e:dstOffset>3600</e:dstOffset><e:dstStartRule>360E2000"
                + "</e:dstStartRule><e:tzOffset>-18000</e:tzOffset></e:LocalTimeParameters>",
            "<ReadingType xmlns='http://naesb.org/espi'><flowDirection>1</flowDirection>"
                + "<powerOfTenMultiplier>-3</powerOfTenMultiplier><uom>72</uom></ReadingType>",
            "<UsagePoint xmlns='http://naesb.org/espi'><![CDATA[ ]]><ServiceCategory><kind>0</kind>"
                + "</ServiceCategory></UsagePoint>")
        .map(c ->
            "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><id>i</id>"
                + entry.formatted(c)
                + "<!-- c --></feed>")
        .map(s -> Arguments.of((Object) s.getBytes(StandardCharsets.UTF_8)));
  }
}
