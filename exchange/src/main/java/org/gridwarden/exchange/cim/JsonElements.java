package org.gridwarden.exchange.cim;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gridwarden.exchange.xml.Attribute;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.XmlException;
import org.gridwarden.exchange.xml.XmlLimits;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Messages in JSON, by one rule: an element is a member of its name, its attributes are members
 * with an @ before their names, its text beside attributes is {@code #text}, elements of one name
 * are an array. No namespaces: names say enough. Stateless.
 */
public final class JsonElements {
  /** What may be there more than once is an array even where it is there once. */
  private static final Set<String> LISTS =
      Set.of(
          "MeterReading",
          "IntervalBlocks",
          "IntervalReadings",
          "Readings",
          "ReadingQualities",
          "Names",
          "EndDeviceEvent",
          "EndDeviceEventDetails",
          "EndDeviceControl",
          "EndDevices",
          "Error");

  private JsonElements() {}

  /**
   * Reads one message.
   *
   * @throws XmlException where it is no JSON of that form, or larger than the limits
   */
  public static Element read(InputStream in, XmlLimits limits) throws XmlException, IOException {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxDocumentLength(limits.bytes())
                    .maxNestingDepth(2 * limits.depth())
                    .maxStringLength(limits.text())
                    .maxNameLength(256)
                    .maxNumberLength(64)
                    .build())
            .build();
    try (JsonParser json = factory.createParser(tools.jackson.core.ObjectReadContext.empty(), in)) {
      Walk walk = new Walk(json, limits);
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw walk.wrong("is no JSON object: send {\"RequestMessage\": {…}}");
      }
      List<Element> roots = walk.members(0).children();
      if (roots.size() != 1 || json.nextToken() != null) {
        throw walk.wrong("does not hold one message: send {\"RequestMessage\": {…}} alone");
      }
      return roots.getFirst();
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
      String said = String.valueOf(e.getOriginalMessage()).replaceAll("\\s+", " ");
      throw new XmlException(
          line,
          "this is no JSON that is taken: "
              + (said.length() > 160 ? said.substring(0, 160) + "…" : said));
    }
  }

  /** Members of objects, one in another as deep as the limits let. */
  private static final class Walk {
    private final JsonParser json;
    private final XmlLimits limits;
    private int size;

    Walk(JsonParser json, XmlLimits limits) {
      this.json = json;
      this.limits = limits;
    }

    XmlException wrong(String what) {
      return new XmlException(line(), what);
    }

    private int line() {
      return Math.max(1, json.currentTokenLocation().getLineNr());
    }

    /** An object's members, up to its end. */
    Element members(int depth) throws XmlException {
      if (depth >= limits.depth()) {
        throw wrong("is more than " + limits.depth() + " deep: flatten it");
      }
      List<Attribute> attributes = new ArrayList<>();
      List<Element> children = new ArrayList<>();
      String text = "";
      int line = line();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.startsWith("@")) {
          attributes.add(new Attribute("", name.substring(1), scalar(name)));
        } else if (name.equals("#text")) {
          text = scalar(name);
        } else if (json.currentToken() == JsonToken.START_ARRAY) {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == null || json.currentToken() == JsonToken.START_ARRAY) {
              throw wrong(name + " holds an array in an array: write objects or texts");
            }
            children.add(value(name, depth));
          }
        } else {
          children.add(value(name, depth));
        }
      }
      return new Element("", "", attributes, children, children.isEmpty() ? text : "", line);
    }

    private Element value(String name, int depth) throws XmlException {
      if (++size > limits.elements()) {
        throw wrong("has more than " + limits.elements() + " members: split it");
      }
      if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
        throw wrong("has a member whose name is no element's");
      }
      int line = line();
      if (json.currentToken() == JsonToken.START_OBJECT) {
        Element members = members(depth + 1);
        return new Element(
            "", name, members.attributes(), members.children(), members.text(), line);
      }
      return new Element("", name, List.of(), List.of(), scalar(name), line);
    }

    private String scalar(String name) throws XmlException {
      JsonToken token = json.currentToken();
      if (token == JsonToken.VALUE_NULL) {
        return "";
      }
      if (token == null || !token.isScalarValue()) {
        throw wrong(name + " is no text or number");
      }
      return json.getString();
    }
  }

  /** Writes an element as a member of the object that is open. */
  public static void member(JsonGenerator out, Element element) {
    out.writeName(element.name());
    value(out, element);
  }

  /** Writes an element's value, without its name. */
  public static void value(JsonGenerator out, Element element) {
    if (element.children().isEmpty() && element.attributes().isEmpty()) {
      out.writeString(element.text());
      return;
    }
    out.writeStartObject();
    for (Attribute attribute : element.attributes()) {
      out.writeStringProperty("@" + attribute.name(), attribute.value());
    }
    if (!element.text().isEmpty()) {
      out.writeStringProperty("#text", element.text());
    }
    Map<String, List<Element>> byName = new LinkedHashMap<>();
    for (Element child : element.children()) {
      byName.computeIfAbsent(child.name(), n -> new ArrayList<>()).add(child);
    }
    byName.forEach((name, all) -> {
      out.writeName(name);
      boolean list = all.size() > 1 || LISTS.contains(name);
      if (list) {
        out.writeStartArray();
      }
      all.forEach(one -> value(out, one));
      if (list) {
        out.writeEndArray();
      }
    });
    out.writeEndObject();
  }
}
