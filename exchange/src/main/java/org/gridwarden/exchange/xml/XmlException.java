package org.gridwarden.exchange.xml;

/** A document that is not what it should be; says where, and how to mend it. */
public final class XmlException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;

  /**
   * @param line from 1; 0 where no line is at fault
   * @param message what is wrong, and the remedy
   */
  public XmlException(int line, String message) {
    super(line > 0 ? "line " + line + ": " + message : message, null, false, false);
    this.line = line;
  }

  /** The line, from 1; 0 where no line is at fault. */
  public int line() {
    return line;
  }
}
