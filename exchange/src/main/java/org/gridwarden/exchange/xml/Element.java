package org.gridwarden.exchange.xml;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An element with all that is in it. Comments, processing instructions, prefixes and the space
 * between elements are not part of it. Equal where name, attributes, text and children are, in
 * their order; the line does not count. Immutable.
 *
 * @param namespace empty where it has none
 * @param attributes in their order; namespace declarations are none
 * @param children in their order
 * @param text of an element without children, as it stands; empty otherwise
 * @param line where it began; 0 where it was not read
 */
public record Element(
    String namespace,
    String name,
    List<Attribute> attributes,
    List<Element> children,
    String text,
    int line) {
  public Element {
    attributes = List.copyOf(attributes);
    children = List.copyOf(children);
  }

  /** One with a text. */
  public static Element of(String namespace, String name, String text) {
    return new Element(namespace, name, List.of(), List.of(), text, 0);
  }

  /** One with a number. */
  public static Element of(String namespace, String name, long number) {
    return of(namespace, name, Long.toString(number));
  }

  /** One with children. */
  public static Element of(String namespace, String name, List<Element> children) {
    return new Element(namespace, name, List.of(), children, "", 0);
  }

  /** The same with one more attribute, which has no namespace. */
  public Element with(String attribute, String value) {
    List<Attribute> more = new ArrayList<>(attributes);
    more.add(new Attribute("", attribute, value));
    return new Element(namespace, name, more, children, text, line);
  }

  /** The first child of a name, whatever its namespace. */
  public Optional<Element> child(String wanted) {
    return all(wanted).findFirst();
  }

  /** All children of a name, whatever their namespace. */
  public Stream<Element> all(String wanted) {
    return children.stream().filter(c -> c.name.equals(wanted));
  }

  /** The text of the first child of a name, without space around it; empty where there is none. */
  public String textOf(String wanted) {
    return child(wanted).map(c -> c.text.strip()).orElse("");
  }

  /** What stands at the end of a path of names; empty where it leads nowhere. */
  public String textAt(String... path) {
    Element at = this;
    for (String step : path) {
      Optional<Element> next = at.child(step);
      if (next.isEmpty()) {
        return "";
      }
      at = next.get();
    }
    return at.text.strip();
  }

  /** An attribute's value; empty where it has none. */
  public String attribute(String wanted) {
    return attributes.stream()
        .filter(a -> a.name().equals(wanted))
        .map(Attribute::value)
        .findFirst()
        .orElse("");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Element that
        && namespace.equals(that.namespace)
        && name.equals(that.name)
        && text.equals(that.text)
        && attributes.equals(that.attributes)
        && children.equals(that.children);
  }

  @Override
  public int hashCode() {
    return Objects.hash(namespace, name, text, attributes.size(), children.size());
  }

  @Override
  public String toString() {
    return "<" + name + "> of line " + line;
  }
}
