package org.gridwarden.channel.xmpp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An element of XML as XMPP uses it: attributes without namespaces, elements and text (RFC 6120,
 * 11). Immutable.
 *
 * @param namespace its namespace; empty for none
 * @param text what stands in it besides elements, put together
 */
record Element(
    String namespace,
    String name,
    Map<String, String> attributes,
    List<Element> children,
    String text) {
  Element {
    attributes = Map.copyOf(attributes);
    children = List.copyOf(children);
  }

  static Element of(String namespace, String name) {
    return new Element(namespace, name, Map.of(), List.of(), "");
  }

  /** The same with an attribute. */
  Element with(String attribute, String value) {
    Map<String, String> all = new LinkedHashMap<>(attributes);
    all.put(attribute, value);
    return new Element(namespace, name, all, children, text);
  }

  /** The same with one more child. */
  Element with(Element child) {
    List<Element> all = new ArrayList<>(children);
    all.add(child);
    return new Element(namespace, name, attributes, all, text);
  }

  /** The same with this text. */
  Element saying(String value) {
    return new Element(namespace, name, attributes, children, value);
  }

  Optional<String> attribute(String which) {
    return Optional.ofNullable(attributes.get(which));
  }

  boolean is(String itsNamespace, String itsName) {
    return namespace.equals(itsNamespace) && name.equals(itsName);
  }

  Optional<Element> child(String itsNamespace, String itsName) {
    return children.stream().filter(c -> c.is(itsNamespace, itsName)).findFirst();
  }

  Optional<Element> firstChild() {
    return children.stream().findFirst();
  }

  /**
   * As XML.
   *
   * @param around the namespace that holds where it is written
   */
  String xml(String around) {
    StringBuilder out = new StringBuilder(256);
    write(out, around);
    return out.toString();
  }

  private void write(StringBuilder out, String around) {
    out.append('<').append(name);
    if (!namespace.equals(around)) {
      out.append(" xmlns='");
      escape(out, namespace);
      out.append('\'');
    }
    attributes.forEach((key, value) -> {
      out.append(' ').append(key).append("='");
      escape(out, value);
      out.append('\'');
    });
    if (children.isEmpty() && text.isEmpty()) {
      out.append("/>");
      return;
    }
    out.append('>');
    escape(out, text);
    children.forEach(child -> child.write(out, namespace));
    out.append("</").append(name).append('>');
  }

  /** What XML 1.0 has no way to say is left out. */
  private static void escape(StringBuilder out, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '\'' -> out.append("&apos;");
        case '"' -> out.append("&quot;");
        default -> {
          if (c >= ' ' && c < '\uFFFE' || c == '\n' || c == '\t') {
            out.append(c);
          }
        }
      }
    }
  }
}
