package org.gridwarden.exchange.xml;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a document's root and then its children one by one, so that no more than one of them is in
 * memory. There is no document type, no entity but XML's own, and nothing outside the document is
 * looked at (C39). Not thread-safe.
 */
public final class ElementReader implements AutoCloseable {
  private static final int ATTRIBUTES = 64;

  private final CountedInput input;
  private final XmlLimits limits;
  private final XMLStreamReader xml;
  private final Element root;
  private boolean ended;
  private int size;

  /**
   * Reads up to the root. The stream is closed by its giver, not here.
   *
   * @throws XmlException where there is none
   * @throws IOException where the stream itself fails
   */
  public ElementReader(InputStream in, XmlLimits limits) throws XmlException, IOException {
    this.input = new CountedInput(in, limits.bytes());
    this.limits = limits;
    try {
      xml = factory().createXMLStreamReader(input);
    } catch (XMLStreamException | RuntimeException e) {
      throw broken(e, 1);
    }
    root = start();
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    return factory;
  }

  /** A whole document, as one item. */
  public static Element whole(InputStream in, XmlLimits limits) throws XmlException, IOException {
    try (ElementReader reader = new ElementReader(in, limits)) {
      List<Element> children = new ArrayList<>();
      int left = limits.elements();
      for (Element e = reader.next(); e != null; e = reader.next()) {
        left -= reader.size;
        if (left < 0) {
          throw new XmlException(e.line(), reader.tooMany());
        }
        children.add(e);
      }
      Element root = reader.root;
      return new Element(
          root.namespace(), root.name(), root.attributes(), children, "", root.line());
    }
  }

  /** The root, without its children. */
  public Element root() {
    return root;
  }

  /**
   * The root's next child with all that is in it; null at the end.
   *
   * @throws XmlException where it is not well-formed, or larger than the limits
   */
  public @Nullable Element next() throws XmlException, IOException {
    if (ended) {
      return null;
    }
    Deque<Open> open = new ArrayDeque<>();
    size = 0;
    while (true) {
      switch (event()) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (++size > limits.elements()) {
            throw new XmlException(line(), tooMany());
          }
          if (open.size() + 1 >= limits.depth()) {
            throw new XmlException(
                line(), "elements stand more than " + limits.depth() + " deep: flatten them");
          }
          if (!open.isEmpty()) {
            open.peek().noText();
          }
          open.push(new Open(shell()));
        }
        case XMLStreamConstants.END_ELEMENT -> {
          if (open.isEmpty()) {
            ended = true;
            rest();
            return null;
          }
          Element done = open.pop().close();
          if (open.isEmpty()) {
            return done;
          }
          open.peek().children.add(done);
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (!open.isEmpty()) {
            open.peek().add(xml.getText());
          } else if (!xml.getText().isBlank()) {
            throw new XmlException(
                line(), "there is text beside the elements of <" + root.name() + ">: remove it");
          }
        }
        case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {}
        default -> throw notTaken();
      }
    }
  }

  private String tooMany() {
    return "there are more than "
        + limits.elements()
        + " elements in one item: split it, a month an item say";
  }

  /** Behind the root stands nothing but comments. */
  private void rest() throws XmlException, IOException {
    while (true) {
      switch (event()) {
        case XMLStreamConstants.END_DOCUMENT -> {
          return;
        }
        case XMLStreamConstants.COMMENT,
            XMLStreamConstants.PROCESSING_INSTRUCTION,
            XMLStreamConstants.SPACE,
            XMLStreamConstants.CHARACTERS -> {}
        default -> throw notTaken();
      }
    }
  }

  private Element start() throws XmlException, IOException {
    while (true) {
      switch (event()) {
        case XMLStreamConstants.START_ELEMENT -> {
          if ("1.1".equals(xml.getVersion())) {
            throw new XmlException(1, "this is XML 1.1: write version=\"1.0\"");
          }
          return shell();
        }
        case XMLStreamConstants.COMMENT,
            XMLStreamConstants.PROCESSING_INSTRUCTION,
            XMLStreamConstants.SPACE,
            XMLStreamConstants.CHARACTERS,
            XMLStreamConstants.START_DOCUMENT -> {}
        default -> throw notTaken();
      }
    }
  }

  private XmlException notTaken() {
    return new XmlException(
        line(), "document types and entities of one's own are not taken: write the text itself");
  }

  private Element shell() throws XmlException {
    int count = xml.getAttributeCount();
    if (count > ATTRIBUTES) {
      throw new XmlException(line(), "an element has more than " + ATTRIBUTES + " attributes");
    }
    List<Attribute> attributes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String namespace = given(xml.getAttributeNamespace(i));
      String value = given(xml.getAttributeValue(i));
      if (namespace.equals(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI)
          && xml.getAttributeLocalName(i).equals("type")) {
        throw new XmlException(
            line(), "xsi:type is not taken: name the element as its type asks for");
      }
      if (value.length() > limits.text()) {
        throw new XmlException(line(), "an attribute is too long");
      }
      attributes.add(new Attribute(namespace, xml.getAttributeLocalName(i), value));
    }
    return new Element(
        given(xml.getNamespaceURI()), xml.getLocalName(), attributes, List.of(), "", line());
  }

  private static String given(@Nullable String text) {
    return text == null ? "" : text;
  }

  private int event() throws XmlException, IOException {
    int line = line();
    try {
      return xml.next();
    } catch (XMLStreamException | RuntimeException e) {
      // the parser throws what it likes at bytes that it does not understand
      throw broken(e, line);
    }
  }

  private XmlException broken(Exception e, int line) throws IOException {
    if (input.exceeded()) {
      return new XmlException(
          0, "the document has more than " + limits.bytes() + " bytes: split it");
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io
          && !(cause instanceof java.io.CharConversionException)
          && !(cause instanceof java.io.UnsupportedEncodingException)) {
        throw io;
      }
    }
    int at =
        e instanceof XMLStreamException x && x.getLocation() != null
            ? Math.max(line, x.getLocation().getLineNumber())
            : line;
    return new XmlException(at, "this is no well-formed XML: " + said(e));
  }

  /** The parser's own words, without its place and in one line. */
  private static String said(Exception e) {
    String text = String.valueOf(e.getMessage());
    int message = text.indexOf("Message: ");
    String plain = (message < 0 ? text : text.substring(message + 9)).replaceAll("\\s+", " ");
    return plain.length() > 200 ? plain.substring(0, 200) + "…" : plain;
  }

  private int line() {
    return Math.max(1, xml.getLocation().getLineNumber());
  }

  @Override
  public void close() throws IOException {
    try {
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  /** An element whose end has not come yet. */
  private final class Open {
    private final Element shell;
    private final List<Element> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    Open(Element shell) {
      this.shell = shell;
    }

    void add(String more) throws XmlException {
      if (!children.isEmpty()) {
        if (!more.isBlank()) {
          throw mixed();
        }
        return;
      }
      if (text.length() + more.length() > limits.text()) {
        throw new XmlException(
            shell.line(),
            "<" + shell.name() + "> has more than " + limits.text() + " characters of text");
      }
      text.append(more);
    }

    void noText() throws XmlException {
      if (!text.toString().isBlank()) {
        throw mixed();
      }
      text.setLength(0);
    }

    private XmlException mixed() {
      return new XmlException(
          shell.line(),
          "<" + shell.name() + "> has text and elements side by side: keep one of the two");
    }

    Element close() {
      return new Element(
          shell.namespace(),
          shell.name(),
          shell.attributes(),
          children,
          children.isEmpty() ? text.toString() : "",
          shell.line());
    }
  }
}
