package org.gridwarden.exchange.greenbutton;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransitionRule;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.exchange.Measure;
import org.gridwarden.exchange.export.ExportChannel;
import org.gridwarden.exchange.export.ExportSlot;
import org.gridwarden.exchange.xml.Element;

/** Makes ESPI's elements, each in the schema's order. Pure functions. */
final class EspiElements {
  private static final int ELECTRICITY = 0;
  private static final int DELTA = 4;
  private static final int NORMAL = 12;

  private EspiElements() {}

  private static Element espi(String name, long number) {
    return Element.of(Espi.NAMESPACE, name, number);
  }

  private static Element espi(String name, List<Element> children) {
    return Element.of(Espi.NAMESPACE, name, children);
  }

  private static Element espi(String name, Element... children) {
    return espi(name, List.of(children));
  }

  static Element usagePoint() {
    return espi("UsagePoint", espi("ServiceCategory", espi("kind", ELECTRICITY)));
  }

  static Element meterReading() {
    return espi("MeterReading", List.of());
  }

  static Element readingType(ExportChannel channel, int defaultQuality) {
    Measure measure = channel.measure();
    return espi(
        "ReadingType",
        espi("accumulationBehaviour", DELTA),
        espi("commodity", 1),
        espi("dataQualifier", NORMAL),
        espi("defaultQuality", defaultQuality),
        espi("flowDirection", measure.flow()),
        espi("intervalLength", channel.seconds()),
        espi("kind", Codes.ENERGY),
        espi("powerOfTenMultiplier", channel.scaler()),
        espi("timeAttribute", 0),
        espi("uom", measure.uom()));
  }

  /** A day's block. */
  static Element block(ExportChannel channel, List<ExportSlot> day) {
    List<Element> children = new ArrayList<>(day.size() + 1);
    long start = day.getFirst().start();
    long end = day.getLast().start() + channel.seconds();
    children.add(espi("interval", espi("duration", end - start), espi("start", start)));
    for (ExportSlot slot : day) {
      List<Element> reading = new ArrayList<>(3);
      OptionalInt quality = Qualities.code(slot.quality());
      if (quality.isPresent()) {
        reading.add(espi("ReadingQuality", espi("quality", quality.getAsInt())));
      }
      reading.add(
          espi("timePeriod", espi("duration", channel.seconds()), espi("start", slot.start())));
      reading.add(espi("value", slot.value()));
      children.add(espi("IntervalReading", reading));
    }
    return espi("IntervalBlock", children);
  }

  /** A zone's time as it is at an instant; without summer time where that cannot be said. */
  static Element local(ZoneId zone, Instant at) {
    ZoneRules rules = zone.getRules();
    DstRule begins = DstRule.NONE;
    DstRule ends = DstRule.NONE;
    long shift = 0;
    List<ZoneOffsetTransitionRule> changes = rules.getTransitionRules();
    if (changes.size() == 2) {
      boolean firstBegins =
          changes.get(0).getOffsetAfter().getTotalSeconds()
              > changes.get(0).getOffsetBefore().getTotalSeconds();
      ZoneOffsetTransitionRule on = changes.get(firstBegins ? 0 : 1);
      ZoneOffsetTransitionRule off = changes.get(firstBegins ? 1 : 0);
      Optional<DstRule> start = DstRule.of(on);
      Optional<DstRule> end = DstRule.of(off);
      if (start.isPresent() && end.isPresent()) {
        begins = start.get();
        ends = end.get();
        shift =
            on.getOffsetAfter().getTotalSeconds() - (long) on.getOffsetBefore().getTotalSeconds();
      }
    }
    return espi(
        "LocalTimeParameters",
        Element.of(Espi.NAMESPACE, "dstEndRule", ends.hex()),
        espi("dstOffset", shift),
        Element.of(Espi.NAMESPACE, "dstStartRule", begins.hex()),
        espi("tzOffset", rules.getStandardOffset(at).getTotalSeconds()));
  }
}
