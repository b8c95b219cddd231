package org.gridwarden.exchange.cim;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Layer;
import org.gridwarden.exchange.export.ExportChannel;
import org.gridwarden.exchange.export.ExportPart;
import org.gridwarden.exchange.export.ExportSlot;
import org.gridwarden.exchange.export.Source;
import org.gridwarden.exchange.xml.Element;

/**
 * Writes stored intervals as MeterReadings, a day's interval block after the other, in XML or JSON.
 * Thread-safe.
 */
public final class CimExport {
  private static final String READINGS = Cim.of("MeterReadings");
  private static final int KILO = 3;

  private final Source source;

  /** Of intervals from there. */
  public CimExport(Source source) {
    this.source = source;
  }

  /**
   * Writes a message.
   *
   * @param envelope what stands around the readings
   * @param json whether in JSON
   * @throws IOException where it cannot be written
   */
  public void write(Envelope envelope, List<ExportPart> parts, boolean json, OutputStream out)
      throws IOException {
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    MessageWriter message = json ? new MessageWriter.Json(text) : new MessageWriter.Xml(text);
    message.begin(envelope, "MeterReadings", READINGS);
    for (ExportPart part : parts) {
      for (ExportChannel channel : source.channels(part.meter().id())) {
        Optional<ReadingTypeCode> type =
            ReadingTypeCode.interval(channel.measure(), channel.seconds());
        if (type.isPresent()) {
          source.days(part, channel, day -> message.item(reading(part, channel, type.get(), day)));
        }
      }
    }
    message.end();
    text.flush();
  }

  private static Element reading(
      ExportPart part, ExportChannel channel, ReadingTypeCode type, List<ExportSlot> day) {
    List<Element> block = new ArrayList<>(day.size() + 1);
    for (ExportSlot slot : day) {
      String value =
          BigDecimal.valueOf(slot.value())
              .scaleByPowerOfTen(channel.scaler() - KILO)
              .toPlainString();
      block.add(
          of(
              "IntervalReadings",
              of("timeStamp", Instant.ofEpochSecond(slot.start() + channel.seconds()).toString()),
              of("value", value),
              of(
                  "ReadingQualities",
                  of("ReadingQualityType", "")
                      .with(
                          "ref", QualityCodes.code(slot.quality(), part.layer() == Layer.FINAL)))));
    }
    block.add(of("ReadingType", "").with("ref", type.toString()));
    return of(
        "MeterReading",
        Element.of(READINGS, "IntervalBlocks", block),
        of("Meter", of("mRID", part.meter().id().value())));
  }

  private static Element of(String name, String text) {
    return Element.of(READINGS, name, text);
  }

  private static Element of(String name, Element... children) {
    return Element.of(READINGS, name, List.of(children));
  }
}
