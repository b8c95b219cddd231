package org.gridwarden.exchange.cim;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.gridwarden.core.Meter;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.store.MeterRow;

/** Meters of the registry as MeterConfig, and back. Stateless. */
public final class CimMeters {
  private static final String CONFIG = Cim.of("MeterConfig");
  private static final int MOST = 10_000;

  private CimMeters() {}

  /**
   * What a message says of a meter; texts are empty where it says nothing.
   *
   * @param id its mRID
   * @param profile which profile file describes it
   * @param zone where its days are cut
   */
  public record Entry(String id, String serial, String servicePoint, String profile, String zone) {}

  /**
   * Writes meters as one message.
   *
   * @throws IOException where it cannot be written
   */
  public static void write(
      Envelope envelope, Iterator<MeterRow> meters, boolean json, OutputStream out)
      throws IOException {
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    MessageWriter message = json ? new MessageWriter.Json(text) : new MessageWriter.Xml(text);
    message.begin(envelope, "MeterConfig", CONFIG);
    while (meters.hasNext()) {
      message.item(meter(meters.next()));
    }
    message.end();
    text.flush();
  }

  private static Element meter(MeterRow row) {
    Meter meter = row.meter();
    List<Element> children = new ArrayList<>();
    children.add(of("mRID", meter.id().value()));
    children.add(of("serialNumber", meter.serial()));
    children.add(of("type", meter.profile()));
    children.add(
        Element.of(
            CONFIG, "status", List.of(of("value", meter.state().name().toLowerCase(Locale.ROOT)))));
    if (!row.servicePoint().isEmpty()) {
      children.add(name("ServicePoint", row.servicePoint()));
    }
    children.add(name("TimeZone", meter.zone().getId()));
    return Element.of(CONFIG, "Meter", children);
  }

  private static Element name(String type, String name) {
    return Element.of(
        CONFIG,
        "Names",
        List.of(of("name", name), Element.of(CONFIG, "NameType", List.of(of("name", type)))));
  }

  private static Element of(String name, String text) {
    return Element.of(CONFIG, name, text);
  }

  /**
   * The meters in a payload.
   *
   * @throws CimException where one has no name
   */
  public static List<Entry> entries(Element config) throws CimException {
    List<Entry> entries = new ArrayList<>();
    for (Element meter : config.all("Meter").toList()) {
      String id = meter.textOf("mRID");
      if (id.isEmpty()) {
        throw new CimException(CimException.Code.CONTENT, "a Meter has no mRID: add it");
      }
      if (entries.size() == MOST) {
        throw new CimException(
            CimException.Code.CONTENT, "more than " + MOST + " meters in a message: split it");
      }
      String serial = meter.textOf("serialNumber");
      entries.add(
          new Entry(
              id,
              serial.isEmpty() ? id : serial,
              named(meter, "ServicePoint"),
              meter.textOf("type"),
              named(meter, "TimeZone")));
    }
    if (entries.isEmpty()) {
      throw new CimException(CimException.Code.CONTENT, "MeterConfig holds no Meter: add one");
    }
    return entries;
  }

  private static String named(Element meter, String type) {
    return meter
        .all("Names")
        .filter(n -> n.textAt("NameType", "name").equals(type))
        .map(n -> n.textOf("name"))
        .findFirst()
        .orElse("");
  }
}
