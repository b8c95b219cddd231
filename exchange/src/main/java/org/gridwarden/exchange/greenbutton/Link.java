package org.gridwarden.exchange.greenbutton;

import org.gridwarden.exchange.xml.Element;

/**
 * An entry's link: {@code self} is its name, {@code up} its collection, {@code related} what
 * belongs to it.
 */
public record Link(String rel, String href) {
  static Link of(Element link) {
    return new Link(link.attribute("rel"), link.attribute("href"));
  }

  Element element() {
    return Element.of(Espi.ATOM, "link", "").with("rel", rel).with("href", href);
  }
}
