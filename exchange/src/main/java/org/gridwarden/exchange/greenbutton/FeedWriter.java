package org.gridwarden.exchange.greenbutton;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.ElementWriter;

/** Writes a feed, an entry at a time. Not thread-safe. */
public final class FeedWriter implements FeedReader.Handler {
  private final Writer out;
  private final ElementWriter xml;

  /** Something could not be written. */
  private static final class Broken extends java.io.UncheckedIOException {
    private static final long serialVersionUID = 1L;

    Broken(IOException e) {
      super(e);
    }
  }

  /** Writes to there; the caller closes it. */
  public FeedWriter(Writer out) {
    this.out = out;
    this.xml = new ElementWriter(out);
  }

  /**
   * {@inheritDoc}
   *
   * @throws java.io.UncheckedIOException where it cannot be written, as the others
   */
  @Override
  public void head(Element feed) {
    doing(() -> {
      xml.declaration();
      xml.begin(feed);
      for (Element child : feed.children()) {
        xml.write(child);
      }
    });
  }

  @Override
  public void entry(Entry entry) {
    doing(() -> xml.write(entry.element()));
  }

  @Override
  public void rest(List<Element> elements) {
    doing(() -> {
      for (Element element : elements) {
        xml.write(element);
      }
    });
  }

  /** Ends the feed. */
  public void end() {
    doing(() -> {
      xml.end();
      out.flush();
    });
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void doing(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      throw new Broken(e);
    }
  }
}
