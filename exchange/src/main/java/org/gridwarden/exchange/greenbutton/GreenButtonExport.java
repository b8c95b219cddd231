package org.gridwarden.exchange.greenbutton;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Uuid7;
import org.gridwarden.exchange.export.ExportChannel;
import org.gridwarden.exchange.export.ExportPart;
import org.gridwarden.exchange.export.Source;
import org.gridwarden.exchange.xml.Element;

/**
 * Writes stored intervals as a Green Button feed, valid by ESPI 4.0, a day's block after the other.
 * The same readings give the same ids. Thread-safe.
 */
public final class GreenButtonExport {
  private static final String BASE = "/espi/1_1/resource/";

  /** What the schema's Int48 holds. */
  private static final long MOST = 1L << 47;

  private final Source source;

  /** Of intervals from there. */
  public GreenButtonExport(Source source) {
    this.source = source;
  }

  /**
   * What a feed is of.
   *
   * @param subscription its number in addresses
   * @param title what people call the usage point: a service point, or a meter
   * @param zone its local time
   * @param at when it is made
   */
  public record Subject(UUID subscription, String title, ZoneId zone, Instant at) {
    /** One of somebody's own, without a subscription: its number is made of the title. */
    public static Subject of(String title, ZoneId zone, Instant at) {
      return new Subject(Uuid7.nameOnly("gridwarden " + title), title, zone, at);
    }
  }

  /**
   * Writes a feed.
   *
   * @param parts of one usage point, in order of time
   * @throws IOException where it cannot be written
   */
  public void write(Subject subject, List<ExportPart> parts, Writer out) throws IOException {
    try {
      new Feed(subject, parts, new FeedWriter(out)).write();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** One series: a meter's channel in a layer. */
  private record Named(ExportPart part, ExportChannel channel, String self) {}

  private final class Feed {
    private final Subject subject;
    private final List<ExportPart> parts;
    private final FeedWriter out;
    private final String point;
    private final String time;
    private final String now;

    Feed(Subject subject, List<ExportPart> parts, FeedWriter out) {
      this.subject = subject;
      this.parts = parts;
      this.out = out;
      String subscription = BASE + "Subscription/" + subject.subscription();
      this.point = subscription + "/UsagePoint/" + id("point " + subject.title());
      this.time = BASE + "LocalTimeParameters/" + id("zone " + subject.zone());
      this.now = subject.at().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    void write() throws IOException {
      out.head(
          Element.of(
              Espi.ATOM,
              "feed",
              List.of(
                  atom("id", urn("feed " + subject.subscription())),
                  atom("title", "Green Button Usage Feed"),
                  atom("updated", now),
                  new Link("self", BASE + "Batch/Subscription/" + subject.subscription())
                      .element())));
      out.entry(
          entry(
              subject.title(),
              point,
              parent(point),
              List.of(point + "/MeterReading", time),
              EspiElements.usagePoint()));
      out.entry(
          entry(
              "Local time of " + subject.zone(),
              time,
              parent(time),
              List.of(),
              EspiElements.local(subject.zone(), subject.at())));
      List<Named> series = new ArrayList<>();
      Map<String, Entry> types = new LinkedHashMap<>();
      for (ExportPart part : parts) {
        for (ExportChannel channel : source.channels(part.meter().id())) {
          series.add(
              new Named(
                  part,
                  channel,
                  point
                      + "/MeterReading/"
                      + id(
                          part.meter().id()
                              + " "
                              + channel.obis()
                              + " "
                              + channel.seconds()
                              + " "
                              + part.from())));
        }
      }
      for (Named named : series) {
        String type = type(named);
        types.computeIfAbsent(type, t -> typeEntry(named, t));
        out.entry(
            entry(
                named.channel().measure().words()
                    + ", meter "
                    + named.part().meter().id()
                    + ", "
                    + named.channel().obis(),
                named.self(),
                parent(named.self()),
                List.of(named.self() + "/IntervalBlock", type),
                EspiElements.meterReading()));
      }
      types.values().forEach(out::entry);
      for (Named named : series) {
        blocks(named);
      }
      out.end();
    }

    private String type(Named named) {
      ExportChannel channel = named.channel();
      return BASE
          + "ReadingType/"
          + id(
              "type "
                  + channel.measure().uom()
                  + " "
                  + channel.measure().flow()
                  + " "
                  + channel.seconds()
                  + " "
                  + channel.scaler()
                  + " "
                  + named.part().layer());
    }

    private Entry typeEntry(Named named, String self) {
      int quality = named.part().layer() == Layer.FINAL ? Qualities.VALIDATED : Qualities.RAW;
      return entry(
          named.channel().measure().words() + " in " + named.channel().seconds() + " s",
          self,
          parent(self),
          List.of(),
          EspiElements.readingType(named.channel(), quality));
    }

    private void blocks(Named named) throws IOException {
      String collection = named.self() + "/IntervalBlock";
      source.days(
          named.part(),
          named.channel(),
          day -> {
            if (day.stream().anyMatch(s -> Math.abs(s.value()) > MOST)) {
              throw new IOException(
                  "a value of meter "
                      + named.part().meter().id()
                      + " is greater than a Green Button feed holds");
            }
            String self = collection + "/" + day.getFirst().start();
            out.entry(
                entry("", self, collection, List.of(), EspiElements.block(named.channel(), day)));
          });
    }

    private Entry entry(
        String title, String self, String up, List<String> related, Element resource) {
      List<Element> children = new ArrayList<>();
      children.add(atom("id", urn(self)));
      children.add(new Link("self", self).element());
      children.add(new Link("up", up).element());
      related.forEach(href -> children.add(new Link("related", href).element()));
      children.add(atom("title", title));
      children.add(Element.of(Espi.ATOM, "content", List.of(resource)));
      children.add(atom("published", now));
      children.add(atom("updated", now));
      return new Entry(Element.of(Espi.ATOM, "entry", children));
    }
  }

  private static Element atom(String name, String text) {
    return Element.of(Espi.ATOM, name, text);
  }

  private static String parent(String self) {
    return self.substring(0, self.lastIndexOf('/'));
  }

  private static UUID id(String name) {
    return Uuid7.nameOnly("gridwarden " + name);
  }

  private static String urn(String name) {
    return "urn:uuid:" + id(name);
  }
}
