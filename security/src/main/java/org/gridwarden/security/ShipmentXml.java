package org.gridwarden.security;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.MissingResourceException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** A shipment as XML: three levels of elements, and nothing that XML offers beyond them. */
final class ShipmentXml {
  private final XMLStreamReader reader;
  private final ShipmentCheck check;
  private final Map<String, String> fields = new HashMap<>();
  private final StringBuilder text = new StringBuilder();
  private int depth;
  private int meterLine;
  private boolean meterFine;
  private boolean ended;

  private ShipmentXml(XMLStreamReader reader, ShipmentCheck check) {
    this.reader = reader;
    this.check = check;
  }

  static void read(InputStream in, BoundedInput bounded, ShipmentCheck check) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    int line = 1;
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(in);
      ShipmentXml shipment = new ShipmentXml(reader, check);
      while (!shipment.ended && reader.hasNext()) {
        int event = reader.next();
        bounded.progress();
        line = Math.max(1, reader.getLocation().getLineNumber());
        shipment.event(event, line);
      }
    } catch (XMLStreamException e) {
      if (bounded.failed()) {
        throw new IOException("the shipment could not be read", e);
      }
      // the parser's own words may quote the file
      line = e.getLocation() == null ? line : Math.max(line, e.getLocation().getLineNumber());
      notWellFormed(check, line);
    } catch (MissingResourceException e) {
      // the JDK's parser has no words for a forbidden character in a document type, and throws this
      notWellFormed(check, line);
    }
  }

  private static void notWellFormed(ShipmentCheck check, int line) {
    check.file(line, "", "is not well-formed XML from here, or a part of it is far too long");
  }

  private void event(int event, int line) {
    switch (event) {
      case XMLStreamConstants.START_ELEMENT -> start(reader.getLocalName(), line);
      case XMLStreamConstants.END_ELEMENT -> end(reader.getLocalName());
      case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
        if (depth == 3 && text.length() <= ShipmentCheck.MAX_FIELD) {
          int room = ShipmentCheck.MAX_FIELD + 1 - text.length();
          text.append(
              reader.getTextCharacters(),
              reader.getTextStart(),
              Math.min(room, reader.getTextLength()));
        }
      }
      case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
          stop(line, "has a document type or an entity; a shipment has neither");
      default -> {}
    }
  }

  private void start(String name, int line) {
    depth++;
    if (reader.getAttributeCount() > 0) {
      stop(line, "has an attribute; a shipment has elements only");
      return;
    }
    switch (depth) {
      case 1 -> expect(name, "shipment", line);
      case 2 -> {
        expect(name, "meter", line);
        fields.clear();
        meterLine = line;
        meterFine = true;
        if (!ended && !check.room(line)) {
          ended = true;
        }
      }
      case 3 -> {
        text.setLength(0);
        if (!ShipmentCheck.FIELDS.contains(name) || fields.containsKey(name)) {
          meterFine = false;
          check.file(
              line,
              ShipmentCheck.FIELDS.contains(name) ? name : "",
              "an element stands twice or is not known; known are "
                  + String.join(", ", ShipmentCheck.FIELDS));
        }
      }
      default -> stop(line, "has elements within the fields of a meter");
    }
  }

  private void end(String name) {
    if (depth == 3) {
      if (text.length() > ShipmentCheck.MAX_FIELD) {
        meterFine = false;
        check.file(
            meterLine, "", "a field is longer than " + ShipmentCheck.MAX_FIELD + " characters");
      } else if (ShipmentCheck.FIELDS.contains(name)) {
        fields.put(name, text.toString());
      }
    } else if (depth == 2 && meterFine) {
      check.meter(meterLine, fields);
    }
    depth--;
  }

  private void expect(String name, String wanted, int line) {
    if (!name.equals(wanted)) {
      stop(line, "expects the element '" + wanted + "' here");
    }
  }

  private void stop(int line, String error) {
    check.file(line, "", error);
    ended = true;
  }
}
