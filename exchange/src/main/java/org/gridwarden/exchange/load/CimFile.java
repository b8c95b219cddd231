package org.gridwarden.exchange.load;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.exchange.cim.CimException;
import org.gridwarden.exchange.cim.CimMessage;
import org.gridwarden.exchange.cim.CimReadings;
import org.gridwarden.exchange.cim.JsonElements;
import org.gridwarden.exchange.cim.ReadingTypeCode;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.ElementReader;
import org.gridwarden.exchange.xml.XmlException;
import org.gridwarden.exchange.xml.XmlLimits;
import org.gridwarden.mdm.loadfile.LoadCsv;
import org.gridwarden.mdm.loadfile.LoadFileException;

/** Reads the intervals of a MeterReadings message; its registers are not taken. */
final class CimFile {
  private final ImportSettings settings;
  private final Problems problems = new Problems();
  private final SeriesMaker maker;
  private final Map<Key, Points> found = new LinkedHashMap<>();
  private int registers;
  private int others;

  private record Key(String meter, ReadingTypeCode type) {}

  private CimFile(ImportSettings settings, MeterNames names, Instant now) {
    this.settings = settings;
    this.maker = new SeriesMaker(names, now, problems);
  }

  static FileLoad xml(ElementReader reader, ImportSettings settings, MeterNames names, Instant now)
      throws IOException, LoadFileException, XmlException {
    List<Element> parts = new ArrayList<>();
    for (Element part = reader.next(); part != null && parts.size() < 16; part = reader.next()) {
      parts.add(part);
    }
    Element root = reader.root();
    return new CimFile(settings, names, now)
        .read(new Element(root.namespace(), root.name(), List.of(), parts, "", root.line()));
  }

  static FileLoad json(
      InputStream in, ImportSettings settings, MeterNames names, Instant now, long most)
      throws IOException, LoadFileException {
    try {
      return new CimFile(settings, names, now).read(JsonElements.read(in, XmlLimits.of(most)));
    } catch (XmlException e) {
      throw new LoadFileException(String.valueOf(e.getMessage()));
    }
  }

  /** Of a message that was read already. */
  static FileLoad of(Element root, ImportSettings settings, MeterNames names, Instant now)
      throws LoadFileException {
    return new CimFile(settings, names, now).read(root);
  }

  private FileLoad read(Element root) throws LoadFileException {
    Element payload;
    try {
      CimMessage message = CimMessage.of(root);
      if (!message.header().noun().equals("MeterReadings")) {
        throw new LoadFileException(
            "the message is about "
                + LoadCsv.shown(message.header().noun())
                + "; files of readings are MeterReadings");
      }
      payload = message.needed();
    } catch (CimException e) {
      throw new LoadFileException(String.valueOf(e.getMessage()));
    }
    for (Element reading : payload.all("MeterReading").toList()) {
      meterReading(reading);
    }
    problems.end();
    List<Series> series = new ArrayList<>();
    found.values().removeIf(points -> points.size() == 0);
    found.forEach((key, points) ->
        key.type()
            .measure()
            .flatMap(measure ->
                maker.make(
                    new SeriesMaker.Known(
                        key.meter(),
                        measure,
                        key.type().multiplier() - LoadCsv.DECIMALS,
                        false,
                        key.type().seconds()),
                    points))
            .ifPresent(series::add));
    problems.end();
    List<String> notes = notes();
    if (series.isEmpty()) {
      throw new LoadFileException(
          "the message holds no interval of energy"
              + (notes.isEmpty() ? "" : ": " + String.join("; ", notes)));
    }
    return new FileLoad("MeterReadings, IEC 61968-9", series, notes);
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (registers > 0) {
      notes.add(registers + " readings outside interval blocks were left out");
    }
    if (others > 0) {
      notes.add(others + " interval blocks of other reading types were left out");
    }
    return notes;
  }

  private void meterReading(Element reading) throws LoadFileException {
    String meter =
        settings.meter().orElse(reading.child("Meter").map(CimReadings::meter).orElse(""));
    if (meter.isEmpty()) {
      problems.add(reading.line(), "begins a MeterReading that names no Meter: add its mRID");
      return;
    }
    registers += (int) reading.all("Readings").count();
    for (Element block : reading.all("IntervalBlocks").toList()) {
      Optional<ReadingTypeCode> type = CimReadings.type(block);
      if (type.isEmpty()) {
        problems.add(
            block.line(), "begins an IntervalBlocks without a ReadingType of eighteen numbers");
      } else if (type.get().measure().isEmpty() || type.get().seconds() == 0) {
        others++;
      } else {
        block(new Key(meter, type.get()), block);
      }
    }
  }

  private void block(Key key, Element block) throws LoadFileException {
    Points points = found.computeIfAbsent(key, k -> new Points());
    for (Element one : block.all("IntervalReadings").toList()) {
      try {
        CimReadings.Interval interval = CimReadings.interval(one);
        BigDecimal units = interval.value().movePointRight(LoadCsv.DECIMALS);
        if (units.precision() - (long) units.scale() > 18) {
          throw new ArithmeticException("too large");
        }
        if (!points.add(
            interval.end() - key.type().seconds(),
            units.longValueExact(),
            interval.quality(),
            one.line())) {
          throw new LoadFileException("meter " + key.meter() + " has too many values: split it");
        }
      } catch (CimException e) {
        problems.add(one.line(), String.valueOf(e.getMessage()));
      } catch (ArithmeticException e) {
        problems.add(
            one.line(),
            "has a value with more than " + LoadCsv.DECIMALS + " decimals, or beyond any meter");
      }
    }
  }
}
