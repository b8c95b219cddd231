package org.gridwarden.exchange.load;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.exchange.Measure;
import org.gridwarden.exchange.greenbutton.Entry;
import org.gridwarden.exchange.greenbutton.FeedReader;
import org.gridwarden.exchange.greenbutton.Qualities;
import org.gridwarden.exchange.greenbutton.Resource;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.ElementReader;
import org.gridwarden.exchange.xml.XmlException;
import org.gridwarden.mdm.loadfile.LoadFileException;

/**
 * Reads the readings of a Green Button feed. Whose a usage point is, its title says, where that is
 * a meter or a service point that is known; else the settings.
 */
final class GreenButtonFile implements FeedReader.Handler {
  private static final int MOST = 100_000;

  private final ImportSettings settings;
  private final Problems problems = new Problems();
  private final SeriesMaker maker;
  private final Map<String, Entry> points = new LinkedHashMap<>();
  private final Map<String, Entry> readings = new LinkedHashMap<>();
  private final Map<String, Resource.ReadingType> types = new HashMap<>();
  private final Map<String, Block> blocks = new LinkedHashMap<>();

  /** What stands in one collection of blocks. */
  private static final class Block {
    private final Points points = new Points();
    private long seconds;
  }

  GreenButtonFile(ImportSettings settings, MeterNames names, Instant now) {
    this.settings = settings;
    this.maker = new SeriesMaker(names, now, problems);
  }

  FileLoad read(ElementReader reader) throws IOException, LoadFileException {
    try {
      FeedReader.read(reader, this);
    } catch (XmlException e) {
      throw new LoadFileException(String.valueOf(e.getMessage()));
    }
    problems.end();
    List<Series> series = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Map.Entry<String, Entry> reading : readings.entrySet()) {
      series(reading.getKey(), reading.getValue(), notes).ifPresent(series::add);
    }
    problems.end();
    if (series.isEmpty()) {
      throw new LoadFileException(
          "the feed holds no readings of energy"
              + (notes.isEmpty() ? "" : ": " + String.join("; ", notes)));
    }
    return new FileLoad("Green Button feed", series, notes);
  }

  @Override
  public void head(Element feed) {
    // says nothing of readings
  }

  @Override
  public void entry(Entry entry) throws XmlException {
    Optional<Resource> resource = entry.resource();
    if (resource.isEmpty()) {
      return;
    }
    switch (resource.get()) {
      case Resource.UsagePoint point -> keep(points, entry);
      case Resource.MeterReading reading -> keep(readings, entry);
      case Resource.ReadingType type -> {
        if (types.size() < MOST) {
          types.put(entry.self(), type);
        }
      }
      case Resource.IntervalBlock block -> take(entry, block);
      case Resource.LocalTime time -> {}
      case Resource.UsageSummary summary -> {}
      case Resource.QualitySummary summary -> {}
      case Resource.Other other -> {}
    }
  }

  private static void keep(Map<String, Entry> where, Entry entry) throws XmlException {
    if (where.size() == MOST) {
      throw new XmlException(entry.line(), "there are more than " + MOST + " of these: split it");
    }
    where.put(entry.self(), entry);
  }

  private void take(Entry entry, Resource.IntervalBlock block) throws XmlException {
    Block its = blocks.computeIfAbsent(entry.up(), up -> new Block());
    for (Resource.IntervalReading reading : block.readings()) {
      if (reading.period().isEmpty() || reading.value().isEmpty()) {
        problems.add(reading.line(), "begins a reading without timePeriod or value: add it");
        continue;
      }
      Resource.Period period = reading.period().get();
      if (its.seconds == 0) {
        its.seconds = period.seconds();
      } else if (its.seconds != period.seconds()) {
        problems.add(
            reading.line(),
            "begins a reading of "
                + period.seconds()
                + " s where others of its series last "
                + its.seconds
                + " s: write series of one length");
        continue;
      }
      if (!its.points.add(
          period.start(),
          reading.value().getAsLong(),
          Qualities.flags(reading.qualities()),
          reading.line())) {
        throw new XmlException(reading.line(), "a series is too long: split the feed");
      }
    }
  }

  private Optional<Series> series(String self, Entry reading, List<String> notes) {
    String title = reading.title().isEmpty() ? self : reading.title();
    Block block = blocks.get(self + "/IntervalBlock");
    for (String href : reading.hrefs("related").toList()) {
      block = block == null ? blocks.get(href) : block;
    }
    Resource.ReadingType type =
        reading
            .hrefs("related")
            .filter(types::containsKey)
            .map(types::get)
            .findFirst()
            .orElse(null);
    if (block == null || block.points.size() == 0) {
      notes.add(title + ": no readings");
      return Optional.empty();
    }
    if (type == null || type.uom().isEmpty()) {
      problems.add(
          reading.line(), "begins a MeterReading without a ReadingType with a uom: add it");
      return Optional.empty();
    }
    Optional<Measure> measure = Measure.of(type.uom().getAsInt(), type.flow().orElse(0));
    if (measure.isEmpty()) {
      notes.add(title + ": left out, it is no energy (uom " + type.uom().getAsInt() + ")");
      return Optional.empty();
    }
    return maker.make(
        new SeriesMaker.Known(
            whose(self, reading),
            measure.get(),
            Math.clamp(type.multiplier().orElse(0), -12, 12),
            false,
            block.seconds),
        block.points);
  }

  private String whose(String self, Entry reading) {
    if (settings.meter().isPresent()) {
      return settings.meter().get();
    }
    return points.entrySet().stream()
        .filter(p ->
            self.startsWith(p.getKey() + "/")
                || p.getValue().hrefs("related").anyMatch(h -> h.equals(reading.up())))
        .map(p -> p.getValue().title())
        .findFirst()
        .orElse(reading.title());
  }
}
