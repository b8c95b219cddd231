package org.gridwarden.channel.xmpp;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads one stanza that {@link StreamCutter} has cut out, with the JDK's parser: document types,
 * entities of one's own, instructions and comments are refused (RFC 6120, 11.1), depth and numbers
 * are bounded. Each is a document of its own, so that nothing is kept from one to the next. Pure
 * functions.
 */
final class ElementReader {
  /** Of the stream itself, which a stream's error has. */
  static final String STREAMS = "http://etherx.jabber.org/streams";

  static final int DEEPEST = 12;
  private static final int MOST_ELEMENTS = 128;
  private static final int MOST_ATTRIBUTES = 16;
  private static final XMLInputFactory XML = XMLInputFactory.newDefaultFactory();

  static {
    XML.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    XML.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XML.setProperty(XMLInputFactory.IS_COALESCING, true);
  }

  private final XMLStreamReader in;
  private int elements;

  private ElementReader(XMLStreamReader in) {
    this.in = in;
  }

  /**
   * @param stanza in UTF-8
   * @param namespace of the stream that it came in
   * @throws XmppException where it is not one element, or XMPP does not allow it
   */
  static Element read(byte[] stanza, String namespace) throws XmppException {
    InputStream whole =
        new SequenceInputStream(
            new SequenceInputStream(
                bytes("<s xmlns='" + namespace + "' xmlns:stream='" + STREAMS + "'>"),
                new ByteArrayInputStream(stanza)),
            bytes("</s>"));
    try {
      XMLStreamReader xml = XML.createXMLStreamReader(whole, StandardCharsets.UTF_8.name());
      try {
        ElementReader reader = new ElementReader(xml);
        xml.nextTag();
        Element around = reader.element(1);
        while (xml.hasNext()) {
          if (xml.next() != XMLStreamConstants.END_DOCUMENT) {
            throw new XmppException("something stands behind a stanza");
          }
        }
        if (around.children().size() != 1 || !around.text().isBlank()) {
          throw new XmppException("not one stanza");
        }
        return around.children().getFirst();
      } finally {
        xml.close();
      }
    } catch (XMLStreamException | RuntimeException e) {
      // where document types are concerned the JDK's parser lacks words, and throws others
      throw new XmppException("not well-formed: " + e.getMessage());
    }
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The element that begins here; stands at its end afterwards. */
  private Element element(int depth) throws XMLStreamException, XmppException {
    elements++;
    if (depth > DEEPEST + 1 || elements > MOST_ELEMENTS + 1) {
      throw new XmppException("a stanza is nested too deep, or has too many elements");
    }
    if (in.getAttributeCount() > MOST_ATTRIBUTES) {
      throw new XmppException("an element has too many attributes");
    }
    String namespace = in.getNamespaceURI() == null ? "" : in.getNamespaceURI();
    String name = in.getLocalName();
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < in.getAttributeCount(); i++) {
      String its = in.getAttributeNamespace(i);
      if (its == null || its.isEmpty()) {
        attributes.put(in.getAttributeLocalName(i), in.getAttributeValue(i));
      }
    }
    List<Element> children = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    while (true) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> children.add(element(depth + 1));
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            text.append(in.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          return new Element(namespace, name, attributes, children, text.toString());
        }
        default -> throw new XmppException("XMPP has no comments, instructions or entities");
      }
    }
  }
}
