package org.gridwarden.exchange.cim;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.ElementWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes a message whose payload is a list, an item after the other. Not thread-safe. */
interface MessageWriter {
  void begin(Envelope envelope, String noun, String namespace) throws IOException;

  void item(Element element) throws IOException;

  void end() throws IOException;

  /** Writes one whole element as a message. */
  static void write(Element root, boolean json, Writer out) throws IOException {
    if (json) {
      JsonGenerator generator = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out);
      generator.writeStartObject();
      JsonElements.member(generator, root);
      generator.writeEndObject();
      generator.flush();
    } else {
      ElementWriter xml = new ElementWriter(out);
      xml.declaration();
      xml.write(root);
    }
    out.flush();
  }

  /** As XML. */
  final class Xml implements MessageWriter {
    private final ElementWriter xml;

    Xml(Writer out) {
      this.xml = new ElementWriter(out);
    }

    @Override
    public void begin(Envelope envelope, String noun, String namespace) throws IOException {
      xml.declaration();
      xml.begin(Element.of(Cim.MESSAGE, envelope.kind(), List.of()));
      for (Element before : envelope.before()) {
        xml.write(before);
      }
      xml.begin(Element.of(Cim.MESSAGE, "Payload", List.of()));
      xml.begin(Element.of(namespace, noun, List.of()));
    }

    @Override
    public void item(Element element) throws IOException {
      xml.write(element);
    }

    @Override
    public void end() throws IOException {
      xml.end();
      xml.end();
      xml.end();
    }
  }

  /** As JSON. */
  final class Json implements MessageWriter {
    private final JsonGenerator json;
    private String open = "";

    Json(Writer out) {
      this.json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out);
    }

    @Override
    public void begin(Envelope envelope, String noun, String namespace) {
      json.writeStartObject();
      json.writeName(envelope.kind());
      json.writeStartObject();
      envelope.before().forEach(e -> JsonElements.member(json, e));
      json.writeName("Payload");
      json.writeStartObject();
      json.writeName(noun);
      json.writeStartObject();
    }

    @Override
    public void item(Element element) {
      if (!open.equals(element.name())) {
        json.writeName(element.name());
        json.writeStartArray();
        open = element.name();
      }
      JsonElements.value(json, element);
    }

    @Override
    public void end() {
      if (!open.isEmpty()) {
        json.writeEndArray();
      }
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndObject();
      json.flush();
    }
  }
}
