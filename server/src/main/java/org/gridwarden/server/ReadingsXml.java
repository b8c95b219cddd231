package org.gridwarden.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes readings as XML, as they are read: one element with an element for each slot or reading,
 * whose attributes are named as JSON's fields are. One use, one thread.
 */
final class ReadingsXml implements AutoCloseable {
  static final String NAMESPACE = "urn:gridwarden:readings:1";

  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();

  private final XMLStreamWriter out;

  /**
   * Begins.
   *
   * @param head the whole's attributes
   */
  ReadingsXml(OutputStream to, Map<String, Object> head) {
    try {
      out = FACTORY.createXMLStreamWriter(to, StandardCharsets.UTF_8.name());
      out.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
      out.writeStartElement("readings");
      out.writeDefaultNamespace(NAMESPACE);
      for (Map.Entry<String, Object> attribute : head.entrySet()) {
        out.writeAttribute(attribute.getKey(), attribute.getValue().toString());
      }
    } catch (XMLStreamException e) {
      throw failed(e);
    }
  }

  /**
   * Writes a slot.
   *
   * @param value null where it is missing
   */
  void slot(String start, @Nullable String value, List<String> quality) {
    try {
      out.writeEmptyElement("slot");
      out.writeAttribute("start", start);
      if (value != null) {
        out.writeAttribute("value", value);
      }
      quality(quality);
    } catch (XMLStreamException e) {
      throw failed(e);
    }
  }

  /** Writes one value at one instant. */
  void reading(ReadingApi.ReadingView reading) {
    try {
      out.writeEmptyElement("reading");
      out.writeAttribute("channel", reading.channel());
      out.writeAttribute("name", reading.name());
      out.writeAttribute("at", reading.at());
      out.writeAttribute("value", reading.value());
      out.writeAttribute("unit", reading.unit());
      quality(reading.quality());
    } catch (XMLStreamException e) {
      throw failed(e);
    }
  }

  private void quality(List<String> words) throws XMLStreamException {
    if (!words.isEmpty()) {
      out.writeAttribute("quality", String.join(" ", words));
    }
  }

  private static UncheckedIOException failed(XMLStreamException e) {
    return new UncheckedIOException(new IOException("the answer could not be written", e));
  }

  /** Ends the document; what it is written to stays open. */
  @Override
  public void close() {
    try {
      out.writeEndDocument();
      out.close();
    } catch (XMLStreamException e) {
      throw failed(e);
    }
  }
}
