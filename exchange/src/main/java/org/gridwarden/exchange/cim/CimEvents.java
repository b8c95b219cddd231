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
import java.util.Map;
import org.gridwarden.core.Warning;
import org.gridwarden.exchange.xml.Element;

/** Events as EndDeviceEvents. Stateless. */
public final class CimEvents {
  private static final String EVENTS = Cim.of("EndDeviceEvents");
  private static final String OTHER = "3.0.0.0";
  private static final Map<String, String> TYPES = Codes.read("event-types.properties");

  private CimEvents() {}

  /**
   * Writes events as one message.
   *
   * @throws IOException where it cannot be written
   */
  public static void write(
      Envelope envelope, Iterator<Warning> events, boolean json, OutputStream out)
      throws IOException {
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    MessageWriter message = json ? new MessageWriter.Json(text) : new MessageWriter.Xml(text);
    message.begin(envelope, "EndDeviceEvents", EVENTS);
    while (events.hasNext()) {
      message.item(event(events.next()));
    }
    message.end();
    text.flush();
  }

  /** The type of a word of the event vocabulary. */
  static String type(String word) {
    return TYPES.getOrDefault(word, OTHER);
  }

  private static Element event(Warning warning) {
    List<Element> children = new ArrayList<>();
    children.add(of("mRID", warning.id().value().toString()));
    children.add(of("createdDateTime", warning.at().toString()));
    children.add(of("issuerID", "Gridwarden"));
    children.add(of("reason", warning.text()));
    children.add(of("severity", warning.severity().name().toLowerCase(Locale.ROOT)));
    children.add(Element.of(EVENTS, "Assets", List.of(of("mRID", warning.meter().value()))));
    children.add(
        Element.of(
            EVENTS,
            "EndDeviceEventDetails",
            List.of(of("name", "code"), of("value", warning.code()))));
    children.add(of("EndDeviceEventType", "").with("ref", type(warning.code())));
    return Element.of(EVENTS, "EndDeviceEvent", children);
  }

  private static Element of(String name, String text) {
    return Element.of(EVENTS, name, text);
  }
}
