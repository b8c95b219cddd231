package org.gridwarden.exchange.greenbutton;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.ElementReader;
import org.gridwarden.exchange.xml.XmlException;
import org.gridwarden.exchange.xml.XmlLimits;
import org.jspecify.annotations.Nullable;

/** Reads feeds, an entry at a time, so that a feed of years is no matter of memory. Stateless. */
public final class FeedReader {
  private static final int HEAD = 1_000;

  private FeedReader() {}

  /** Who is told what a feed holds, in its order. */
  public interface Handler {
    /**
     * What stands before the first entry.
     *
     * @param feed the feed's own element; its children are those before the first entry
     */
    void head(Element feed) throws XmlException;

    /** An entry. */
    void entry(Entry entry) throws XmlException;

    /** What stands among and behind the entries, where anything does. */
    default void rest(List<Element> elements) throws XmlException {}
  }

  /**
   * Reads a feed, or a single entry as a feed of one.
   *
   * @throws XmlException where it is none, or larger than the limits
   */
  public static void read(InputStream in, XmlLimits limits, Handler handler)
      throws XmlException, IOException {
    try (ElementReader reader = new ElementReader(in, limits)) {
      read(reader, handler);
    }
  }

  /** The same of a document that was opened. */
  public static void read(ElementReader reader, Handler handler) throws XmlException, IOException {
    Element root = reader.root();
    if (!root.namespace().equals(Espi.ATOM)
        || !root.name().equals("feed") && !root.name().equals("entry")) {
      throw new XmlException(
          root.line(),
          "the root is <"
              + root.name()
              + ">, in the namespace '"
              + root.namespace()
              + "'; a Green Button file is a <feed> in "
              + Espi.ATOM);
    }
    if (root.name().equals("entry")) {
      handler.head(shell(root, List.of(), "feed"));
      handler.entry(new Entry(shell(root, children(reader), "entry")));
      return;
    }
    feed(reader, root, handler);
  }

  private static void feed(ElementReader reader, Element root, Handler handler)
      throws XmlException, IOException {
    List<Element> beside = new ArrayList<>();
    boolean begun = false;
    for (Element e = reader.next(); e != null; e = reader.next()) {
      if (e.name().equals("entry") && e.namespace().equals(Espi.ATOM)) {
        if (!begun) {
          handler.head(shell(root, beside, "feed"));
          beside.clear();
          begun = true;
        }
        handler.entry(new Entry(e));
      } else if (beside.size() == HEAD) {
        throw new XmlException(
            e.line(), "there are more than " + HEAD + " elements beside the entries");
      } else {
        beside.add(e);
      }
    }
    if (!begun) {
      handler.head(shell(root, beside, "feed"));
    } else if (!beside.isEmpty()) {
      handler.rest(beside);
    }
  }

  private static List<Element> children(ElementReader reader) throws XmlException, IOException {
    List<Element> children = new ArrayList<>();
    for (@Nullable Element e = reader.next(); e != null; e = reader.next()) {
      if (children.size() == HEAD) {
        throw new XmlException(e.line(), "an entry has more than " + HEAD + " elements");
      }
      children.add(e);
    }
    return children;
  }

  private static Element shell(Element root, List<Element> children, String name) {
    return new Element(
        root.namespace(),
        name,
        name.equals(root.name()) ? root.attributes() : List.of(),
        children,
        "",
        root.line());
  }
}
