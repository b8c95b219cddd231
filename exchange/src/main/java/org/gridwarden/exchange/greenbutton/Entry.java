package org.gridwarden.exchange.greenbutton;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.XmlException;

/**
 * One entry of a feed, kept as it was: what is not modelled here is still in its element.
 *
 * @param element the Atom entry
 */
public record Entry(Element element) {
  /** Its id, a UUID as a URN. */
  public String id() {
    return element.textOf("id");
  }

  /** What people call it; may be empty. */
  public String title() {
    return element.textOf("title");
  }

  /** All its links. */
  public List<Link> links() {
    return element.all("link").map(Link::of).toList();
  }

  /** Where its links of a kind lead. */
  public Stream<String> hrefs(String rel) {
    return links().stream().filter(l -> l.rel().equals(rel)).map(Link::href);
  }

  /** Its own name; empty where it has none. */
  public String self() {
    return hrefs("self").findFirst().orElse("");
  }

  /** The collection that it stands in; empty where it names none. */
  public String up() {
    return hrefs("up").findFirst().orElse("");
  }

  /** The resource in it; empty where it holds none, or more than one. */
  public Optional<Element> content() {
    return element
        .child("content")
        .filter(c -> c.children().size() == 1)
        .map(c -> c.children().getFirst());
  }

  /**
   * The resource as what it means.
   *
   * @throws XmlException where a number in it is none
   */
  public Optional<Resource> resource() throws XmlException {
    Optional<Element> content = content();
    return content.isEmpty() ? Optional.empty() : Optional.of(ResourceReader.read(content.get()));
  }

  /** Where it begins. */
  public int line() {
    return element.line();
  }
}
