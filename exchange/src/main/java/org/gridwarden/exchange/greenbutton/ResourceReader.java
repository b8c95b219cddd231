package org.gridwarden.exchange.greenbutton;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.gridwarden.exchange.greenbutton.Resource.IntervalBlock;
import org.gridwarden.exchange.greenbutton.Resource.IntervalReading;
import org.gridwarden.exchange.greenbutton.Resource.LocalTime;
import org.gridwarden.exchange.greenbutton.Resource.Measurement;
import org.gridwarden.exchange.greenbutton.Resource.MeterReading;
import org.gridwarden.exchange.greenbutton.Resource.Period;
import org.gridwarden.exchange.greenbutton.Resource.QualitySummary;
import org.gridwarden.exchange.greenbutton.Resource.ReadingType;
import org.gridwarden.exchange.greenbutton.Resource.UsagePoint;
import org.gridwarden.exchange.greenbutton.Resource.UsageSummary;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.XmlException;

/** Makes resources of their elements. Pure functions. */
final class ResourceReader {
  private ResourceReader() {}

  /**
   * What an element means.
   *
   * @throws XmlException where a number in it is none
   */
  static Resource read(Element e) throws XmlException {
    if (!e.namespace().equals(Espi.NAMESPACE)) {
      return new Resource.Other(e);
    }
    return switch (e.name()) {
      case "UsagePoint" ->
          new UsagePoint(integer(e.child("ServiceCategory").flatMap(c -> c.child("kind")), "kind"));
      case "MeterReading" -> new MeterReading();
      case "ReadingType" -> readingType(e);
      case "IntervalBlock" -> block(e);
      case "LocalTimeParameters" ->
          new LocalTime(
              needed(e, "tzOffset"),
              needed(e, "dstOffset"),
              rule(e, "dstStartRule"),
              rule(e, "dstEndRule"));
      case "UsageSummary", "ElectricPowerUsageSummary" ->
          new UsageSummary(
              period(e, "billingPeriod"),
              number(e, "statusTimeStamp"),
              integer(e, "currency"),
              measurement(e, "overallConsumptionLastPeriod"));
      case "ElectricPowerQualitySummary" -> quality(e);
      default -> new Resource.Other(e);
    };
  }

  private static ReadingType readingType(Element e) throws XmlException {
    return new ReadingType(
        integer(e, "accumulationBehaviour"),
        integer(e, "commodity"),
        integer(e, "currency"),
        integer(e, "defaultQuality"),
        integer(e, "flowDirection"),
        number(e, "intervalLength"),
        integer(e, "kind"),
        integer(e, "powerOfTenMultiplier"),
        integer(e, "uom"));
  }

  private static IntervalBlock block(Element e) throws XmlException {
    List<IntervalReading> readings = new ArrayList<>();
    for (Element reading : e.children()) {
      if (reading.name().equals("IntervalReading")) {
        List<Integer> qualities = new ArrayList<>(1);
        for (Element quality : reading.children()) {
          if (quality.name().equals("ReadingQuality")) {
            integer(quality, "quality").ifPresent(qualities::add);
          }
        }
        readings.add(
            new IntervalReading(
                period(reading, "timePeriod"),
                number(reading, "value"),
                qualities,
                number(reading, "cost"),
                reading.line()));
      }
    }
    return new IntervalBlock(period(e, "interval"), readings);
  }

  private static QualitySummary quality(Element e) throws XmlException {
    Map<String, Long> values = new LinkedHashMap<>();
    for (Element child : e.children()) {
      if (child.children().isEmpty()) {
        values.put(child.name(), number(Optional.of(child), child.name()).orElse(0));
      }
    }
    Period over =
        period(e, "summaryInterval")
            .orElseThrow(() -> new XmlException(e.line(), "summaryInterval is missing: add it"));
    return new QualitySummary(over, values);
  }

  private static Optional<Measurement> measurement(Element e, String name) throws XmlException {
    Optional<Element> its = e.child(name);
    return its.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Measurement(
                integer(its.get(), "powerOfTenMultiplier"),
                integer(its.get(), "uom"),
                number(its.get(), "value")));
  }

  private static Optional<Period> period(Element e, String name) throws XmlException {
    Optional<Element> its = e.child(name);
    if (its.isEmpty()) {
      return Optional.empty();
    }
    long start = needed(its.get(), "start");
    long seconds = needed(its.get(), "duration");
    if (Math.abs(start) > 1L << 40 || seconds < 0 || seconds > 1L << 32) {
      throw new XmlException(
          its.get().line(), name + " lies beyond all calendars: are its seconds right?");
    }
    return Optional.of(new Period(start, seconds));
  }

  private static DstRule rule(Element e, String name) throws XmlException {
    String text = e.textOf(name);
    try {
      return DstRule.parse(text);
    } catch (IllegalArgumentException x) {
      throw new XmlException(
          e.line(), name + " is '" + shown(text) + "': write eight hexadecimal digits");
    }
  }

  private static long needed(Element e, String name) throws XmlException {
    return number(e, name)
        .orElseThrow(
            () -> new XmlException(e.line(), name + " is missing in <" + e.name() + ">: add it"));
  }

  private static OptionalInt integer(Element e, String name) throws XmlException {
    return integer(e.child(name), name);
  }

  private static OptionalInt integer(Optional<Element> e, String name) throws XmlException {
    OptionalLong number = number(e, name);
    if (number.isEmpty()) {
      return OptionalInt.empty();
    }
    if (number.getAsLong() < -32_768 || number.getAsLong() > 65_535) {
      throw new XmlException(
          e.map(Element::line).orElse(0), name + " is no code: it has at most 16 bits");
    }
    return OptionalInt.of((int) number.getAsLong());
  }

  private static OptionalLong number(Element e, String name) throws XmlException {
    return number(e.child(name), name);
  }

  private static OptionalLong number(Optional<Element> e, String name) throws XmlException {
    if (e.isEmpty()) {
      return OptionalLong.empty();
    }
    String text = e.get().text().strip();
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException x) {
      throw new XmlException(
          e.get().line(), name + " is '" + shown(text) + "': write a whole number");
    }
  }

  private static String shown(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
