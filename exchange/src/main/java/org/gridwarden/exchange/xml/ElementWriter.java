package org.gridwarden.exchange.xml;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.XMLConstants;

/**
 * Writes elements, each namespace as the default one where it begins, indented by two. What it
 * writes reads back equal; characters that XML cannot hold are replaced by U+FFFD. Not thread-safe.
 */
public final class ElementWriter {
  private static final String REPLACED = "\uFFFD";

  private final Writer out;
  private final Deque<Element> open = new ArrayDeque<>();

  /** Writes to there; the caller closes it. */
  public ElementWriter(Writer out) {
    this.out = out;
  }

  /** The first line. */
  public void declaration() throws IOException {
    out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  }

  /** Begins an element whose children follow one by one; those that it has are not written. */
  public void begin(Element shell) throws IOException {
    indent(open.size());
    tag(shell, outer());
    out.write(">\n");
    open.push(shell);
  }

  /** Ends the element that was begun last. */
  public void end() throws IOException {
    Element shell = open.pop();
    indent(open.size());
    out.write("</" + shell.name() + ">\n");
  }

  /** A whole element. */
  public void write(Element element) throws IOException {
    write(element, outer(), open.size());
  }

  private String outer() {
    Element around = open.peek();
    return around == null ? "" : around.namespace();
  }

  private void write(Element element, String around, int depth) throws IOException {
    indent(depth);
    tag(element, around);
    if (element.children().isEmpty()) {
      if (element.text().isEmpty()) {
        out.write("/>\n");
      } else {
        out.write('>');
        escape(element.text(), false);
        out.write("</" + element.name() + ">\n");
      }
      return;
    }
    out.write(">\n");
    for (Element child : element.children()) {
      write(child, element.namespace(), depth + 1);
    }
    indent(depth);
    out.write("</" + element.name() + ">\n");
  }

  private void tag(Element element, String around) throws IOException {
    out.write('<');
    out.write(element.name());
    if (!element.namespace().equals(around)) {
      attribute("xmlns", element.namespace());
    }
    int number = 0;
    for (Attribute attribute : element.attributes()) {
      if (attribute.namespace().isEmpty()) {
        attribute(attribute.name(), attribute.value());
      } else if (attribute.namespace().equals(XMLConstants.XML_NS_URI)) {
        attribute("xml:" + attribute.name(), attribute.value());
      } else {
        String prefix = "n" + ++number;
        attribute("xmlns:" + prefix, attribute.namespace());
        attribute(prefix + ":" + attribute.name(), attribute.value());
      }
    }
  }

  private void attribute(String name, String value) throws IOException {
    out.write(' ');
    out.write(name);
    out.write("=\"");
    escape(value, true);
    out.write('"');
  }

  private void escape(String text, boolean attribute) throws IOException {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '&' -> out.write("&amp;");
        case '<' -> out.write("&lt;");
        case '>' -> out.write("&gt;");
        case '\r' -> out.write("&#13;");
        case '"' -> out.write(attribute ? "&quot;" : "\"");
        case '\n' -> out.write(attribute ? "&#10;" : "\n");
        case '\t' -> out.write(attribute ? "&#9;" : "\t");
        default -> out.write(legal(c) ? Character.toString(c) : REPLACED);
      }
    }
  }

  /** XML 1.0, production 2. */
  private static boolean legal(int c) {
    return c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
  }

  private void indent(int depth) throws IOException {
    for (int i = 0; i < depth; i++) {
      out.write("  ");
    }
  }
}
