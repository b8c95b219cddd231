package org.gridwarden.exchange.xml;

/**
 * How much is read of a document before it is refused.
 *
 * @param bytes of the whole
 * @param elements of one item, itself among them
 * @param depth how deep elements stand in one another
 * @param text characters of one element's text
 */
public record XmlLimits(long bytes, int elements, int depth, int text) {
  private static final int ELEMENTS = 400_000;
  private static final int DEPTH = 48;
  private static final int TEXT = 1 << 16;

  /** The usual ones for a document of so many bytes. */
  public static XmlLimits of(long bytes) {
    return new XmlLimits(bytes, ELEMENTS, DEPTH, TEXT);
  }
}
